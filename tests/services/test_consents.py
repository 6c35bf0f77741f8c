"""Consents: each said apart, each with its text and its time; refused ones cost nobody a seat."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.writing.words import Words
from app.models import AuditEntry, ConsentRecord, Meetup, Person, Registration
from app.services.alumni import joining
from app.services.organizing import people_pages
from app.services.organizing.filters import Filter
from app.services.registering import claim_decisions, consents, registrations
from tests.factories import make_alumnus, make_cohort, make_consent, make_meetup, make_notice
from tests.support.claiming import claim
from tests.support.counting import statements
from tests.support.registering import proof_for, register, said_to

pytestmark = pytest.mark.usefixtures("app")
BOTH = {"consents": (make_consent("photos"), make_consent("marketing"))}


def asking(**changes: Any) -> tuple[Meetup, Person]:
    """A meetup that asks for consents, and somebody who may come."""
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    make_notice(meetup, **(BOTH | changes))
    return meetup, make_alumnus(cohort)


def rows(registration: Registration) -> list[tuple[str, bool, int, str]]:
    return [(r.key, r.given, r.notice_version, r.actor) for r in consents.history(registration.id)]


def given(registration: Registration) -> dict[str, bool]:
    db.session.expire_all()
    return {each.consent.key: each.given for each in consents.of_registration(registration)}


def test_everything_refused_gets_a_seat_all_the_same():
    meetup, person = asking()

    registration = register(meetup, person)

    assert (registration.status, registration.notice_version) == (Status.CONFIRMED, 1)
    assert rows(registration) == [("photos", False, 1, "person"), ("marketing", False, 1, "person")]


def test_each_box_is_a_row_with_its_text_and_time():
    meetup, person = asking(asks_age=True)

    registration = register(meetup, person, "age_14", "photos")

    assert rows(registration) == [
        ("age_14", True, 1, "person"),
        ("photos", True, 1, "person"),
        ("marketing", False, 1, "person"),
    ]
    assert {r.at for r in consents.history(registration.id)} == {registration.created_at}
    assert consents.declared_age(registration.id)
    assert given(registration) == {"photos": True, "marketing": False}


def test_what_was_said_to_another_text_is_refused_and_nothing_is_written():
    meetup, person = asking()
    said, proof = said_to(meetup, "photos"), proof_for(meetup, person)
    make_notice(meetup, kept_days=1)

    with pytest.raises(DomainError) as refusal:
        registrations.register(meetup.id, proof, said=said)

    assert refusal.value.code == "texts_changed"
    assert db.session.scalar(select(func.count(Registration.id))) == 0


def test_withdrawing_is_a_row_and_so_is_giving_again():
    meetup, person = asking()
    registration = register(meetup, person, "photos")

    for value in (False, True):
        assert consents.change(registration.id, {"photos": value, "marketing": False}) == ["photos"]

    assert rows(registration)[2:] == [("photos", False, 1, "person"), ("photos", True, 1, "person")]
    assert given(registration) == {"photos": True, "marketing": False}


def test_saying_the_same_again_or_something_unknown_writes_nothing():
    meetup, person = asking()
    registration = register(meetup, person, "photos")

    assert consents.change(registration.id, {"photos": True, "never_asked": True}) == []
    assert len(rows(registration)) == 2


def test_a_consent_that_the_meetup_no_longer_asks_for_can_be_withdrawn_and_not_given():
    meetup, person = asking()
    registration = register(meetup, person, "photos", "marketing")
    make_notice(meetup, consents=())
    assert given(registration) == {"photos": True, "marketing": True}

    consents.change(registration.id, {"photos": False})

    assert given(registration) == {"marketing": True}
    assert consents.change(registration.id, {"photos": True}) == []


def test_who_was_never_asked_has_said_nothing():
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    registration = register(meetup, make_alumnus(cohort))

    make_notice(meetup, **BOTH)

    assert registration.notice_version is None
    assert [each.at for each in consents.of_registration(registration)] == [None, None]
    assert consents.given_by([registration.id]) == {}


def test_attendees_are_found_by_what_they_consent_to_now():
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    make_notice(meetup, **BOTH)
    both, one, withdrawn = (register(meetup, make_alumnus(cohort), *ticked) for ticked in (
        ("photos", "marketing"), ("photos",), ("photos", "marketing"),
    ))  # fmt: skip
    consents.change(withdrawn.id, {"photos": False})

    def found(*keys: str) -> set[int]:
        wanted = Filter(consents=frozenset(keys))
        return {row.id for row in people_pages.page(meetup.id, wanted, size=9).rows}

    assert found("photos") == {both.id, one.id}
    assert found("photos", "marketing") == {both.id}
    assert found() == {both.id, one.id, withdrawn.id}
    assert people_pages.page(meetup.id, Filter(consents=frozenset({"photos"})), size=1).total == 2


@pytest.mark.parametrize(("consented", "more"), [((), 0), (BOTH["consents"], 1)])
def test_a_notice_costs_no_statement_and_all_consents_together_one(consented: Any, more: int):
    cohort = make_cohort()
    plain, asks = make_meetup(cohorts=[cohort]), make_meetup(cohorts=[cohort])
    make_notice(asks, consents=consented)
    people = {meetup: make_alumnus(cohort) for meetup in (plain, asks)}
    counted = []

    for meetup, person in people.items():
        proof, said = proof_for(meetup, person), said_to(meetup)
        with statements() as seen:
            registrations.register(meetup.id, proof, said=said)
        counted.append(len(seen))

    assert counted[1] == counted[0] + more
    assert db.session.scalar(select(func.count(ConsentRecord.id))) == len(consented)


def test_a_consent_keeps_the_text_that_it_was_given_to():
    meetup, person = asking()
    registration = register(meetup, person, "photos")
    before, after = make_consent("photos"), make_consent("photos", period=Words("영원히"))
    make_notice(meetup, consents=(after,))

    assert consents.of_registration(registration)[0].consent == before
    consents.change(registration.id, {"photos": False})
    assert consents.of_registration(registration)[0].consent == after
    consents.change(registration.id, {"photos": True})
    assert [(r.given, r.notice_version) for r in consents.history(registration.id) if r.key == "photos"] == [
        (True, 1), (False, 2), (True, 2),
    ]  # fmt: skip


def test_no_news_at_one_meetup_is_none_from_those_before():
    meetup, person = asking()
    later, elsewhere = make_meetup(meetup.program, cohorts=list(meetup.cohorts)), make_meetup()
    make_notice(later, **BOTH)
    make_notice(elsewhere, **BOTH)
    before = register(meetup, person, "photos", "marketing")
    other = register(meetup, make_alumnus(meetup.cohorts[0]), "marketing")

    register(later, person, "photos")

    assert given(before) == {"photos": True, "marketing": False}
    assert given(other)["marketing"]
    assert rows(before)[-1] == ("marketing", False, 1, "person")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "consents.changed")).one()
    assert (entry.subject, entry.meetup_id) == (f"registration:{before.id}", meetup.id)
    consents.change(before.id, {"marketing": True})
    assert given(before)["marketing"], "and may be said again"


def test_news_taken_back_at_one_meetup_is_taken_back_at_all_and_a_yes_stays_where_it_was_said():
    meetup, person = asking()
    later = make_meetup(meetup.program, cohorts=list(meetup.cohorts))
    make_notice(later, **BOTH)
    first, second = register(meetup, person, "marketing"), register(later, person, "marketing")

    consents.change(second.id, {"photos": True})
    assert given(first)["marketing"]
    consents.change(second.id, {"marketing": False})
    assert not given(first)["marketing"]
    consents.change(second.id, {"marketing": True})

    assert not given(first)["marketing"]


def two_meetups() -> tuple[Meetup, Meetup, Person, Person]:
    """Both ask for consents. One human being, whom two cohorts have by different addresses."""
    meetup, person = asking()
    second = make_cohort(meetup.program)
    later = make_meetup(meetup.program, cohorts=[*meetup.cohorts, second])
    make_notice(later, **BOTH)
    return meetup, later, person, make_alumnus(second)


def test_a_no_said_in_a_list_check_counts_once_it_is_found_who_said_it():
    meetup, person = asking()
    later = make_meetup(meetup.program, cohorts=list(meetup.cohorts))
    make_notice(later, **BOTH)
    before = register(meetup, person, "photos", "marketing")
    other = register(meetup, make_alumnus(meetup.cohorts[0]), "marketing")

    check = claim(later, cohort_id=meetup.cohorts[0].id)
    assert given(before)["marketing"]
    claim_decisions.link(check.id, person.id, "account:1")

    assert given(before) == {"photos": True, "marketing": False}
    assert given(other)["marketing"]
    assert rows(before)[-1] == ("marketing", False, 1, "account:1")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "consents.changed")).one()
    assert (entry.subject, entry.meetup_id) == (f"registration:{before.id}", meetup.id)


@pytest.mark.parametrize("is_kept", [True, False])
def test_of_two_who_are_one_the_later_no_takes_back_the_yes_before(is_kept: bool):
    meetup, later, person, double = two_meetups()
    yes = register(meetup, person, "photos", "marketing")
    no = register(later, double, "photos")

    kept, gone = (person, double) if is_kept else (double, person)
    joining.join(meetup.program_id, kept.id, gone.id, "account:1", "본인 확인")

    assert given(yes) == {"photos": True, "marketing": False}
    assert len(rows(no)) == 2


def test_of_two_who_are_one_a_yes_after_the_no_stays_and_so_does_one_of_several_kinds_of_news():
    meetup, later, person, double = two_meetups()
    make_notice(later, consents=(make_consent("marketing"), make_consent("marketing-2")))
    before, some = register(meetup, person, "marketing"), register(later, double, "marketing")
    joining.join(meetup.program_id, person.id, double.id, "account:1", "본인 확인")
    assert given(before)["marketing"], "they left one box of two"
    assert given(some)["marketing"]

    meetup, later, person, double = two_meetups()
    no, after = register(meetup, person), register(later, double, "marketing")
    joining.join(meetup.program_id, person.id, double.id, "account:1", "본인 확인")
    assert given(after)["marketing"]
    assert not given(no)["marketing"]
