"""What the trail leaves out of a change stands in the history of whom it is about, and goes with their data."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.revising.parts import Part
from app.models import AuditEntry, DeviceRole, Meetup, PersonPhone, Registration, ToldChange
from app.services.organizing import attendee, tags
from app.services.personal import erasure
from app.services.revising.corrections import correct
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser
from tests.support.door import Phone

ACTOR = "account:1"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 1)])


def place(meetup: Meetup, name: str) -> Registration:
    cohort = meetup.cohorts[0]
    return make_registration(meetup, make_alumnus(cohort, name), cohort=cohort, phone="010-1234-5678")


def told(row: Registration) -> list[tuple[str, str, str]]:
    end_reading()
    return [each for moment in attendee.history(row.id) for each in moment.told]


def test_a_correction_says_from_what_to_what_and_the_trail_says_neither(meetup: Meetup) -> None:
    row = place(meetup, "김하나")
    was = {Part.NAME: "김하나", Part.PHONE: "010-1234-5678"}
    values = {Part.NAME: "김하니", Part.PHONE: "010-9999-8888"}

    correct(row.id, values, ACTOR, "전화로 확인", was=was)

    assert sorted(told(row)) == [("name", "김하나", "김하니"), ("phone", "010-1234-5678", "010-9999-8888")]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "registration.corrected")).one()
    assert not any(word in str(entry.details) + entry.reason for word in ("김하", "1234", "9999"))


def test_a_number_that_only_the_lists_know_is_not_told(meetup: Meetup) -> None:
    row = place(meetup, "김하나")

    correct(row.id, {Part.CERTIFICATE: "2026-001"}, ACTOR, "명부", was={Part.CERTIFICATE: ""})

    assert told(row) == []
    assert [moment.parts for moment in attendee.history(row.id) if moment.act == "corrected"] == [
        ("certificate",)
    ]


def test_a_phone_that_only_the_lists_know_is_not_told_to_helpers_of_one_meetup(
    client: Browser, meetup: Meetup
) -> None:
    row = make_registration(meetup, make_alumnus(meetup.cohorts[0], "김하나"), cohort=meetup.cohorts[0])
    with transaction() as session:
        listed = PersonPhone(
            person_id=row.person_id, number="010-7777-1234", digits="01077771234", last_four="1234"
        )
        session.add(listed)
    end_reading()

    correct(row.id, {Part.PHONE: "010-9999-8888"}, ACTOR, "확인", was={Part.PHONE: "010-7777-1234"})

    assert told(row) == [("phone", "", "010-9999-8888")]
    sign_in(client, make_helper(meetup))
    page = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{row.reference}").text
    assert "010-9999-8888" in page
    assert "010-7777-1234" not in page


def test_the_words_go_with_the_person(meetup: Meetup) -> None:
    row = place(meetup, "김하나")
    tags.change(meetup.id, [row.id], ACTOR, add=["휠체어"])
    correct(row.id, {Part.NAME: "김하니"}, ACTOR, "확인", was={Part.NAME: "김하나"})

    erasure.erase(row.person_id, ACTOR, Asked.MAIL)

    end_reading()
    assert db.session.scalars(select(ToldChange)).all() == []


@pytest.mark.parametrize("tag", ["김하나 지인", "김 하나", "김하나"])
def test_a_tag_that_named_them_names_nobody_in_others_history_also_where_it_is_no_more(
    meetup: Meetup, tag: str
) -> None:
    gone, other = place(meetup, "김하나"), place(meetup, "이두리")
    tags.change(meetup.id, [other.id], ACTOR, add=[tag, "VIP"])
    tags.change(meetup.id, [other.id], ACTOR, remove=[tag])

    erasure.erase(gone.person_id, ACTOR, Asked.MAIL)

    words = {word for _part, *both in told(other) for word in both if word}
    assert words == {"VIP", "··· 지인" if "지인" in tag else "···"}


def test_a_tag_that_others_still_have_stays_in_their_history(meetup: Meetup) -> None:
    gone, other = place(meetup, "김하나"), place(meetup, "이두리")
    tags.change(meetup.id, [gone.id, other.id], ACTOR, add=["VIP"])

    erasure.erase(gone.person_id, ACTOR, Asked.MAIL)

    assert told(other) == [("tag", "", "VIP")]


@pytest.mark.parametrize(
    ("undone", "acts"), [(False, ["walked_in"]), (True, ["walk_in_undone", "walked_in"])]
)
def test_a_walk_in_is_told_in_words_and_not_by_its_code(app: Flask, undone: bool, acts: list[str]) -> None:
    meetup = make_meetup()
    supervisor = Phone(app, meetup, DeviceRole.SUPERVISE)
    came = {"id": str(uuid.uuid4()), "name": "손님", "cohort": None, "over": True, "gate": "Main"}
    supervisor.post("walk-in", came)
    if undone:
        supervisor.post("undo", {"id": str(uuid.uuid4()), "undoes": came["id"], "reason": "wrong name"})

    end_reading()
    (row,) = db.session.scalars(select(Registration)).all()
    moments = [moment for moment in attendee.history(row.id) if "walk" in moment.act]
    assert [(moment.act, moment.reason) for moment in moments] == [(act, "") for act in acts]
