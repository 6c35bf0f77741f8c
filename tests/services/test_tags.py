"""Tags and notes of organizers on registrations."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind
from app.domain.writing.words import Words
from app.models import AuditEntry, Meetup, Message, Program, Registration, RegistrationNote, Tag
from app.services.messaging import chosen, drafts
from app.services.messaging.drafts import Draft
from app.services.organizing import desk_notes, people_pages, stored_filters, tags
from app.services.organizing.filters import Filter
from app.services.personal import erasure
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_person,
    make_program,
    make_registration,
)

ACTOR = "account:1"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program)


@pytest.fixture
def two(meetup: Meetup) -> list[Registration]:
    return [make_registration(meetup) for _ in range(2)]


def tagged(*rows: Registration) -> list[list[str]]:
    end_reading()
    found = tags.of_registrations([row.id for row in rows])
    return [list(found.get(row.id, [])) for row in rows]


def entries() -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_tag_is_shared_and_putting_it_twice_changes_nothing(
    meetup: Meetup, two: list[Registration]
) -> None:
    ids = [row.id for row in two]
    first = tags.change(meetup.id, ids, ACTOR, add=["연사", "VIP"])
    before = entries()

    again = tags.change(meetup.id, ids, ACTOR, add=["vip"])

    assert (first, again, entries()) == (sorted(ids), [], before)
    assert tagged(*two) == [["VIP", "연사"]] * 2
    assert list(tags.of_meetup(meetup.id)) == ["VIP", "연사"]


def test_a_tag_goes_with_the_last_who_had_it(meetup: Meetup, two: list[Registration]) -> None:
    tags.change(meetup.id, [row.id for row in two], ACTOR, add=["연사"])

    tags.change(meetup.id, [two[0].id], ACTOR, remove=["연사"])
    left = list(tags.of_meetup(meetup.id))
    end_reading()
    tags.change(meetup.id, [two[1].id], ACTOR, remove=["연사"])

    assert left == ["연사"]
    assert db.session.scalar(select(func.count()).select_from(Tag)) == 0


def test_registrations_of_another_meetup_are_out_of_reach(
    program: Program, meetup: Meetup, two: list[Registration]
) -> None:
    other = make_registration(make_meetup(program))

    tags.change(meetup.id, [two[0].id, other.id], ACTOR, add=["연사"])

    assert tagged(two[0], other) == [["연사"], []]


def test_nobody_has_more_tags_than_anybody_reads(meetup: Meetup, two: list[Registration]) -> None:
    tags.change(meetup.id, [two[0].id], ACTOR, add=[f"t{n}" for n in range(20)])

    with pytest.raises(DomainError, match="too_many_tags"):
        tags.change(meetup.id, [row.id for row in two], ACTOR, add=["one more"])
    assert tagged(two[1]) == [[]]


def test_the_words_of_tags_and_notes_stay_out_of_the_audit_log(
    meetup: Meetup, two: list[Registration]
) -> None:
    tags.change(meetup.id, [two[0].id], ACTOR, add=["연사"])
    desk_notes.save(two[0].id, "휠체어 자리", ACTOR)

    end_reading()
    found = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.act for entry in found] == [tags.ACT, desk_notes.ACT]
    assert not any("연사" in str(entry.details) + entry.reason for entry in found)
    assert not any("휠체어" in str(entry.details) + entry.reason for entry in found)


def test_the_list_and_messages_know_tags(meetup: Meetup, two: list[Registration]) -> None:
    tags.change(meetup.id, [two[0].id], ACTOR, add=["연사"])
    wanted = Filter(tags=frozenset({"연사"}))

    assert [row.id for row in people_pages.page(meetup.id, wanted, size=9).rows] == [two[0].id]
    assert stored_filters.restored(stored_filters.stored(wanted)) == wanted
    assert stored_filters.restored({**stored_filters.stored(Filter()), "tags": []}) == Filter()


def test_a_note_is_not_written_over_one_that_nobody_saw(two: list[Registration]) -> None:
    desk_notes.save(two[0].id, "첫 메모", ACTOR, based_on=0)

    with pytest.raises(DomainError, match="note_changed"):
        desk_notes.save(two[0].id, "다른 메모", ACTOR, based_on=0)
    desk_notes.save(two[0].id, "함께 쓴 메모", ACTOR, based_on=1)

    end_reading()
    (note,) = db.session.scalars(select(RegistrationNote)).all()
    assert (note.words, note.revision) == ("함께 쓴 메모", 2)


def test_a_tag_that_says_an_erased_name_says_it_no_more_and_messages_reach_the_same_people(
    program: Program, meetup: Meetup
) -> None:
    held = make_registration(meetup, make_alumnus(make_cohort(program), "한빛누리"))
    other, third = (make_registration(meetup, make_person(program)) for _ in range(2))
    tags.change(meetup.id, [other.id], ACTOR, add=["한빛누리 일행", "한빛누리카페"])
    tags.change(meetup.id, [third.id], ACTOR, add=["··· 일행"])
    wanted = Filter(tags=frozenset({"한빛누리 일행"}))
    number = drafts.write(
        meetup.id, Draft(Kind.ABOUT, MailText(Words("제목", ""), Words("글", "")), "", wanted), ACTOR
    )

    erasure.erase(held.person_id, ACTOR, Asked.MAIL)

    message = db.session.get_one(Message, number)
    assert message.chosen["tags"] == ["··· 일행 2"]
    assert [each.name for each in chosen.audience(db.session(), meetup, chosen.choice_of(message)).first] == [
        other.person.name
    ]
    assert set(tags.of_meetup(meetup.id)) == {"··· 일행", "··· 일행 2", "한빛누리카페"}
