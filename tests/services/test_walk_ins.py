"""Walk-ins: a registration and its check-in in one, once, within the seats or knowingly over them."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading, transaction
from app.domain.door.doors import DoorDraft
from app.domain.errors import DomainError
from app.models import (
    AuditEntry,
    CheckIn,
    CheckInKind,
    Meetup,
    MeetupState,
    OutboxMail,
    Person,
    Registration,
    RegistrationEvent,
    Source,
    Status,
    Ticket,
    Verdict,
)
from app.services.door import door_settings, walk_ins
from app.services.organizing import meetup_states
from app.services.registering import registrations, tickets
from tests.factories import make_account, make_cohort, make_meetup, make_program, make_registration


def wish(**fields: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": "김하늘", "cohort": None} | fields


def admit(meetup: Meetup, told: dict[str, Any]) -> walk_ins.WalkedIn:
    return walk_ins.admit_at_desk(meetup.id, make_account().id, told)


def refusal(meetup: Meetup, told: dict[str, Any]) -> DomainError:
    with pytest.raises(DomainError) as refused:
        admit(meetup, told)
    return refused.value


def counted(model: Any) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_walk_in_becomes_a_person_with_a_seat_a_ticket_and_a_check_in(app: Flask):
    program = make_program()
    cohort = make_cohort(program, 3)
    meetup = make_meetup(program, cohorts=[cohort])
    told = wish(name="  김   하늘 ", cohort="3")

    done = admit(meetup, told)

    assert done.outcome.person is not None
    assert (done.outcome.verdict, done.outcome.person.name, done.outcome.person.cohort, done.over_by) == (
        Verdict.OK,
        "김 하늘",
        3,
        0,
    )
    end_reading()
    held = db.session.scalars(select(Registration)).one()
    entry = db.session.scalars(select(CheckIn)).one()
    assert (held.source, held.is_verified, held.status) == (Source.WALK_IN, False, Status.CONFIRMED)
    assert (held.cohort_id, held.address, held.admitted_by_id) == (cohort.id, "", entry.id)
    assert held.admitted_at == entry.corrected_at
    assert (entry.kind, entry.verdict, entry.scan_id) == (CheckInKind.ENTRY, Verdict.OK, told["id"])
    assert [counted(each) for each in (Person, Ticket, RegistrationEvent, OutboxMail)] == [1, 1, 1, 0]
    audited = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "registration.walked_in")).one()
    assert audited.details == {"meetup": meetup.id, "over_by": 0}


def test_twice_is_once_and_gets_the_same_answer(app: Flask):
    meetup, told = make_meetup(), wish()

    first, second = admit(meetup, told), admit(meetup, told)

    assert second.outcome.replayed
    assert (second.outcome.person, second.over_by) == (first.outcome.person, first.over_by)
    assert [counted(each) for each in (Person, Registration, CheckIn)] == [1, 1, 1]


def test_another_person_under_a_used_id_is_refused(app: Flask):
    meetup, told = make_meetup(), wish()
    admit(meetup, told)

    assert refusal(meetup, told | {"name": "이바다"}).code == "conflicting_body"
    assert refusal(meetup, told | {"cohort": "3"}).code == "conflicting_body"


def test_two_walk_ins_of_one_name_are_two_people(app: Flask):
    meetup = make_meetup()

    admit(meetup, wish())
    admit(meetup, wish())

    assert counted(Person) == 2


def test_past_the_seats_it_takes_a_second_yes_which_is_the_same_walk_in(app: Flask):
    meetup, told = make_meetup(capacity=1), wish()
    make_registration(meetup)

    asked = refusal(meetup, told)

    assert (asked.code, asked.params) == ("walk_in_over", {"seats": 1, "over": 1})
    assert counted(CheckIn) == 0
    assert admit(meetup, told | {"over": True}).over_by == 1
    assert admit(meetup, told).outcome.replayed
    assert refusal(meetup, wish()).params == {"seats": 1, "over": 2}


def test_nobody_moves_up_while_walk_ins_hold_the_meetup_over_its_seats(app: Flask):
    meetup = make_meetup(capacity=1)
    seated, waiting = make_registration(meetup), make_registration(meetup, status=Status.WAITLISTED)
    admit(meetup, wish(over=True))

    registrations.cancel(seated.id)

    end_reading()
    assert db.session.get_one(Registration, waiting.id).status is Status.WAITLISTED


def test_walk_ins_that_take_no_seat_need_no_second_yes_and_leave_the_seats_to_others(app: Flask):
    meetup = make_meetup(capacity=1, door_counts_walk_ins=False)
    waiting = make_registration(meetup, status=Status.WAITLISTED)
    seated = make_registration(meetup)

    assert admit(meetup, wish()).over_by == 0
    registrations.cancel(seated.id)

    end_reading()
    assert db.session.get_one(Registration, waiting.id).status is Status.CONFIRMED


def test_seats_that_walk_ins_no_longer_take_go_to_those_waiting(app: Flask):
    meetup = make_meetup(capacity=1)
    admit(meetup, wish())
    waiting = make_registration(meetup, status=Status.WAITLISTED)

    door_settings.save(meetup.id, DoorDraft(counts_walk_ins=False), "account:1")

    end_reading()
    assert db.session.get_one(Registration, waiting.id).status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  "}, "unnamed"),
        ({"name": None}, "unnamed"),
        ({"name": "\u202e\u200b"}, "unnamed"),
        ({"name": "가" * 201}, "name_too_long"),
        ({"cohort": "99"}, "walk_in_cohort_unknown"),
        ({"cohort": {"a": 1}}, "walk_in_cohort_unknown"),
        ({"cohort": "9" * 30}, "walk_in_cohort_unknown"),
        ({"id": "1"}, "malformed"),
        ({"id": None}, "malformed"),
    ],
)
def test_what_cannot_be_a_walk_in_is_refused_and_leaves_nothing(
    app: Flask, fields: dict[str, Any], code: str
):
    assert refusal(make_meetup(), wish(**fields)).code == code
    assert [counted(each) for each in (Person, Registration, CheckIn)] == [0, 0, 0]


def test_a_meetup_that_takes_none_or_does_not_take_place_lets_nobody_walk_in(app: Flask):
    assert refusal(make_meetup(door_takes_walk_ins=False), wish()).code == "walk_ins_not_taken"
    assert refusal(make_meetup(state=MeetupState.CALLED_OFF), wish()).code == "meetup_called_off"


def test_rush_for_the_last_seat_admits_one_without_a_second_yes(app: Flask):
    # The id is read here: an expired row read by six threads would be loaded by all of them in this one's session.
    meetup_id, account = make_meetup(capacity=1).id, make_account().id
    end_reading()

    def walk_in(_: int) -> str:
        with app.app_context():
            try:
                walk_ins.admit_at_desk(meetup_id, account, wish())
            except DomainError as refused:
                return refused.code
            return "admitted"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(walk_in, range(6)))

    assert answers == ["admitted"] + ["walk_in_over"] * 5


def test_rush_of_one_walk_in_sent_many_times_is_one(app: Flask):
    meetup_id, account, told = make_meetup().id, make_account().id, wish()
    end_reading()

    def walk_in(_: int) -> Verdict | None:
        with app.app_context():
            return walk_ins.admit_at_desk(meetup_id, account, told).outcome.verdict

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(walk_in, range(6))) == {Verdict.OK}
    assert [counted(each) for each in (Person, Registration, CheckIn)] == [1, 1, 1]


def test_who_gave_no_address_is_owed_no_mail(app: Flask):
    meetup = make_meetup()
    admit(meetup, wish())
    end_reading()
    held = db.session.scalars(select(Registration)).one()

    tickets.reissue(held.id, "account:1")
    with transaction() as session:
        session.get_one(Registration, held.id).admitted_at = None  # let in by mistake
    owed = meetup_states.call_off(meetup.id, "태풍", "account:1")

    assert (owed, counted(OutboxMail)) == (0, 0)
