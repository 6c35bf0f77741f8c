"""Acts on many that give seats, renew tickets or take places back: whom they reach, who stays, and what races do."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.seating.approvals import Decision, Wish
from app.domain.seating.modes import Mode
from app.models import AuditEntry, Meetup, Registration, Status
from app.services.organizing import bulk, bulk_seats
from app.services.organizing.bulk import Order
from app.services.organizing.bulk_acts import Act
from app.services.organizing.filters import Filter
from app.services.registering import registrations, tickets
from app.services.seating import approvals, waitlist
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.services.test_approvals import applied, decide
from tests.support.draws import drawing
from tests.support.offers import fresh, history, states, with_companions
from tests.support.registering import owed, register

pytestmark = pytest.mark.usefixtures("app")
ORGANIZER = "account:7"
A, C, W, D, X = Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.CANCELLED


def waiting(number: int, *, seats: int, more: int = 0) -> tuple[Meetup, list[Registration]]:
    """A full meetup whose line is held back, with so many who wait, and afterwards so many seats more."""
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=seats)
    people = [register(meetup, make_alumnus(cohort)) for _ in range(seats + number)]
    waitlist.pause(meetup.id, "확인 중", ORGANIZER)
    resize(meetup, seats + more)
    return meetup, people[seats:]


def resize(meetup: Meetup, seats: int) -> None:
    with transaction() as session:
        session.execute(update(Meetup).where(Meetup.id == meetup.id).values(capacity=seats))
    end_reading()


def order(meetup: Meetup, act: Act, *people: Registration, reason: str = "") -> Order:
    """Of these, or of all whom the table finds."""
    wanted = None if people else Filter(statuses=frozenset(Status))
    return Order(meetup.id, act, reason=reason, who=[each.reference for each in people], wanted=wanted)


def done(wanted: Order, batch: str = "") -> bulk.Done:
    """Looked at and done."""
    mark = bulk.look(wanted).mark
    end_reading()
    return bulk.do(wanted, ORGANIZER, batch or tokens.uid(), mark)


def audited(act: str) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).where(AuditEntry.act == act)) or 0


def refused(wanted: Order) -> str:
    with pytest.raises(DomainError) as refusal:
        bulk.look(wanted)
    end_reading()
    return refusal.value.code


def test_those_who_applied_first_get_the_seats_and_the_others_stay_and_are_counted() -> None:
    meetup, people = applied(3)
    wanted = order(meetup, Act.APPROVE, *people, reason="모두 환영")

    seen = bulk.look(wanted)
    did = done(wanted)

    assert (seen.ids, dict(seen.skipped)) == ([people[0].id, people[1].id], {"no_seat_left": 1})
    assert seen.fit is not None
    assert (seen.fit.people, seen.fit.free) == (2, 2)
    assert (did.number, dict(did.skipped)) == (2, {"no_seat_left": 1})
    assert states(meetup) == [C, C, A]
    assert history(people[0])[-1] == (C, ORGANIZER, "모두 환영")
    assert tickets.current(people[1].id) is not None
    assert audited("applications.approve") == 1


def test_who_has_another_state_is_left_out_of_approving_each_with_the_reason() -> None:
    meetup, people = applied(5, seats=9)
    decide = {Decision.APPROVE: people[0], Decision.WAITLIST: people[1], Decision.DECLINE: people[2]}
    waitlist.pause(meetup.id, "확인 중", ORGANIZER)
    for decision, person in decide.items():
        references = frozenset({person.reference})
        approvals.decide(meetup.id, Wish(decision=decision, references=references), ORGANIZER)
    end_reading()

    seen = bulk.look(order(meetup, Act.APPROVE))

    assert seen.ids == [people[3].id, people[4].id]
    assert dict(seen.skipped) == {"has_a_seat": 1, "waits_in_line": 1, "has_ended": 1}


def test_seats_go_to_the_chosen_of_the_line_in_its_order_with_reason_ticket_and_mail() -> None:
    meetup, line = waiting(3, seats=1, more=1)
    wanted = order(meetup, Act.SEAT, line[2], line[1], reason="연사")

    seen = bulk.look(wanted)
    did = done(wanted)

    assert (seen.ids, dict(seen.skipped)) == ([line[1].id], {"no_seat_left": 1})
    assert seen.fit is not None
    assert seen.fit.overtaken == 1
    assert did.number == 1
    assert states(meetup) == [C, W, C, W]
    assert history(line[1])[-1] == (C, ORGANIZER, "연사")
    assert [mail.registration_id for mail in owed("registration_promoted")] == [line[1].id]
    assert tickets.current(line[1].id) is not None
    assert audited("registrations.seated") == 1


def test_nobody_overtakes_a_larger_party_that_does_not_fit_and_that_is_said() -> None:
    meetup, line = waiting(3, seats=1, more=2)
    with_companions(line[1], 2)

    seen = bulk.look(order(meetup, Act.SEAT))

    assert seen.ids == [line[0].id]
    assert dict(seen.skipped) == {"has_a_seat": 1, "no_seat_left": 1, "seats_for_others": 1}


def test_a_seat_that_went_meanwhile_gives_nobody_one() -> None:
    meetup, line = waiting(2, seats=1, more=1)
    _, people = other = applied(3)

    with pytest.raises(DomainError) as in_line:
        bulk_seats.seat(meetup.id, [each.id for each in line], "", ORGANIZER)
    with pytest.raises(DomainError) as applying:
        bulk_seats.approve(other[0].id, [each.id for each in people], "", ORGANIZER)

    assert (in_line.value.code, applying.value.code) == ("seats_changed", "seats_changed")
    assert states(meetup) == [C, W, W]
    assert states(other[0]) == [A, A, A]


def test_whoever_left_meanwhile_is_not_among_those_who_got_a_seat() -> None:
    meetup, line = waiting(2, seats=1, more=2)
    other, people = applied(2)
    registrations.cancel(line[0].id)
    registrations.cancel(people[0].id)

    in_line = bulk_seats.seat(meetup.id, [each.id for each in line], "", ORGANIZER)
    approved = bulk_seats.approve(other.id, [each.id for each in people], "", ORGANIZER)

    assert (in_line, approved) == (1, 1)
    assert (states(meetup), states(other)) == ([C, X, C], [X, C])


def test_nothing_is_done_for_others_than_those_who_were_looked_at() -> None:
    meetup, line = waiting(2, seats=1, more=1)
    mark = bulk.look(order(meetup, Act.SEAT)).mark
    registrations.cancel(line[0].id)  # as many as before would get a seat, but somebody else
    end_reading()

    with pytest.raises(DomainError) as refusal:
        bulk.do(order(meetup, Act.SEAT), ORGANIZER, tokens.uid(), mark)

    assert refusal.value.code == "people_changed"
    assert states(meetup) == [C, X, W]


def test_a_draw_that_decides_and_a_meetup_called_off_refuse_before_anybody_is_named() -> None:
    drawn, _ = drawing(2)
    meetup, _ = waiting(1, seats=1, more=1)
    with transaction() as session:
        session.execute(update(Meetup).where(Meetup.id == meetup.id).values(state="called_off"))

    assert refused(order(drawn, Act.APPROVE)) == "draw_decides"
    assert refused(order(meetup, Act.SEAT)) == "meetup_called_off"


def test_new_tickets_go_to_those_who_need_one_and_can_be_reached() -> None:
    meetup, people = applied(4, seats=4, mode=Mode.FIRST_COME)
    before = [tickets.current(each.id) for each in people]
    with transaction() as session:
        session.get_one(Registration, people[1].id).admitted_at = people[1].created_at
        session.get_one(Registration, people[2].id).address = ""
    registrations.cancel(people[3].id)

    did = done(order(meetup, Act.REISSUE, reason="티켓 사진이 퍼졌어요"))

    assert (did.number, dict(did.skipped)) == (1, {"came_in": 1, "no_address": 1, "has_no_ticket": 1})
    after = [tickets.current(each.id) for each in people]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True, False]
    assert audited("ticket.reissued") == 1


def test_cancelling_many_is_undone_as_far_as_seats_are_left_for_them() -> None:
    meetup, people = applied(3, mode=Mode.FIRST_COME)
    other, hopeful = applied(1)
    batch = tokens.uid()
    done(order(meetup, Act.CANCEL, *people[:2], reason="착오"), batch)
    done(order(other, Act.CANCEL, reason="착오"), batch)
    assert states(meetup) == [D, D, C]
    end_reading()

    undone = bulk.undo(order(meetup, Act.CANCEL), meetup.program_id, ORGANIZER, batch)
    bulk.undo(order(other, Act.CANCEL), other.program_id, ORGANIZER, batch)

    assert (undone.number, undone.skipped.total()) == (2, 0)
    assert states(meetup) == [C, W, C], "the first in line has a seat again, the other's went on"
    assert owed()[-3].kind == "registration_confirmed", "and is told once"
    assert states(other) == [A]
    assert fresh(hopeful[0]).status is A


def test_nobody_who_waited_gets_the_seat_of_somebody_who_is_cancelled_with_them_or_comes_back() -> None:
    meetup, people = applied(3, seats=2)
    decide(meetup, Decision.APPROVE, *people[1:])
    decide(meetup, Decision.WAITLIST, people[0])
    had = [tickets.current(each.id) for each in people]
    mails = len(owed())
    end_reading()
    batch = tokens.uid()

    done(order(meetup, Act.CANCEL, *people, reason="착오"), batch)
    told = [mail.kind for mail in owed()[mails:]]
    cancelled = states(meetup)
    end_reading()
    undone = bulk.undo(order(meetup, Act.CANCEL), meetup.program_id, ORGANIZER, batch)

    assert (cancelled, set(told)) == ([D, D, D], {"registration_declined"})
    assert (states(meetup), undone.number) == ([W, C, C], 3)
    assert [tickets.current(each.id) for each in people] == had


def test_an_undo_of_another_meetup_another_person_or_twice_brings_nobody_back() -> None:
    meetup, people = applied(2, mode=Mode.FIRST_COME)
    other, _ = applied(1)
    batch = tokens.uid()
    done(order(meetup, Act.CANCEL, people[0], reason="착오"), batch)
    end_reading()

    elsewhere = bulk.undo(order(other, Act.CANCEL), meetup.program_id, ORGANIZER, batch)
    colleague = bulk.undo(order(meetup, Act.CANCEL), meetup.program_id, "account:8", batch)
    first = bulk.undo(order(meetup, Act.CANCEL), meetup.program_id, ORGANIZER, batch)
    twice = bulk.undo(order(meetup, Act.CANCEL), meetup.program_id, ORGANIZER, batch)

    assert [elsewhere.number, colleague.number, first.number, twice.number] == [0, 0, 1, 0]
    assert dict(twice.skipped) == {"not_declined": 1}
    assert states(meetup) == [C, C]
