"""Meetups as use cases: made, revised, copied, published, called off."""

# ruff: noqa: DTZ001 - times on the wall have no zone; that is what is tested

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, TalkDraft, Unusable
from app.domain.registering.moves import Telling
from app.domain.registering.registrations import Status
from app.domain.seating.seat_pools import SeatPools
from app.models import AuditEntry, Cohort, Meetup, MeetupState, OutboxMail, Registration
from app.services.door import devices
from app.services.organizing import meetup_states, meetups
from app.services.registering.moves import Announcement
from app.services.seating import seat_pools
from tests.factories import make_alumnus, make_cohort, make_device, make_meetup, make_program
from tests.support.counting import statements

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"
UNTOLD = Announcement(Telling.NOBODY)
GOOD = Draft(
    title_ko="동문 밋업",
    title_en="Alumni meetup",
    place_ko="예시홀",
    starts=dt.datetime(2027, 7, 14, 18, 30),
    ends=dt.datetime(2027, 7, 14, 21),
    capacity=2,
    contact_address="desk@example.com",
    talks=(TalkDraft(title_ko="문 여는 시각", clock=dt.time(18), kind="other"), TalkDraft(title_en="A talk")),
)


def draft(*cohorts: Cohort, **changes: Any) -> Draft:
    return dataclasses.replace(GOOD, cohort_ids=frozenset(c.id for c in cohorts), **changes)


def register(meetup: Meetup, statuses: list[Status]) -> list[Registration]:
    with transaction() as session:
        locked = Meetup.locked(session, meetup.id)
        cohort = locked.cohorts[0]
    rows = []
    for rank, status in enumerate(statuses, 1):
        person = make_alumnus(cohort)
        rows.append(
            Registration(
                meetup_id=meetup.id, person_id=person.id, cohort_id=cohort.id, reference=tokens.reference(),
                status=status, rank=rank, address=f"{rank}@example.com", locale="en", status_at=now(),
            )
        )  # fmt: skip
    with transaction() as session:
        Meetup.locked(session, meetup.id).next_rank = len(rows) + 1
        session.add_all(rows)
    return rows


def statuses(meetup: Meetup) -> list[Status]:
    query = select(Registration.status).where(Registration.meetup_id == meetup.id)
    return list(db.session.scalars(query.order_by(Registration.rank)))


def test_a_new_meetup_is_a_draft_with_all_that_was_typed():
    cohort = make_cohort()

    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)

    assert (meetup.state, meetup.slug, meetup.version) == (MeetupState.DRAFT, "alumni-meetup", 1)
    assert meetup.starts_at == dt.datetime(2027, 7, 14, 9, 30, tzinfo=dt.UTC)
    assert [talk.title("ko") for talk in meetup.talks] == ["문 여는 시각", "A talk"]
    assert [c.id for c in meetup.cohorts] == [cohort.id]
    assert db.session.scalars(select(AuditEntry.act)).all() == ["meetup.created"]


def test_nothing_is_written_for_a_draft_that_cannot_be_saved():
    program = make_program()

    with pytest.raises(Unusable):
        meetups.create(program.id, draft(title_ko="", title_en=""), ACTOR)

    assert db.session.scalar(select(func.count(Meetup.id))) == 0


def test_two_meetups_of_one_title_get_two_addresses():
    program = make_program()

    slugs = [meetups.create(program.id, draft(), ACTOR).slug for _ in range(3)]

    assert slugs == ["alumni-meetup", "alumni-meetup-2", "alumni-meetup-3"]


def test_an_address_that_another_meetup_has_is_refused():
    taken = make_meetup(slug="party")

    with pytest.raises(Unusable) as refusal:
        meetups.create(taken.program_id, draft(slug="party"), ACTOR)

    assert refusal.value.problems["slug"].code == "slug_taken"


def test_another_programmes_cohorts_and_pictures_are_left_out():
    stranger = make_cohort()
    program = make_program()

    meetup = meetups.create(program.id, draft(stranger, cover_id=99), ACTOR)

    assert (meetup.cohorts, meetup.cover_id) == ([], None)


def test_a_revision_raises_the_version_and_says_what_changed():
    meetup = make_meetup()

    revised = meetups.revise(meetup.id, 1, draft(capacity=40), ACTOR)

    entry = db.session.scalars(select(AuditEntry)).one()
    assert revised.version == 2
    assert "place_en" in entry.details["changed"]


def test_a_meetup_that_is_put_off_takes_its_phones_along():
    meetup = make_meetup()
    working, withdrawn = (make_device(meetup)[0] for _ in range(2))
    devices.revoke(meetup.id, withdrawn.id, ACTOR)
    before = withdrawn.expires_at

    revised = meetups.revise(meetup.id, 1, draft(), ACTOR)

    db.session.expire_all()
    assert working.expires_at == revised.ends_at + dt.timedelta(hours=6)
    assert withdrawn.expires_at == before


def test_saving_without_a_change_changes_nothing():
    cohort = make_cohort()
    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)

    assert meetups.revise(meetup.id, 1, draft(cohort), ACTOR).version == 1


def test_the_second_of_two_organizers_is_told_and_overwrites_nothing():
    meetup = make_meetup(title_en="First")
    meetups.revise(meetup.id, 1, draft(title_en="Second"), ACTOR)

    with pytest.raises(DomainError) as refusal:
        meetups.revise(meetup.id, 1, draft(title_en="Third"), ACTOR)

    assert (refusal.value.code, refusal.value.params) == ("meetup_changed", {"version": 2})
    assert db.session.get_one(Meetup, meetup.id).title_en == "Second"


def test_the_address_stays_once_people_have_the_link():
    meetup = make_meetup(slug="known")

    assert meetups.revise(meetup.id, 1, draft(slug="other"), ACTOR).slug == "known"


def test_more_seats_go_to_those_waiting_in_their_order():
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    register(meetup, [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED, Status.WAITLISTED])

    meetups.revise(meetup.id, 1, draft(cohort, capacity=3), ACTOR, UNTOLD)

    assert statuses(meetup) == [Status.CONFIRMED, Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]


def test_fewer_seats_take_nobodys_seat():
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=2)
    register(meetup, [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED])

    meetups.revise(meetup.id, 1, draft(cohort, capacity=1), ACTOR, UNTOLD)

    assert statuses(meetup) == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]


def test_a_copy_has_everything_but_the_people():
    cohort = make_cohort()
    original = meetups.create(cohort.program_id, draft(cohort), ACTOR)
    meetup_states.publish(original.id, ACTOR)
    register(original, [Status.CONFIRMED])

    copy = meetups.copy(original.id, ACTOR)

    assert (copy.state, copy.published_at, copy.slug) == (MeetupState.DRAFT, None, "alumni-meetup-2")
    assert (copy.next_rank, copy.version, statuses(copy)) == (1, 1, [])
    for name in meetups.COPIED:
        assert getattr(copy, name) == getattr(original, name), name
    assert [t.title_ko for t in copy.talks] == ["문 여는 시각", ""]
    assert [c.id for c in copy.cohorts] == [cohort.id]


def test_every_column_of_a_meetup_is_copied_or_deliberately_not():
    begun_anew = {
        "id", "slug", "state", "published_at", "called_off_at", "called_off_reason", "next_rank", "version",
    "created_at", "door_kiosk_code", "notice_version", "promotion_pause_reason", "promotion_paused_at", "questions_version",
        "draw_until", "draw_closed", "draw_seats", "releases_at", "appointment", "reconfirms_at", "destroys_at",
    }  # fmt: skip

    assert set(meetups.COPIED) | begun_anew == set(Meetup.__table__.columns.keys())


def test_publishing_lists_what_is_missing():
    program = make_program()
    meetup = meetups.create(program.id, draft(place_ko="", capacity=0, contact_address=""), ACTOR)

    with pytest.raises(meetup_states.Incomplete) as refusal:
        meetup_states.publish(meetup.id, ACTOR)

    assert refusal.value.missing == ["lacks_place", "lacks_capacity", "lacks_cohorts", "lacks_contact"]
    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.DRAFT


def test_publishing_twice_is_publishing_once():
    cohort = make_cohort()
    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)

    first = meetup_states.publish(meetup.id, ACTOR).version
    again = meetup_states.publish(meetup.id, ACTOR)

    assert (again.state, again.version) == (MeetupState.PUBLISHED, first)


def test_closing_and_reopening():
    meetup = make_meetup()

    assert meetup_states.close(meetup.id, ACTOR).state is MeetupState.CLOSED
    assert meetup_states.reopen(meetup.id, ACTOR).state is MeetupState.PUBLISHED


@pytest.mark.parametrize("act", [meetup_states.publish, meetup_states.close, meetup_states.reopen])
def test_what_is_called_off_stays_so(act: Any):
    meetup = make_meetup(state=MeetupState.CALLED_OFF)

    with pytest.raises(DomainError):
        act(meetup.id, ACTOR)

    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.CALLED_OFF


def test_a_draft_has_nothing_to_call_off():
    meetup = make_meetup(state=MeetupState.DRAFT)

    with pytest.raises(DomainError, match="draft_not_called_off"):
        meetup_states.call_off(meetup.id, "비", ACTOR)


def test_calling_off_owes_one_mail_to_everyone_active():
    meetup = make_meetup(cohorts=[make_cohort()])
    rows = register(meetup, [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED])

    assert meetup_states.call_off(meetup.id, "태풍 때문이에요.", ACTOR) == 2
    assert meetup_states.call_off(meetup.id, "again", ACTOR) == 0

    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert [(m.kind, m.registration_id, m.locale) for m in mails] == [
        ("meetup_called_off", rows[0].id, "en"),
        ("meetup_called_off", rows[1].id, "en"),
    ]
    assert len({m.message_id for m in mails}) == 2
    assert db.session.get_one(Meetup, meetup.id).called_off_reason == "태풍 때문이에요."


def test_a_meetup_into_which_somebody_was_let_is_not_called_off_until_that_is_taken_back():
    meetup = make_meetup(cohorts=[make_cohort()])
    guest, _ = register(meetup, [Status.CONFIRMED, Status.CONFIRMED])
    for admitted_at, refused in ((now(), True), (None, False)):
        with transaction() as session:
            session.get_one(Registration, guest.id).admitted_at = admitted_at
        if refused:
            with pytest.raises(DomainError, match="called_off_too_late"):
                meetup_states.call_off(meetup.id, "잘못 눌렀어요.", ACTOR)
            assert db.session.scalars(select(OutboxMail)).all() == []

    assert meetup_states.call_off(meetup.id, "비", ACTOR) == 2


def test_a_meetup_that_is_over_is_not_called_off_also_where_the_door_was_not_used():
    meetup = make_meetup(starts_at=now() - dt.timedelta(hours=3), ends_at=now())

    with pytest.raises(DomainError, match="called_off_when_over"):
        meetup_states.call_off(meetup.id, "비", ACTOR)

    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.PUBLISHED


def test_calling_off_takes_as_many_queries_for_many_as_for_few():
    cohort = make_cohort()
    needed = []
    for people in (1, 30):
        meetup = make_meetup(cohorts=[cohort])
        register(meetup, [Status.CONFIRMED] * people)
        with statements() as seen:
            meetup_states.call_off(meetup.id, "비", ACTOR)
        needed.append(len(seen))

    assert needed[0] == needed[1]


def test_a_meetup_that_would_be_over_already_is_not_published():
    cohort = make_cohort()
    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)
    with transaction() as session:
        slipped = Meetup.locked(session, meetup.id)
        slipped.starts_at, slipped.ends_at = now() - dt.timedelta(hours=3), now()

    with pytest.raises(DomainError) as refusal:
        meetup_states.publish(meetup.id, ACTOR)

    assert refusal.value.code == "already_over"
    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.DRAFT


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"capacity": 0}, "capacity"),
        ({"cohort_ids": frozenset()}, "cohort_ids"),
        ({"place_ko": ""}, "place_ko"),
        ({"contact_address": ""}, "contact_address"),
    ],
)
@pytest.mark.parametrize("state", [MeetupState.PUBLISHED, MeetupState.CLOSED])
def test_what_is_public_cannot_lose_what_publishing_needs(
    change: dict[str, Any], where: str, state: MeetupState
):
    cohort = make_cohort()
    good = draft(cohort)
    meetup = meetups.create(cohort.program_id, good, ACTOR)
    meetup_states.publish(meetup.id, ACTOR)
    if state is MeetupState.CLOSED:
        meetup_states.close(meetup.id, ACTOR)
    version = db.session.get_one(Meetup, meetup.id).version

    with pytest.raises(Unusable) as refusal:
        meetups.revise(meetup.id, version, dataclasses.replace(good, **change), ACTOR)

    assert list(refusal.value.problems) == [where]
    db.session.expire_all()
    kept = db.session.get_one(Meetup, meetup.id)
    assert (kept.version, kept.capacity, kept.place_ko, len(kept.cohorts)) == (version, 2, "예시홀", 1)


def test_seats_are_kept_only_for_cohorts_that_may_come_and_no_longer_than_until_the_start():
    program = make_program()
    first, third = make_cohort(program, 1), make_cohort(program, 3)
    meetup = meetups.create(program.id, draft(first, third, capacity=4), ACTOR)
    until = meetup.starts_at - dt.timedelta(days=1)
    seat_pools.save(meetup.id, SeatPools(reserved=1, quotas={first.id: 1, third.id: 2}, until=until), ACTOR)

    with pytest.raises(Unusable) as too_few:
        meetups.revise(meetup.id, 2, draft(first, third, capacity=3), ACTOR)
    with pytest.raises(Unusable) as too_early:
        meetups.revise(
            meetup.id, 2, draft(first, third, capacity=4, starts=dt.datetime(2027, 7, 10, 18, 30)), ACTOR
        )
    revised = meetups.revise(meetup.id, 2, draft(first, capacity=4), ACTOR)

    assert [problem.code for problem in too_few.value.problems.values()] == ["seats_below_kept"]
    assert too_early.value.problems["starts"].code == "flow_back_after_last_call"
    assert (revised.quotas, revised.quotas_until, revised.reserved_seats) == ({str(first.id): 1}, until, 1)
    copied = meetups.copy(meetup.id, ACTOR)
    assert (copied.quotas, copied.quotas_until, copied.reserved_seats) == ({str(first.id): 1}, until, 1)


def _at_once(app: Flask, drafts: list[Draft], program_id: int) -> list[str]:
    """Create all drafts at the same moment; their addresses, or why not."""
    start = threading.Barrier(len(drafts))

    def make(one: Draft) -> str:
        with app.app_context():
            start.wait()
            try:
                return meetups.create(program_id, one, ACTOR).slug
            except Unusable as refusal:
                return refusal.problems["slug"].code

    with ThreadPoolExecutor(len(drafts)) as threads:
        return sorted(threads.map(make, drafts))


def test_meetups_of_one_title_made_at_once_get_addresses_of_their_own(app: Flask):
    made = _at_once(app, [draft()] * 4, make_program().id)

    assert made == ["alumni-meetup", "alumni-meetup-2", "alumni-meetup-3", "alumni-meetup-4"]


def test_of_two_meetups_that_ask_for_one_address_at_once_one_gets_it(app: Flask):
    made = _at_once(app, [draft(slug="reunion")] * 3, make_program().id)

    assert made == ["reunion", "slug_taken", "slug_taken"]
