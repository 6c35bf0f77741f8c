"""Seats that are kept: quotas that flow back, reserved seats, and what a change of them does to people."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.domain.seating.approvals import Decision, Rest, Wish
from app.domain.seating.modes import Mode
from app.domain.seating.pools import GuestRole
from app.domain.seating.seat_pools import SeatPools
from app.models import AuditEntry, Meetup, Registration
from app.services.alumni import joining
from app.services.door import door_release, walk_ins
from app.services.registering import companions, registrations
from app.services.running import schedule
from app.services.seating import (
    approvals,
    line,
    reserved_seats,
    seat_counts,
    seat_pools,
    seat_rules,
    waitlist,
)
from tests.factories import make_account, make_alumnus, make_registration
from tests.support.counting import statements
from tests.support.draws import by_draw, draw_of, hold_in_time, seats_by
from tests.support.offers import HOUR, fresh, history, later, states
from tests.support.pools import DAY, ORGANIZER, comes, keep, kept, of_two_cohorts
from tests.support.registering import owed

pytestmark = pytest.mark.usefixtures("app")
A, C, W, X, D = Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED, Status.DECLINED


def refused(act: object, *args: object, **more: object) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*args, **more)  # type: ignore[operator]
    return refusal.value


def unusable(meetup: Meetup, **wanted: object) -> dict[str, str]:
    values = {"reserved": 0, "quotas": {}, "until": None} | wanted
    with pytest.raises(Unusable) as refusal:
        seat_pools.save(meetup.id, SeatPools(**values), ORGANIZER)  # type: ignore[arg-type]
    return {name: problem.code for name, problem in refusal.value.problems.items()}


def test_a_cohorts_seats_are_kept_for_it_until_the_date_and_then_go_on_in_the_order_of_the_line() -> None:
    meetup, first, third = of_two_cohorts(seats=4)
    until = keep(meetup, c3=2)
    people = [comes(meetup, first) for _ in range(4)] + [comes(meetup, third)]

    assert states(meetup) == [C, C, W, W, C]
    waits = line.place_of(fresh(people[2]))
    assert (waits.place, waits.stopped, waits.kept.cohorts[third.id].unused) == (1, None, 1)

    with later(until - now()):
        newcomer = comes(meetup, third)  # before any worker looked
        assert schedule.run_due() == 1
        assert schedule.run_due() == 0
        assert kept(meetup).cohorts == {}

    assert newcomer.status is W, "once the seats are everybody's, nobody passes those who wait"
    assert states(meetup) == [C, C, C, W, C, W]
    assert history(people[2])[-1] == (C, "promotion", "")
    done = select(func.count()).where(AuditEntry.act == "quotas.flowed_back")
    assert db.session.scalar(done.select_from(AuditEntry)) == 1


def test_a_flow_back_that_no_worker_saw_in_time_is_made_up_for() -> None:
    meetup, first, _ = of_two_cohorts(seats=2)
    until = keep(meetup, c3=2)
    waiting = comes(meetup, first)

    with later(until - now() + 5 * HOUR):
        while schedule.run_due():
            pass

    assert fresh(waiting).status is C


def test_a_cohorts_freed_seat_stays_in_the_cohort_while_it_is_kept() -> None:
    meetup, first, third = of_two_cohorts(seats=2)
    keep(meetup, c3=1)
    people = [comes(meetup, third), comes(meetup, first), comes(meetup, first), comes(meetup, third)]
    assert states(meetup) == [C, C, W, W]

    registrations.cancel(people[0].id)
    assert states(meetup) == [X, C, W, C]
    registrations.cancel(people[1].id)
    assert states(meetup) == [X, X, C, C]


def test_quotas_set_on_a_full_meetup_take_nobodys_seat_and_are_met_as_seats_are_freed() -> None:
    meetup, first, third = of_two_cohorts(seats=2)
    people = [comes(meetup, first) for _ in range(3)] + [comes(meetup, third)]
    wanted = SeatPools(reserved=0, quotas={third.id: 1}, until=now() + DAY)

    effect = seat_pools.effect_of(db.session.get_one(Meetup, meetup.id), wanted)
    assert (effect.moving, effect.waiting, effect.short) == (0, 2, 1)
    keep(meetup, c3=1)
    assert states(meetup) == [C, C, W, W]

    registrations.cancel(people[0].id)
    assert states(meetup) == [X, C, W, C], "it is cohort 3's turn, not the first one's in line"

    keep(meetup)
    registrations.cancel(people[1].id)
    assert states(meetup) == [X, X, C, C]


def test_what_can_not_be_kept_is_refused_at_its_field() -> None:
    meetup, first, third = of_two_cohorts(seats=3)
    soon = now() + DAY

    assert unusable(meetup, quotas={third.id: 4}, until=soon) == {"quotas": "kept_over_seats"}
    assert unusable(meetup, reserved=2, quotas={first.id: 2}, until=soon) == {"quotas": "kept_over_seats"}
    assert unusable(meetup, quotas={third.id: 1}) == {"until": "time_missing"}
    assert unusable(meetup, quotas={third.id: 1}, until=now() - HOUR) == {"until": "flow_back_in_the_past"}
    assert unusable(meetup, quotas={third.id: 1}, until=meetup.starts_at + HOUR) == {
        "until": "flow_back_too_late"
    }
    reserved_seats.assign(meetup.id, make_alumnus(first).id, GuestRole.SPEAKER, ORGANIZER)
    assert unusable(meetup, reserved=0) == {"reserved": "reserved_below_named"}


def test_somebody_who_is_named_has_one_seat_in_a_full_house_and_an_unnamed_seat_competes_with_nobody() -> (
    None
):
    meetup, first, third = of_two_cohorts(seats=3)
    speaker, late = make_alumnus(third), make_alumnus(first)
    keep(meetup, reserved=2)
    reserved_seats.assign(meetup.id, speaker.id, GuestRole.SPEAKER, ORGANIZER)
    waiting = [comes(meetup, first), comes(meetup, first)]
    assert states(meetup) == [C, W]

    spoke = comes(meetup, third, speaker)

    assert (spoke.status, comes(meetup, third, speaker).id) == (C, spoke.id)
    pool = kept(meetup).reserved
    assert (pool.seats, pool.taken, pool.unused) == (2, 1, 1)
    registrations.cancel(spoke.id)
    assert states(meetup) == [C, W, X], "their seat stays theirs"
    assert comes(meetup, third, speaker).status is C

    reserved_seats.assign(meetup.id, late.id, GuestRole.GUEST, ORGANIZER)
    reserved_seats.release(meetup.id, late.id, ORGANIZER, keep_seat=False)
    assert fresh(waiting[1]).status is C, "a seat that is no longer reserved goes to the first in line"


def test_somebody_who_waits_applied_or_is_in_a_draw_has_their_seat_once_they_are_named() -> None:
    meetup, first, _ = of_two_cohorts(seats=3)
    keep(meetup, reserved=1)
    rows = [comes(meetup, first) for _ in range(4)]
    assert states(meetup) == [C, C, W, W]
    last = rows[3]
    reserved_seats.assign(meetup.id, last.person_id, GuestRole.GUEST_OF_HONOUR, ORGANIZER)
    assert history(last)[-1] == (C, ORGANIZER, reserved_seats.RESERVED)
    assert [mail.registration_id for mail in owed("registration_promoted")] == [last.id]

    chosen, cohort, _ = of_two_cohorts(seats=2, mode=Mode.APPROVAL)
    applied = comes(chosen, cohort)
    reserved_seats.assign(chosen.id, applied.person_id, GuestRole.SPEAKER, ORGANIZER)
    assert states(chosen) == [C]


def test_a_draw_neither_gives_nor_asks_for_reserved_seats_and_quotas_do_not_hold_in_it() -> None:
    meetup, first, third = of_two_cohorts(seats=4)
    keep(meetup, reserved=1, c3=2)
    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    assert draw_of(meetup).rules.seats == 3
    people = [comes(meetup, first) for _ in range(5)]
    assert states(meetup) == [A] * 5

    reserved_seats.assign(meetup.id, people[0].person_id, GuestRole.SPEAKER, ORGANIZER)
    hold_in_time(meetup)

    assert fresh(people[0]).status is C
    assert sorted(states(meetup)) == sorted([C] * 4 + [W])
    assert (draw_of(meetup).entries or "").count("\n") - 1 == 4
    seat_rules.save(meetup.id, seats_by(Mode.FIRST_COME), ORGANIZER)
    assert comes(meetup, third).status is W


def test_another_number_of_reserved_seats_before_the_deadline_is_another_commitment() -> None:
    meetup, *_ = of_two_cohorts(seats=4)
    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    before = draw_of(meetup).commitment

    keep(meetup, reserved=1)

    assert draw_of(meetup).rules.seats == 3
    assert draw_of(meetup).commitment != before


def test_whom_organizers_choose_or_give_a_seat_can_not_have_one_that_is_kept_for_others() -> None:
    meetup, first, third = of_two_cohorts(seats=3, mode=Mode.APPROVAL)
    keep(meetup, c3=2)
    rows = [comes(meetup, first), comes(meetup, first), comes(meetup, third)]
    everybody = frozenset(row.reference for row in rows)
    wish = Wish(decision=Decision.APPROVE, references=everybody)

    refusal = refused(approvals.decide, meetup.id, wish, ORGANIZER)
    assert (refusal.code, refusal.params) == ("more_than_open", {"people": 3, "open": 2, "kept": 2})
    rest = Wish(decision=Decision.APPROVE, references=everybody, rest=Rest.WAITLIST)
    decided = approvals.decide(meetup.id, rest, ORGANIZER)

    assert (decided.seated, decided.waiting) == (2, 1)
    assert states(meetup) == [C, W, C]
    assert refused(waitlist.confirm, rows[1].id, "왜", ORGANIZER).code == "seats_kept"
    assert refused(waitlist.offer, rows[1].id, "왜", ORGANIZER).code == "seats_kept"


def test_companions_are_people_of_their_hosts_cohort() -> None:
    meetup, first, third = of_two_cohorts(seats=4, companions_most=2)
    keep(meetup, c3=2)
    one, two = comes(meetup, first), comes(meetup, third)

    companions.set_own(one.id, 1)
    assert refused(companions.set_own, one.id, 2).code == "companions_no_seats"
    assert refused(companions.set_number, one.id, 2, ORGANIZER).code == "companions_kept"
    companions.set_own(two.id, 1)

    pool = kept(meetup).cohorts[third.id]
    assert (pool.taken, pool.unused) == (2, 0)
    assert companions.set_number(one.id, 2, ORGANIZER, over=True) == 1


def test_at_the_door_a_kept_seat_takes_a_yes_and_a_guests_is_not_given_to_who_is_there() -> None:
    begins = now() - HOUR
    meetup, first, _ = of_two_cohorts(
        seats=2,
        starts_at=begins,
        ends_at=begins + 3 * HOUR,
        door_releases_after=10,
        closes_at=begins + 2 * HOUR,
    )
    with transaction() as session:
        session.get_one(Meetup, meetup.id).reserved_seats = 2
    guest, account = make_alumnus(first), make_account()
    reserved_seats.assign(meetup.id, guest.id, GuestRole.GUEST, ORGANIZER)
    comes(meetup, first, guest)
    waiting = comes(meetup, first)
    body = {"id": "00000000-0000-4000-8000-000000000001", "name": "손님"}

    assert waiting.status is W
    asked = refused(walk_ins.admit_at_desk, meetup.id, account.id, body)
    assert (asked.code, asked.params) == ("walk_in_kept", {"kept": 1})
    wish = {"id": "00000000-0000-4000-8000-000000000002", "registration": waiting.reference}
    assert refused(door_release.admit_at_desk, meetup.id, account.id, wish).code == "no_seat_released"
    assert walk_ins.admit_at_desk(meetup.id, account.id, body | {"over": True}).over_by == 0


def test_only_who_may_come_can_be_named_and_naming_more_than_there_are_seats_is_refused() -> None:
    meetup, first, _ = of_two_cohorts(seats=1)
    stranger = make_registration(meetup).person_id

    assert (
        refused(reserved_seats.assign, meetup.id, stranger, GuestRole.GUEST, ORGANIZER).code
        == "reserved_not_eligible"
    )
    assert (
        refused(reserved_seats.assign, meetup.id, 999_999, GuestRole.GUEST, ORGANIZER).code
        == "reserved_unknown"
    )
    reserved_seats.assign(meetup.id, make_alumnus(first).id, GuestRole.GUEST, ORGANIZER)
    end_reading()
    another = make_alumnus(first).id
    assert (
        refused(reserved_seats.assign, meetup.id, another, GuestRole.GUEST, ORGANIZER).code
        == "kept_over_seats"
    )


def test_the_seats_of_all_pools_are_counted_with_one_query_however_many_people_and_pools() -> None:
    meetup, first, third = of_two_cohorts(seats=9)
    keep(meetup, reserved=1, c1=2, c3=2)
    for cohort in (first, first, third):
        comes(meetup, cohort)
    end_reading()
    row = db.session.get_one(Meetup, meetup.id)

    with statements() as seen:
        seating = seat_counts.seating_of(db.session(), row)

    assert len(seen) == 1
    assert (seating.held, seating.free, seating.common) == (3, 6, 4)
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 3


def test_who_turns_out_to_be_somebody_who_is_named_has_the_reserved_seat_and_leaves_theirs_to_the_line() -> (
    None
):
    meetup, first, third = of_two_cohorts(seats=2)
    keep(meetup, reserved=1)
    speaker = make_alumnus(third)
    reserved_seats.assign(meetup.id, speaker.id, GuestRole.SPEAKER, ORGANIZER)
    rows = [comes(meetup, first) for _ in range(3)]
    assert states(meetup) == [C, W, W]

    joining.join(meetup.program_id, rows[2].person_id, speaker.id, ORGANIZER, "같은 사람이에요")

    assert states(meetup) == [C, W, C]
    assert kept(meetup).reserved.taken == 1
