"""One search for people: the attendee list, the door and a cohort's roster find the same."""

from __future__ import annotations

import pytest
from flask import Flask

from app.blueprints.programs import entries
from app.db import transaction
from app.models import PersonPhone
from app.services.organizing import attendees_search, people_pages
from app.services.organizing.filters import Filter
from tests.factories import make_alumnus, make_cohort, make_meetup, make_registration

TYPED = ["minsu", "MINSU@ex", "01012345678", "12345678", "5678", "010-1234-5678", "+82 10 1234 5678", "ㄱㅁㅅ",
         "김민수", "kim minsu"]  # fmt: skip


@pytest.mark.parametrize("stored", ["010-1234-5678", "+82 10-1234-5678", "010.1234.5678"])
@pytest.mark.parametrize("typed", TYPED)
def test_list_and_door_find_whom_a_registration_names(app: Flask, typed: str, stored: str) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    make_registration(meetup, make_alumnus(cohort, "김민수", "minsu@example.com"), phone=stored)
    make_registration(meetup, make_alumnus(cohort, "박두리", "doori@example.com"), phone="010-9999-0000")

    listed = [row.name for row in people_pages.page(meetup.id, Filter(search=typed), size=50).rows]
    at_door = [each.name for each in attendees_search.search(meetup.id, typed)[0]]

    assert listed == at_door == ["김민수"]


@pytest.mark.parametrize("typed", TYPED)
def test_a_roster_finds_people_by_the_same_rule(app: Flask, typed: str) -> None:
    cohort = make_cohort()
    person = make_alumnus(cohort, "김민수", "minsu@example.com")
    make_alumnus(cohort, "박두리", "doori@example.com")
    with transaction() as session:
        session.add(
            PersonPhone(person_id=person.id, number="010-1234-5678", digits="01012345678", last_four="5678")
        )

    found = entries.page(cohort.id, typed=typed, kind="all", number=1)

    assert [entry.name for entry in found.entries] == ["김민수"]


@pytest.mark.parametrize("typed", ["01012345679", "mi_su", "minsu%"])
def test_what_is_nearly_somebody_finds_nobody(app: Flask, typed: str) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    make_registration(meetup, make_alumnus(cohort, "박두리", "minsu@example.com"), phone="010-1234-5678")

    assert people_pages.page(meetup.id, Filter(search=typed), size=1).total == 0
    assert attendees_search.search(meetup.id, typed) == ([], False)
