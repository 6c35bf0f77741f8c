"""A meetup's registrations by what was typed: the person's names, addresses and phones, and the registration's own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.db import transaction
from app.domain.writing.cohort_words import cohort_in
from app.models import Meetup, PersonPhone, Registration
from app.services.organizing import attendees_search, people_pages
from app.services.organizing.filters import Filter
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort()])


def come(meetup: Meetup, name: str, listed_as: str | None = None, **fields: Any) -> Registration:
    person = make_alumnus(meetup.cohorts[0], name, listed_as)
    return make_registration(meetup, person, cohort=meetup.cohorts[0], **fields)


def known_by(person_id: int, digits: str) -> None:
    with transaction() as session:
        number = PersonPhone(person_id=person_id, number=digits, digits=digits, last_four=digits[-4:])
        session.add(number)


def found(meetup: Meetup, text: str) -> list[str]:
    at_the_desk = [row.name for row in people_pages.page(meetup.id, Filter(search=text), size=10).rows]
    at_the_door = [each.name for each in attendees_search.search(meetup.id, text)[0]]
    assert sorted(at_the_desk) == sorted(at_the_door)
    assert people_pages.page(meetup.id, Filter(search=text), size=10).total == len(at_the_desk)
    return at_the_desk


@pytest.mark.parametrize(
    "text", ["김하나", "하나", "ㄱㅎㄴ", "ㅎㄴ", "kimhana", "HANA-K@EXAMPLE.COM", "a-k@ex", "hana-k"]
)
def test_by_name_and_by_a_part_of_the_address(meetup: Meetup, text: str) -> None:
    come(meetup, "김하나", "hana-k@example.com")
    come(meetup, "박두리", "duri@example.com")

    assert found(meetup, text) == ["김하나"]


@pytest.mark.parametrize("text", ["5678", "678", "010-1234-5678", "+82 10 1234 5678", "01012345678"])
@pytest.mark.parametrize("typed", ["010-1234-5678", "010 1234 5678", "+82 (0)10.1234.5678", "01012345678"])
def test_by_the_phone_of_the_registration_however_it_was_typed(meetup: Meetup, text: str, typed: str) -> None:
    come(meetup, "김하나", phone=typed)
    come(meetup, "박두리", phone="010-5678-1234")

    assert found(meetup, text) == ["김하나"]


@pytest.mark.parametrize("text", ["5678", "78", "010-1234-5678"])
def test_by_a_phone_that_the_roster_knows(meetup: Meetup, text: str) -> None:
    known_by(come(meetup, "김하나").person_id, "01012345678")
    known_by(come(meetup, "박두리").person_id, "01056781234")

    assert found(meetup, text) == ["김하나"]


def test_by_the_registrations_own_address_where_the_roster_has_another(meetup: Meetup) -> None:
    come(meetup, "김하나", "old@example.com", address="New-Place@example.com")

    assert found(meetup, "new-pl") == found(meetup, "old@") == ["김하나"]


def test_somebody_who_registered_elsewhere_is_not_found_here(meetup: Meetup) -> None:
    other = make_meetup(cohorts=list(meetup.cohorts))
    come(other, "김하나", "hana-k@example.com", phone="010-1234-5678")

    assert [found(meetup, text) for text in ("김하나", "hana-k", "5678")] == [[], [], []]


def test_signs_that_mean_something_to_the_database_are_only_signs(meetup: Meetup) -> None:
    come(meetup, "김하나", "hana_k@example.com")
    come(meetup, "박두리", "hanaxk@example.com")

    assert found(meetup, "hana_k") == ["김하나"]
    assert found(meetup, "%@%") == []


def test_an_empty_search_means_everybody(meetup: Meetup) -> None:
    come(meetup, "김하나")

    assert people_pages.page(meetup.id, Filter(search="  "), size=10).total == 1


def test_namesakes_of_another_programme_are_nobodys_business(meetup: Meetup) -> None:
    other = make_cohort(make_program(), 1)
    make_alumnus(other, "김하나")
    come(meetup, "김하나")

    assert found(meetup, "김하나") == ["김하나"]


@pytest.mark.parametrize(
    "text", ["2기 김하나", "김하나 2기", "제2기 ㄱㅎㄴ", "2기kimhana", "김하나(2기)", "cohort 2 hana", "2기"]
)
def test_by_the_cohort_beside_a_name(app: Flask, text: str) -> None:
    program = make_program()
    first, second = (make_cohort(program, n) for n in (1, 2))
    meetup = make_meetup(program, cohorts=[first, second])
    for cohort in (first, second):
        make_registration(
            meetup, make_alumnus(cohort, "김하나"), cohort=cohort, phone=f"010-{cohort.ordinal}"
        )

    (row,) = people_pages.page(meetup.id, Filter(search=text), size=10).rows

    assert row.ordinal == 2
    assert [each.cohort for each in attendees_search.search(meetup.id, text)[0]] == [2]


def test_nobody_of_another_programmes_cohort_of_that_number(meetup: Meetup) -> None:
    make_cohort(make_program(), 7)
    come(meetup, "김하나")

    assert found(meetup, "7기 김하나") == []


def test_by_the_number_of_the_registration(meetup: Meetup) -> None:
    one, _ = come(meetup, "김하나"), come(meetup, "박두리")

    assert found(meetup, one.reference) == found(meetup, f" {one.reference.lower()} ") == ["김하나"]
    assert found(meetup, one.reference[:-1]) == []


@pytest.mark.parametrize("text", ["최세나", "세나", "ㅊㅅㄴ", "choisena", "Zoë", "zoe"])
def test_by_the_name_of_somebody_who_comes_along(meetup: Meetup, text: str) -> None:
    come(meetup, "김하나", companions=2, companion_names=["최세나", "Zoë Hart"])
    come(meetup, "박두리", companions=1, companion_names=[""])

    assert found(meetup, text) == ["김하나"]
    (told,) = attendees_search.search(meetup.id, text)[0]
    assert told.hint in {"+ 최세나", "+ Zoë Hart"}


def test_nobody_by_a_companion_who_no_longer_comes(meetup: Meetup) -> None:
    one = come(meetup, "김하나", companions=1, companion_names=["최세나"])
    with transaction() as session:
        session.get_one(Registration, one.id).companion_names = []

    assert found(meetup, "최세나") == []


@pytest.mark.parametrize("text", ["kim.2nd@example.com", "kim.2nd@", "1st-class@example.com"])
def test_an_ordinal_in_an_address_is_no_cohort(meetup: Meetup, text: str) -> None:
    come(meetup, "김하나", "kim.2nd@example.com")
    come(meetup, "박두리", "1st-class@example.com")

    assert found(meetup, text) == ["박두리" if "class" in text else "김하나"]


@pytest.mark.parametrize("text", ["3기 kim.2nd@example.com", "kim.2nd@example.com 3기"])
def test_a_cohort_beside_an_address_is_one(text: str) -> None:
    assert cohort_in(text) == (3, "kim.2nd@example.com")
