"""The host's list beside ours: found by address, asked by name, noted, and taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.hosting.matching import HostListed
from app.domain.registering.registrations import Status
from app.domain.rosters import Hints
from app.models import AuditEntry, HostList, Meetup, Person, PersonAddress, Registration
from app.services.alumni.rosters import Source
from app.services.door import door_list
from app.services.elsewhere import host_lists
from tests.factories import code_of, make_alumnus, make_cohort, make_meetup, make_program, make_registration

ME, HINTS = "account:1", Hints(completed_for_all=True)
LIST = "이름,이메일\n김하나,HANA@example.com\n박두리,another@example.com\n모르는이,stranger@example.com\n,\n-,no address\n"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 1)
    meetup = make_meetup(program, host_event_en="A conference")
    for name, address in (
        ("김하나", "hana@example.com"),
        ("박두리", "duri@example.com"),
        ("이세나", "sena@example.com"),
    ):
        make_registration(meetup, make_alumnus(cohort, name, address), cohort=cohort)
    return meetup


def source(text: str) -> Source:
    return Source(text.encode(), "theirs.csv")


def known(meetup: Meetup) -> dict[str, HostListed | None]:
    db.session.rollback()
    query = select(Person.name, Registration.host_listed).join(
        Registration, Registration.person_id == Person.id
    )
    return dict(db.session.execute(query.where(Registration.meetup_id == meetup.id)).all())


def newest(meetup: Meetup) -> int:
    db.session.rollback()
    found = host_lists.newest(meetup.id)
    assert found
    return found.id


def reference_of(name: str) -> str:
    query = select(Registration.reference).join(Person, Person.id == Registration.person_id)
    db.session.rollback()
    return db.session.scalars(query.where(Person.name == name)).one()


def test_people_are_found_by_address_and_asked_by_name(meetup: Meetup) -> None:
    seen = host_lists.draft(meetup, source(LIST), HINTS)

    found = seen.matched
    assert found is not None
    assert [(one.name, other.number) for one, other in found.both] == [("김하나", 2)]
    assert [(each.ours.name, [row.number for row in each.theirs]) for each in found.proposals] == [
        ("박두리", [3])
    ]
    assert [each.name for each in found.ours_only] == ["이세나"]
    assert [each.name for each in found.theirs_only] == ["모르는이", "-"]


def test_any_address_that_is_known_of_somebody_counts(meetup: Meetup) -> None:
    person = db.session.scalars(select(Person).where(Person.name == "이세나")).one().id
    with transaction() as session:
        theirs = {"address": "another@example.com", "address_key": "another@example.com"}
        session.add(PersonAddress(program_id=meetup.program_id, person_id=person, **theirs))

    found = host_lists.draft(meetup, source(LIST), HINTS).matched

    assert found is not None
    assert sorted(one.name for one, _ in found.both) == ["김하나", "이세나"]


def test_colleagues_who_share_an_address_are_not_one_person(meetup: Meetup) -> None:
    theirs = "이름,이메일\n박두리,hana@example.com\n김하나,HANA@example.com\n김 하나,hana@example.com\n모르는이,hana@example.com\n"

    matched = host_lists.draft(meetup, source(theirs), HINTS).matched

    assert matched
    assert [(ours.name, row.name) for ours, row in matched.both] == [("김하나", "김하나")]
    assert [each.ours.name for each in matched.proposals] == ["박두리"]
    assert [row.name for row in matched.theirs_only] == ["모르는이"]


def test_addresses_alone_one_a_line_are_a_list(meetup: Meetup) -> None:
    paste = Source(b"hana@example.com\nstranger@example.com\n", "paste.txt", is_paste=True)

    found = host_lists.draft(meetup, paste, HINTS).matched

    assert found is not None
    assert (len(found.both), len(found.theirs_only)) == (1, 1)


def test_it_is_noted_on_registrations_and_nothing_else_is_kept(meetup: Meetup) -> None:
    host_lists.apply(meetup.id, source(LIST), HINTS, frozenset(), ME)

    assert known(meetup) == {
        "김하나": HostListed.LISTED,
        "박두리": HostListed.UNSURE,
        "이세나": HostListed.NOT_LISTED,
    }
    kept = db.session.scalars(select(HostList)).one()
    assert kept.counts == {"listed": 1, "unsure": 1, "not_listed": 1, "theirs_only": 2}
    said = str([(entry.act, entry.details) for entry in db.session.scalars(select(AuditEntry))]) + str(
        kept.before
    )
    assert "stranger" not in said
    assert "모르는이" not in said


def test_a_name_counts_once_somebody_says_that_it_is_the_same_person(meetup: Meetup) -> None:
    host_lists.apply(meetup.id, source(LIST), HINTS, frozenset({reference_of("박두리")}), ME)

    assert known(meetup)["박두리"] is HostListed.LISTED


def test_a_new_list_replaces_the_last_one_and_each_can_be_taken_back(meetup: Meetup) -> None:
    host_lists.apply(meetup.id, source(LIST), HINTS, frozenset(), ME)
    host_lists.apply(meetup.id, source("이름,이메일\n이세나,sena@example.com\n"), HINTS, frozenset(), ME)
    assert known(meetup)["이세나"] is HostListed.LISTED

    last = newest(meetup)
    host_lists.take_back(meetup.id, last, ME)
    assert known(meetup)["이세나"] is HostListed.NOT_LISTED
    with pytest.raises(DomainError, match="no_host_list"):  # pressed twice
        host_lists.take_back(meetup.id, last, ME)
    host_lists.take_back(meetup.id, newest(meetup), ME)
    assert set(known(meetup).values()) == {None}


def test_who_registers_later_was_not_compared(meetup: Meetup) -> None:
    host_lists.apply(meetup.id, source(LIST), HINTS, frozenset(), ME)
    make_registration(meetup, make_alumnus(meetup.cohorts[0], "나중에"), status=Status.WAITLISTED)

    assert [row.person.name for row in host_lists.known(meetup.id, None, 10)] == ["나중에"]


def test_the_doors_list_says_whom_the_host_lacks(meetup: Meetup) -> None:
    rows = db.session.scalars(select(Registration).where(Registration.meetup_id == meetup.id)).all()
    codes = {row.person.name: code_of(row) for row in rows}
    host_lists.apply(meetup.id, source(LIST), HINTS, frozenset(), ME)

    face = door_list.of(meetup.id, False, lambda n: f"{n}기", None)

    lines = {line.code: line.text.decode() for bucket in face.buckets for line in bucket}
    assert '"x":"not_listed"' in lines[codes["이세나"]]
    assert '"x":"unsure"' in lines[codes["박두리"]]
    assert '"x"' not in lines[codes["김하나"]]
