"""Seats and places in line."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.models import (
    Audience,
    AuditEntry,
    Meetup,
    MeetupState,
    Registration,
    RegistrationEvent,
    Status,
    Ticket,
)
from app.services.organizing import meetup_states
from app.services.registering import proofs, registrations, tickets
from app.services.seating import promotion, seat_counts
from tests.factories import make_alumnus, make_cohort, make_entry, make_meetup, make_participant, make_program
from tests.support.counting import statements
from tests.support.registering import owed, proof_for, register

pytestmark = pytest.mark.usefixtures("app")


def refused(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(DomainError) as refusal:
        act(*args, **kwargs)  # type: ignore[operator]
    return refusal.value.code


def statuses(meetup: Meetup) -> list[Status]:
    db.session.rollback()
    query = select(Registration.status).where(Registration.meetup_id == meetup.id)
    return list(db.session.scalars(query.order_by(Registration.rank)))


def test_the_last_seat_is_confirmed_and_the_next_person_waits() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)

    first, second = register(meetup, make_alumnus(cohort)), register(meetup, make_alumnus(cohort))

    assert [first.status, second.status] == [Status.CONFIRMED, Status.WAITLISTED]
    assert [first.rank, second.rank] == [1, 2]
    assert seat_counts.place_in_line(second) == 1


def test_registering_twice_leads_to_the_one_already_held() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)

    first, second = register(meetup, person), register(meetup, person)

    assert first.id == second.id
    assert len(owed("registration_confirmed")) == 1


def test_a_confirmed_registration_has_a_ticket_and_a_waiting_one_has_none() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)

    first, second = register(meetup, make_alumnus(cohort)), register(meetup, make_alumnus(cohort))

    ticket = tickets.current(first.id)
    assert ticket is not None
    assert tickets.find_by_code(tickets.code_of(ticket)) == ticket
    assert tickets.current(second.id) is None


def test_cancelling_confirms_the_next_in_line_in_the_same_transaction_and_mails_both() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(3)]

    registrations.cancel(rows[0].id)

    assert statuses(meetup) == [Status.CANCELLED, Status.CONFIRMED, Status.WAITLISTED]
    assert [mail.registration_id for mail in owed("registration_cancelled")] == [rows[0].id]
    assert [mail.registration_id for mail in owed("registration_promoted")] == [rows[1].id]
    assert tickets.current(rows[1].id)
    assert tickets.current(rows[0].id) is None


def test_every_change_is_a_row_with_who_and_when() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(2)]

    registrations.cancel(rows[0].id)

    events = db.session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id)).all()
    assert [(e.registration_id, e.before, e.after, e.actor) for e in events] == [
        (rows[0].id, None, Status.CONFIRMED, "person"),
        (rows[1].id, None, Status.WAITLISTED, "person"),
        (rows[0].id, Status.CONFIRMED, Status.CANCELLED, "person"),
        (rows[1].id, Status.WAITLISTED, Status.CONFIRMED, "promotion"),
    ]
    acts = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts == [
        "registration.created",
        "registration.created",
        "registration.cancelled",
        "registrations.promoted",
    ]


def test_cancelling_twice_changes_nothing_more() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(3)]

    registrations.cancel(rows[0].id)
    registrations.cancel(rows[0].id)

    assert statuses(meetup) == [Status.CANCELLED, Status.CONFIRMED, Status.WAITLISTED]
    assert len(owed("registration_cancelled")) == 1


def test_someone_who_waits_and_cancels_frees_no_seat_and_the_line_closes_up() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(4)]

    registrations.cancel(rows[1].id)

    assert statuses(meetup) == [Status.CONFIRMED, Status.CANCELLED, Status.WAITLISTED, Status.WAITLISTED]
    assert [seat_counts.place_in_line(row) for row in rows[2:]] == [1, 2]


def test_registering_again_after_cancelling_is_a_new_place_at_the_end() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    person = make_alumnus(cohort)
    first, other = register(meetup, person), register(meetup, make_alumnus(cohort))
    registrations.cancel(first.id)

    again = register(meetup, person)

    assert again.id != first.id
    assert again.status is Status.WAITLISTED
    assert db.session.get_one(Registration, other.id).status is Status.CONFIRMED


def test_the_organizer_declines_and_the_seat_goes_on() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(2)]

    registrations.decline(rows[0].id, "account:7", "asked by phone")

    assert statuses(meetup) == [Status.DECLINED, Status.CONFIRMED]
    assert len(owed("registration_declined")) == 1


def test_nobody_moves_up_while_the_meetup_is_over_its_capacity() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=3)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(4)]

    with transaction() as session:
        Meetup.locked(session, meetup.id).capacity = 1

    registrations.cancel(rows[0].id)
    registrations.cancel(rows[1].id)

    assert statuses(meetup)[2:] == [Status.CONFIRMED, Status.WAITLISTED]


def test_more_seats_go_to_those_who_wait_in_order() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    rows = [register(meetup, make_alumnus(cohort)) for _ in range(5)]

    with transaction() as session:
        locked = Meetup.locked(session, meetup.id)
        locked.capacity = 3
        moved = promotion.promote(session, locked)

    assert [row.id for row in moved] == [rows[1].id, rows[2].id]
    assert len(list(db.session.scalars(select(Ticket)))) == 3


def test_the_latest_cohort_that_entitles_is_the_one_registered_under() -> None:
    program = make_program()
    first, second, third = (make_cohort(program, n) for n in (1, 2, 3))
    person = make_alumnus(first)
    make_entry(second, person)
    make_entry(third, person, completed=False)
    meetup = make_meetup(program, cohorts=[first, second, third])

    assert register(meetup, person).cohort_id == second.id


def test_only_who_completed_a_cohort_of_the_meetup_is_eligible() -> None:
    program = make_program()
    first, second = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program, cohorts=[first])
    dropped_out, elsewhere = make_participant(first), make_alumnus(second)

    for person in (dropped_out, elsewhere):
        assert refused(registrations.register, meetup.id, proof_for(meetup, person)) == "not_eligible"


def test_a_meetup_for_all_participants_takes_who_did_not_complete() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], audience=Audience.PARTICIPANTS)

    assert register(meetup, make_participant(cohort)).status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": MeetupState.CLOSED}, "registration_closed"),
        ({"state": MeetupState.CALLED_OFF}, "meetup_called_off"),
        ({"state": MeetupState.DRAFT}, "meetup_unpublished"),
        ({"opens_at": now() + dt.timedelta(days=1)}, "registration_not_yet"),
        ({"closes_at": now() - dt.timedelta(days=1)}, "registration_closed"),
        (
            {"starts_at": now() - dt.timedelta(days=2), "ends_at": now() - dt.timedelta(days=1)},
            "meetup_over",
        ),
    ],
)
def test_a_meetup_that_is_not_open_refuses_and_writes_nothing(fields: dict[str, object], code: str) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], **fields)  # type: ignore[arg-type]
    uid = proof_for(meetup, make_alumnus(cohort))

    assert refused(registrations.register, meetup.id, uid) == code
    assert statuses(meetup) == []
    assert owed() == []


def test_who_is_registered_already_gets_to_their_registration_after_closing() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    first = register(meetup, person)
    meetup_states.close(meetup.id, "account:1")

    assert register(meetup, person).id == first.id


def test_an_address_not_proved_or_proved_long_ago_registers_nobody() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    unproved = proof_for(meetup, make_alumnus(cohort), proved=False)
    old = proof_for(meetup, make_alumnus(cohort))

    assert refused(registrations.register, meetup.id, unproved) == "proof_expired"
    with time_machine.travel(now() + proofs.PROVED_FOR + dt.timedelta(minutes=1)):
        assert refused(registrations.register, meetup.id, old) == "proof_expired"


def test_a_proof_for_one_meetup_is_none_for_another() -> None:
    cohort = make_cohort()
    one, other = make_meetup(cohorts=[cohort]), make_meetup(cohorts=[cohort])
    uid = proof_for(one, make_alumnus(cohort))

    assert refused(registrations.register, other.id, uid) == "proof_expired"


def test_after_the_meetup_nothing_is_cancelled() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    row = register(meetup, make_alumnus(cohort))

    with time_machine.travel(meetup.ends_at + dt.timedelta(hours=1)):
        assert refused(registrations.cancel, row.id) == "meetup_over"


def test_who_has_checked_in_cannot_cancel() -> None:

    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    row = register(meetup, make_alumnus(cohort))
    with transaction() as session:
        session.get_one(Registration, row.id).admitted_at = now()

    assert refused(registrations.cancel, row.id) == "already_admitted"


def test_a_reissued_ticket_has_a_new_code_and_voids_the_old_one() -> None:
    cohort = make_cohort()
    row = register(make_meetup(cohorts=[cohort]), make_alumnus(cohort))
    old = tickets.current(row.id)
    assert old is not None

    new = tickets.reissue(row.id, "account:1")

    assert tickets.code_of(new) != tickets.code_of(old)
    found = tickets.find_by_code(tickets.code_of(old))
    assert found is not None
    assert found.revoked_at
    assert tickets.current(row.id) == new


def test_promotion_takes_as_many_statements_for_fifty_as_for_two() -> None:

    cohort = make_cohort()

    def promoting(waiting: int) -> int:
        meetup = make_meetup(cohorts=[cohort], capacity=0)
        for _ in range(waiting):
            register(meetup, make_alumnus(cohort))
        with statements() as seen, transaction() as session:
            locked = Meetup.locked(session, meetup.id)
            locked.capacity = waiting
            assert len(promotion.promote(session, locked)) == waiting
        return len(seen)

    assert promoting(2) == promoting(50)
