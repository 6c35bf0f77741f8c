"""Approval: people apply, organizers decide, and nobody is seated past the seats."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.domain.errors import DomainError
from app.domain.seating.approvals import Decision, Rest, Wish
from app.domain.seating.modes import Effect, Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.domain.seating.tables import Seating
from app.models import AuditEntry, MailState, Meetup, OutboxMail, Registration, Status
from app.services.meeting import tables
from app.services.meeting.tables import Wanted
from app.services.organizing import attendee
from app.services.registering import registrations, tickets
from app.services.seating import approvals, seat_rules, waitlist
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.services.test_mails import written
from tests.support.offers import fresh, history, offering, states, with_companions
from tests.support.registering import all_go_out, owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
ORGANIZER = "account:7"
A, C, W, D, O = Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED, Status.OFFERED  # noqa: E741


def applied(number: int, *, seats: int = 2, mode: Mode = Mode.APPROVAL) -> tuple[Meetup, list[Registration]]:
    """A meetup at which so many people applied."""
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=seats, mode=mode)
    return meetup, [register(meetup, make_alumnus(cohort)) for _ in range(number)]


def decide(meetup: Meetup, decision: Decision, *people: Registration, **more: object) -> approvals.Decided:
    named = frozenset(person.reference for person in people)
    wish = Wish(decision=decision, references=named, **more)  # type: ignore[arg-type]
    return approvals.decide(meetup.id, wish, ORGANIZER)


def queued() -> list[OutboxMail]:
    return [mail for mail in owed() if mail.state is MailState.QUEUED]


def rules(mode: Mode, freed: FreedSeats = FreedSeats.CONFIRM) -> SeatRules:
    return SeatRules(mode=mode, freed_seats=freed, offer_hours=24, last_call_hours=None)


def test_registering_is_applying_also_while_seats_are_free() -> None:
    meetup, people = applied(2)

    assert states(meetup) == [A, A]
    assert [mail.registration_id for mail in owed("registration_applied")] == [p.id for p in people]
    assert tickets.current(people[0].id) is None


def test_the_chosen_get_seats_tickets_and_a_mail_with_the_note_if_that_is_wanted() -> None:
    meetup, people = applied(3)

    decided = decide(meetup, Decision.APPROVE, people[2], people[0], note="환영해요", note_in_mail=True)

    assert (decided.seated, decided.waiting) == (2, 0)
    assert states(meetup) == [C, A, C]
    assert history(people[2])[-1] == (C, ORGANIZER, "환영해요")
    assert tickets.current(people[2].id) is not None
    assert [mail.params for mail in owed("registration_confirmed")] == [{"note": "환영해요"}] * 2


def test_a_note_stays_with_the_organizers_unless_it_is_put_into_the_mail() -> None:
    meetup, people = applied(1)

    decide(meetup, Decision.DECLINE, people[0], note="지난번 불참")

    assert owed("registration_not_selected")[0].params == {}
    assert history(people[0])[-1] == (D, ORGANIZER, "지난번 불참")


def test_more_people_than_seats_is_refused_and_nobody_is_decided_about() -> None:
    meetup, people = applied(3)

    with pytest.raises(DomainError) as refusal:
        decide(meetup, Decision.APPROVE, *people)

    assert (refusal.value.code, refusal.value.params) == ("more_than_free", {"people": 3, "free": 2})
    assert states(meetup) == [A, A, A]


def test_the_rest_goes_on_the_waitlist_when_somebody_says_so_in_the_order_of_applying() -> None:
    meetup, people = applied(4)

    decided = decide(meetup, Decision.APPROVE, *people[1:], rest=Rest.WAITLIST)

    assert (decided.seated, decided.waiting) == (2, 1)
    assert states(meetup) == [A, C, C, W]
    registrations.cancel(people[1].id)
    assert states(meetup)[3] is C, "the waitlist moves by itself"


def test_nobody_overtakes_a_party_that_does_not_fit() -> None:
    meetup, people = applied(3)
    with_companions(people[1], 1)

    decided = decide(meetup, Decision.APPROVE, *people, rest=Rest.WAITLIST)

    assert (decided.seated, decided.waiting) == (1, 2)
    assert states(meetup) == [C, W, W]


def test_whoever_withdrew_meanwhile_is_counted_and_left_alone() -> None:
    meetup, people = applied(2)
    registrations.cancel(people[0].id)

    decided = decide(meetup, Decision.APPROVE, *people)

    assert (decided.seated, decided.gone) == (1, 1)
    assert states(meetup) == [Status.CANCELLED, C]


def test_foreign_references_are_nobody() -> None:
    meetup, _ = applied(1)
    other, strangers = applied(1)

    decided = decide(meetup, Decision.APPROVE, *strangers)

    assert (decided.seated, decided.gone) == (0, 1)
    assert states(other) == [A]


def test_a_refusal_can_be_taken_back_and_the_person_is_told() -> None:
    meetup, people = applied(1)
    decide(meetup, Decision.DECLINE, people[0])
    assert [row.id for row in approvals.not_selected(meetup.id, 10)] == [people[0].id]
    assert approvals.was_not_selected(fresh(people[0]))

    approvals.take_back(people[0].id, ORGANIZER)

    assert states(meetup) == [A]
    assert [event[0] for event in history(people[0])] == [A, D, A]
    assert owed("registration_applied")[-1].params == {"reopened": True}
    with pytest.raises(DomainError) as refusal:
        approvals.take_back(people[0].id, ORGANIZER)
    assert refusal.value.code == "not_declined"


def test_a_cancellation_that_is_taken_back_gives_seat_ticket_and_table_back_and_one_mail_says_so() -> None:
    meetup, people = offering(seats=2, waiting=0)
    tables.lay(meetup.id, Wanted("2", Seating.MIX), ORGANIZER)
    had = tickets.current(people[1].id)
    registrations.decline(people[1].id, ORGANIZER, "잘못 눌렀어요")
    all_go_out()

    approvals.take_back(people[1].id, ORGANIZER)

    assert states(meetup) == [C, C], "and not offered a seat of their own"
    ticket = tickets.current(people[1].id)
    assert had
    assert ticket
    assert (ticket.id, tickets.code_of(ticket)) == (had.id, tickets.code_of(had))
    assert tables.numbers_of([people[1].id]) == {people[1].id: 1}
    assert [mail.kind for mail in queued()] == ["registration_confirmed"]
    for locale, words in (
        ("en", "the ticket you had works again"),
        ("ko", "갖고 있던 티켓을 그대로 쓰면 돼요"),
    ):
        message = written("registration_confirmed", locale)
        assert all(words in " ".join(text.split()) for text in (text_of(message), html_of(message)))


def test_a_seat_that_went_on_stays_where_it_went() -> None:
    meetup, people = offering(seats=2, waiting=1)
    registrations.decline(people[1].id, ORGANIZER, "잘못 눌렀어요")
    all_go_out()

    approvals.take_back(people[1].id, ORGANIZER)

    assert states(meetup) == [C, W, O]
    assert [mail.kind for mail in queued()] == ["registration_waitlisted"]
    assert tickets.current(people[1].id) is None


def test_a_place_at_a_table_that_somebody_else_took_stays_theirs() -> None:
    meetup, people = offering(seats=2, waiting=0)
    tables.lay(meetup.id, Wanted("1", Seating.MIX), ORGANIZER)
    ids = {person.id for person in people}
    (sat,) = tables.numbers_of(list(ids))
    (late,) = ids - {sat}
    registrations.decline(sat, ORGANIZER, "잘못 눌렀어요")
    tables.move(meetup.id, late, 1, "", ORGANIZER)

    approvals.take_back(sat, ORGANIZER)

    assert states(meetup) == [C, C]
    assert tables.numbers_of(list(ids)) == {late: 1}


def test_who_only_had_an_offer_gets_one_mail_with_the_next() -> None:
    meetup, people = offering(seats=1, waiting=1)
    registrations.cancel(people[0].id)
    registrations.decline(people[1].id, ORGANIZER, "잘못 눌렀어요")
    all_go_out()

    approvals.take_back(people[1].id, ORGANIZER)

    assert states(meetup)[1] is O
    assert [mail.kind for mail in queued()] == ["registration_offered"]


def test_the_records_tell_a_cancellation_that_was_taken_back_from_a_refusal() -> None:
    meetup, people = applied(2)
    decide(meetup, Decision.APPROVE, people[1])
    for person in people:
        registrations.decline(person.id, ORGANIZER, "x")
        approvals.take_back(person.id, ORGANIZER)

    acts = ["registration.decline_taken_back", "registration.cancellation_taken_back"]
    found = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.id))
    assert list(found) == acts
    for person, act in zip(people, acts, strict=True):
        assert act.partition(".")[2] in [moment.act for moment in attendee.history(person.id)]


def test_whoever_registered_again_has_one_place_and_nothing_to_take_back() -> None:
    meetup, people = applied(1)
    decide(meetup, Decision.DECLINE, people[0])
    register(meetup, fresh(people[0]).person)

    with pytest.raises(DomainError) as refusal:
        approvals.take_back(people[0].id, ORGANIZER)

    assert refusal.value.code == "registered_again"
    assert states(meetup) == [D, A]


def test_a_cancellation_is_taken_back_also_while_freed_seats_go_to_nobody() -> None:
    meetup, people = applied(2, seats=1, mode=Mode.FIRST_COME)
    waitlist.pause(meetup.id, "확인 중", ORGANIZER)
    registrations.decline(people[0].id, ORGANIZER, "착오")
    assert not approvals.was_not_selected(fresh(people[0]))

    approvals.take_back(people[0].id, ORGANIZER)

    assert states(meetup) == [C, W]
    assert tickets.current(people[0].id) is not None


def test_with_approval_from_now_on_nobody_loses_anything() -> None:
    meetup, _ = applied(3, seats=2, mode=Mode.FIRST_COME)

    seat_rules.save(meetup.id, rules(Mode.APPROVAL), ORGANIZER)
    register(meetup, make_alumnus(meetup.cohorts[0]))

    assert states(meetup) == [C, C, W, A]


def test_without_choosing_those_who_applied_get_the_free_seats_in_their_order() -> None:
    meetup, people = applied(5)
    decide(meetup, Decision.WAITLIST, people[1])
    with_companions(people[0], 0)
    waitlist.pause(meetup.id, "잠깐", ORGANIZER)
    waitlist.resume(meetup.id, ORGANIZER)
    assert states(meetup) == [A, C, A, A, A], "a seat was free, so the waitlist moved"
    assert seat_rules.effect_of(meetup) == Effect(seated=1, waiting=3)

    seat_rules.save(meetup.id, rules(Mode.FIRST_COME, FreedSeats.OFFER), ORGANIZER)

    assert states(meetup) == [C, C, W, W, W]
    assert history(people[2])[-1] == (W, ORGANIZER, seat_rules.NO_LONGER_CHOSEN)
    assert len(owed("registration_confirmed")) == 1
    assert len(owed("registration_waitlisted")) == 1 + 3
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "seats.rules_changed")).one()
    assert entry.details["changed"] == ["mode", "freed_seats"]


def test_saving_the_rules_twice_changes_nothing(app: Flask) -> None:
    meetup, _ = applied(1)
    seat_rules.save(meetup.id, rules(Mode.APPROVAL), ORGANIZER)

    version = seat_rules.save(meetup.id, rules(Mode.APPROVAL), ORGANIZER).version

    assert version == 1
