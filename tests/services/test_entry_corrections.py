"""Correcting at the desk what a roster says of somebody."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.revising.parts import Part
from app.domain.rosters import Field
from app.domain.rosters.correcting import Facts, read_fact
from app.models import AuditEntry, Person, PersonPhone, Program, RosterCorrection, RosterEntry
from app.services.alumni import entry_corrections, joining, people_search
from app.services.alumni.roster_writing import add_phones
from app.services.personal import erasure, own_data
from app.services.personal.erasure import Asked
from app.services.revising import corrections
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, Page, form_of, submit
from tests.support.traces import traces_of

OFFICE = "account:7"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def person(program: Program) -> Person:
    person = make_alumnus(make_cohort(program, 3), "김히늘")
    with transaction() as session:
        entry = session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one()
        entry.phone = "010-1111-2222"
        session.flush()
        add_phones(session, {person.id})
    return person


def entries(person: Person) -> list[RosterEntry]:
    end_reading()
    query = select(RosterEntry).where(RosterEntry.person_id == person.id).order_by(RosterEntry.id)
    return list(db.session.scalars(query))


def correct(person: Person, **wanted: Any) -> bool:
    entry = entries(person)[0]
    now = entry_corrections.facts_of(entry)
    facts = Facts(**{**vars(now), **wanted})
    number = entry.id
    end_reading()
    return entry_corrections.correct(person.program_id, number, facts, OFFICE, shown=now)


def lines(person: Person) -> list[tuple[str, str, str]]:
    end_reading()
    return [(each.field, each.was, each.became) for each in entry_corrections.of_person(person.id)[::-1]]


def test_a_name_is_corrected_on_every_list_that_has_it_and_found_by_it(
    program: Program, person: Person
) -> None:
    make_entry(make_cohort(program, 5), person)

    assert correct(person, name="김하늘", other_name="Haneul Kim")

    assert {entry.name for entry in entries(person)} == {"김하늘"}
    assert db.session.get_one(Person, person.id).name == "김하늘"
    for text in ("김하늘", "haneul"):
        found = people_search.matching(text, Person.id)
        assert found is not None
        assert db.session.scalars(select(Person.id).where(found)).all() == [person.id]
    assert lines(person) == [
        ("name", "김히늘", "김하늘"),
        ("name", "김히늘", "김하늘"),
        ("other_name", "", "Haneul Kim"),
    ]


def test_a_wrong_phone_finds_nobody_any_more(person: Person) -> None:
    correct(person, phone="010-3333-4444")

    end_reading()
    numbers = select(PersonPhone.number).where(PersonPhone.person_id == person.id)
    assert db.session.scalars(numbers).all() == ["010-3333-4444"]


def test_the_trail_says_which_parts_and_no_word(person: Person) -> None:
    correct(person, completed=False, certificate="A-7")

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "entry.corrected")).one()
    assert (entry.actor, entry.details) == (OFFICE, {"parts": ["certificate", "completed"]})
    assert lines(person) == [("certificate", "", "A-7"), ("completed", "yes", "no")]


def test_nothing_changed_leaves_no_line_and_what_changed_meanwhile_is_not_overwritten(person: Person) -> None:
    assert not correct(person)
    entry = entries(person)[0].id
    end_reading()

    with pytest.raises(DomainError, match="entry_changed_meanwhile"):
        entry_corrections.correct(person.program_id, entry, Facts("김하늘"), OFFICE, shown=Facts("김하나"))

    assert lines(person) == []


def test_an_entry_of_another_programme_is_not_there(person: Person) -> None:
    entry = entries(person)[0].id
    end_reading()

    with pytest.raises(DomainError, match="no_such_person"):
        entry_corrections.correct(
            person.program_id + 1, entry, Facts("김하늘"), OFFICE, shown=Facts("김히늘")
        )


def test_moving_to_another_cohort_s_list_corrects_neither(program: Program, person: Person) -> None:
    """What the two lists say differently was so before; what is corrected with it is told."""
    listed, other = entries(person)[0], make_cohort(program, 4)
    make_entry(other, person)
    with transaction() as session:
        there = session.scalars(select(RosterEntry).where(RosterEntry.cohort_id == other.id)).one()
        there.certificate = "B-2"
    meetup = make_meetup(program, cohorts=[listed.cohort, other])
    one, two = (
        make_registration(each, person, cohort=listed.cohort)
        for each in (meetup, make_meetup(program, cohorts=meetup.cohorts))
    )
    end_reading()

    corrections.correct(one.id, {Part.COHORT: "4"}, OFFICE, "전화로 확인", was={Part.COHORT: "3"})
    assert lines(person) == []
    moved = {Part.COHORT: "4", Part.CERTIFICATE: "B-3"}
    corrections.correct(two.id, moved, OFFICE, "전화로 확인", was={Part.COHORT: "3"})

    assert lines(person) == [("certificate", "B-2", "B-3")]


def test_corrections_go_with_the_person_and_are_part_of_their_own_data(person: Person) -> None:
    correct(person, name="김하늘")
    told = own_data.collect(person.id, "ko")["roster_corrections"]
    assert [(each["what"], each["former"], each["corrected_to"]) for each in told] == [
        ("name", "김히늘", "김하늘")
    ]
    end_reading()

    erasure.erase(person.id, OFFICE, Asked.LETTER)

    assert traces_of(["김히늘", "김하늘"]) == []


def test_corrections_of_both_stay_when_two_are_joined(program: Program, person: Person) -> None:
    other = make_alumnus(make_cohort(program, 4), "박서주")
    correct(other, name="박서준")

    joining.join(program.id, person.id, other.id, OFFICE, "전화로 확인")

    assert lines(person) == [("name", "박서주", "박서준")]


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        (Field.NAME, " ", "unnamed"),
        (Field.NAME, "가" * 101, "too_long"),
        (Field.CERTIFICATE, "900101-1234567", "resident_number_typed"),
    ],
)
def test_what_a_roster_cannot_have_is_refused(field: Field, text: str, code: str) -> None:
    with pytest.raises(DomainError, match=code):
        read_fact(field, text)


def test_the_page_corrects_keeps_what_was_typed_and_tells_who_did_it(
    client: Browser, program: Program, person: Person
) -> None:
    member = make_member(program, name="오담당")
    sign_in(client, member)
    client.set_cookie("lang", "en")
    page = f"/desk/{program.slug}/cohorts/3/entries/{person.id}"

    wrong = submit(client, page, {"name": "", "certificate": "A-7"}, f"{page}/corrections")
    right = submit(
        client, page, {"name": "김하늘", "completed": None}, f"{page}/corrections", follow_redirects=True
    )
    same = submit(client, page, {}, f"{page}/corrections", follow_redirects=True)

    assert wrong.status_code == 422
    assert "Write the name." in wrong.text
    assert 'value="A-7"' in wrong.text
    assert "김히늘 → 김하늘" in right.text
    assert "Completed → Not completed" in right.text
    assert "오담당" in right.text
    assert "Nothing was changed." in same.text
    assert db.session.scalars(select(RosterCorrection.actor).distinct()).all() == [f"account:{member.id}"]


def test_two_organizers_at_once_do_not_overwrite_each_other(
    client: Browser, program: Program, person: Person
) -> None:
    sign_in(client, make_member(program))
    client.set_cookie("lang", "en")
    page = f"/desk/{program.slug}/cohorts/3/entries/{person.id}"

    late = submit(client, page, {"name": "김하늘", "was_name": "김하나"}, f"{page}/corrections")

    assert late.status_code == 422
    assert "has just changed this entry" in late.text
    assert 'value="김하늘"' in late.text


def test_a_second_press_keeps_what_somebody_else_corrected_meanwhile(
    client: Browser, program: Program, person: Person
) -> None:
    """The form that comes back says what stands now, but for what was typed."""
    sign_in(client, make_member(program))
    page = f"/desk/{program.slug}/cohorts/3/entries/{person.id}"
    _, before = form_of(client, page, f"{page}/corrections")
    correct(person, phone="010-9999-8888", certificate="C-77", completed=False)

    late = client.post(f"{page}/corrections", data={**before.fields, "name": "김하늘"})
    again = next(form for form in Page(late.text).forms if "was_name" in form.fields)
    done = client.post(f"{page}/corrections", data=again.fields)

    assert (late.status_code, done.status_code) == (422, 303)
    (entry,) = entries(person)
    assert (entry.name, entry.phone, entry.certificate) == ("김하늘", "010-9999-8888", "C-77")
    assert not entry.completed


@pytest.mark.parametrize(
    ("part", "listed", "corrected"),
    [
        ("phone", "02  123 4567", "010-9999-8888"),
        ("other_name", "Zoe\u0308  Kim", "Zoë Park"),
        ("certificate", "A-7 \n B", "A-8"),
    ],
)
def test_what_a_list_wrote_untidily_does_not_count_as_typed(
    client: Browser, program: Program, person: Person, part: str, listed: str, corrected: str
) -> None:
    with transaction() as session:
        setattr(session.scalars(select(RosterEntry)).one(), part, listed)
    sign_in(client, make_member(program))
    page = f"/desk/{program.slug}/cohorts/3/entries/{person.id}"

    untouched = submit(client, page, {}, f"{page}/corrections")
    assert (untouched.status_code, lines(person), getattr(entries(person)[0], part)) == (303, [], listed)

    end_reading()
    _, before = form_of(client, page, f"{page}/corrections")
    correct(person, **{part: corrected})
    late = client.post(f"{page}/corrections", data={**before.fields, "name": "김하늘"})
    again = next(form for form in Page(late.text).forms if "was_name" in form.fields)
    client.post(f"{page}/corrections", data=again.fields)

    (entry,) = entries(person)
    assert (entry.name, getattr(entry, part)) == ("김하늘", corrected)
