from __future__ import annotations

import unicodedata

import pytest
from flask import Flask

from app.db import transaction
from app.models import Person, PersonPhone, Status
from app.services.organizing import attendees_search
from tests.factories import make_cohort, make_meetup, make_person, make_program, make_registration


def with_phone(person: Person, number: str) -> Person:
    digits = "".join(c for c in number if c.isdigit())
    with transaction() as session:
        session.add(PersonPhone(person_id=person.id, number=number, digits=digits, last_four=digits[-4:]))
    return person


@pytest.mark.parametrize(
    "typed",
    ["ㄱㅎㄱ", "길동", "홍길", "홍길동", "Hong", "gildong", unicodedata.normalize("NFD", "홍길동"), "ㅎㄱㄷ", "5678",
     "gdhong@ex", "gdhong"],
)  # fmt: skip
def test_a_person_is_found_however_they_are_looked_for(app: Flask, typed: str):
    program = make_program()
    meetup = make_meetup(program)
    person = with_phone(make_person(program, "홍길동", "gdhong@example.com"), "010-1234-5678")
    make_registration(meetup, person)
    make_registration(meetup, make_person(program, "김현국", "other@example.com"))

    found, more = attendees_search.search(meetup.id, typed)

    assert [each.name for each in found] == (["김현국"] if typed == "ㄱㅎㄱ" else ["홍길동"])
    assert more is False


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "100%", "\x00", "'; --", "\\", "나" * 5000])
def test_what_names_nobody_finds_nobody(app: Flask, typed: str):
    meetup = make_meetup()
    make_registration(meetup)

    assert attendees_search.search(meetup.id, typed) == ([], False)


def test_another_meetup_s_people_are_never_found(app: Flask):
    program = make_program()
    person = make_person(program, "홍길동")
    make_registration(make_meetup(program), person)

    assert attendees_search.search(make_meetup(program).id, "홍길동") == ([], False)


def test_those_who_can_come_in_stand_first_and_nobody_twice(app: Flask):
    program = make_program()
    meetup = make_meetup(program)
    person = make_person(program, "홍나래")
    make_registration(meetup, person, Status.CANCELLED)
    make_registration(meetup, person, Status.CONFIRMED)
    for status in (Status.CANCELLED, Status.WAITLISTED):
        make_registration(meetup, make_person(program, "홍가람"), status)

    found, _ = attendees_search.search(meetup.id, "홍")

    assert [each.status for each in found] == [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED]


def test_at_most_thirty_are_shown_and_more_is_said(app: Flask):
    program = make_program()
    meetup = make_meetup(program)
    for _ in range(31):
        make_registration(meetup, make_person(program, "홍길동"))

    found, more = attendees_search.search(meetup.id, "홍길동")

    assert (len(found), more) == (30, True)


def test_people_of_one_name_have_a_hint_and_others_none(app: Flask):
    program = make_program()
    meetup = make_meetup(program)
    make_registration(meetup, make_person(program, "홍길동", "first@example.com"))
    make_registration(meetup, make_person(program, "홍길동", "second@example.com"), phone="010-1234-9876")
    make_registration(meetup, make_person(program, "홍길순", "third@example.com"))

    found, _ = attendees_search.search(meetup.id, "홍길")

    assert sorted((each.name, each.hint) for each in found if each.hint) == [
        ("홍길동", "fi···@example.com"),
        ("홍길동", "···9876"),
    ]
    assert [each.hint for each in found if each.name == "홍길순"] == [None]


def test_a_cohort_s_list_is_in_the_order_of_names_and_leaves_out_who_cannot_come(app: Flask):
    program = make_program()
    cohort, other = make_cohort(program), make_cohort(program)
    meetup = make_meetup(program)
    for name in ("하나", "가람", "나래"):
        make_registration(meetup, make_person(program, name), cohort=cohort)
    make_registration(meetup, make_person(program, "다른"), cohort=other)
    make_registration(meetup, make_person(program, "마음"), Status.CANCELLED, cohort=cohort)

    found, more = attendees_search.of_cohort(meetup.id, cohort.ordinal)

    assert ([each.name for each in found], more) == (["가람", "나래", "하나"], False)
