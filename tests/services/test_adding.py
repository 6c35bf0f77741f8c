"""An organizer registers one person by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.adding import Guest, Kind, Wish, read_guest
from app.domain.seating.modes import Mode
from app.models import (
    AuditEntry,
    ConsentRecord,
    Meetup,
    MeetupState,
    OutboxMail,
    Person,
    Registration,
    Source,
    Status,
    Ticket,
)
from app.services.organizing import attendee, certificates, tags
from app.services.registering import adding, registrations
from app.services.seating import reserved_seats, seat_counts
from tests.factories import make_alumnus, make_cohort, make_meetup, make_person, make_registration
from tests.support.pools import DAY, keep, of_two_cohorts

ORGANIZER = "account:7"


def guest(name: str = "한별", address: str = "", phone: str = "") -> Guest:
    return read_guest(name, address, phone)


def add(meetup: Meetup, **wish: Any) -> adding.Added:
    end_reading()
    if "person_id" not in wish:
        wish.setdefault("guest", guest())
    return adding.add(meetup.id, Wish(**{"token": tokens.uid(), **wish}), ORGANIZER)


def code_of(meetup: Meetup, **wish: Any) -> str:
    with pytest.raises(DomainError) as refused:
        add(meetup, **wish)
    return refused.value.code


def count(model: Any, *where: Any) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def over_by(meetup: Meetup) -> int:
    end_reading()
    return seat_counts.seating_of(db.session(), db.session.get_one(Meetup, meetup.id)).over_by


def test_a_new_guest_gets_a_seat_with_ticket_tags_mail_and_a_line_in_both_records(app: Flask):
    meetup = make_meetup(capacity=5)

    added = add(
        meetup,
        guest=guest("한별", "byeol@example.com", "01012345678"),
        kinds=[Kind.SPEAKER],
        tags=["연사"],
        companions=1,
        locale="en",
        reason="called on Monday",
    )

    row = added.registration
    assert (row.status, row.source, row.cohort_id, row.companions) == (
        Status.CONFIRMED,
        Source.ADDED,
        None,
        1,
    )
    assert (row.address, row.phone, row.locale) == ("byeol@example.com", "010-1234-5678", "en")
    assert row.is_verified
    assert row.notice_version is None
    assert count(ConsentRecord) == 0
    assert count(Ticket, Ticket.registration_id == row.id) == 1
    assert tags.of_registrations([row.id])[row.id] == ["연사"]
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.registration_id == row.id)).one()
    assert (mail.kind, mail.locale) == ("registration_confirmed", "en")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == adding.ACT)).one()
    assert (entry.subject, entry.actor, entry.reason) == (
        f"registration:{row.id}",
        ORGANIZER,
        "called on Monday",
    )
    moment = attendee.history(row.id)[-1]
    assert (moment.act, moment.actor, moment.reason) == ("added", ORGANIZER, "called on Monday")


def test_the_programmes_own_person_comes_by_their_latest_cohort_wherever_the_meetup_is_open_to(app: Flask):
    meetup, first, third = of_two_cohorts(seats=5)
    elsewhere = make_alumnus(make_cohort(meetup.program, 9))
    both = make_alumnus(first)

    rows = [add(meetup, person_id=each.id).registration for each in (both, elsewhere)]

    assert [row.cohort.ordinal for row in rows if row.cohort] == [1, 9]
    assert [row.address for row in rows] == [both.addresses[0].address, elsewhere.addresses[0].address]
    assert third.ordinal == 3


def test_who_has_a_place_keeps_it_as_it_is(app: Flask):
    meetup = make_meetup(capacity=1)
    held = make_registration(meetup, status=Status.WAITLISTED)

    added = add(meetup, person_id=held.person_id, companions=3)

    assert (added.is_new, added.registration.id) == (False, held.id)
    assert count(Registration) == 1
    assert count(AuditEntry, AuditEntry.act == adding.ACT) == 0


def test_one_form_pressed_twice_adds_one_guest_and_another_name_another(app: Flask):
    meetup, form = make_meetup(capacity=5), tokens.uid()

    first, again, other = (add(meetup, token=form, guest=guest(name)) for name in ("한별", "한별", "두별"))

    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert first.registration.id == again.registration.id
    assert count(Registration) == 2


def test_a_form_that_comes_again_after_the_place_was_cancelled_says_so(app: Flask):
    meetup, form = make_meetup(capacity=5), tokens.uid()
    added = add(meetup, token=form, guest=guest("한별"))
    registrations.decline(added.registration.id, ORGANIZER, "착오")
    end_reading()

    assert code_of(meetup, token=form, guest=guest("한별")) == "added_and_ended"
    assert add(meetup, guest=guest("한별")).is_new


def test_two_presses_at_once_add_one(app: Flask):
    meetup, form = make_meetup(capacity=5), tokens.uid()

    def press(_n: int) -> None:
        with app.app_context():
            adding.add(meetup.id, Wish(token=form, guest=guest("한별", "byeol@example.com")), ORGANIZER)

    end_reading()
    with ThreadPoolExecutor(4) as presses:
        list(presses.map(press, range(4)))

    assert count(Registration) == 1
    assert count(Person, Person.name == "한별") == 1


def test_of_many_added_at_once_so_many_have_seats_as_there_are(app: Flask):
    meetup = make_meetup(capacity=3)
    end_reading()

    def press(n: int) -> str:
        with app.app_context():
            try:
                return adding.add(
                    meetup.id, Wish(token=f"{n}", guest=guest(f"손님 {n}")), ORGANIZER
                ).registration.status
            except DomainError as refusal:
                return refusal.code

    with ThreadPoolExecutor(8) as presses:
        got = sorted(presses.map(press, range(8)))

    assert got == [Status.CONFIRMED] * 3 + ["full"] * 5
    assert over_by(meetup) == 0


def test_a_full_meetup_asks_whether_they_wait_and_seats_nobody_past_it(app: Flask):
    meetup = make_meetup(capacity=1)
    make_registration(meetup)

    refused = code_of(meetup)
    waits = add(meetup, guest=guest("두별"), waits_if_full=True)

    assert refused == "full"
    assert waits.registration.status is Status.WAITLISTED
    assert over_by(meetup) == 0
    assert count(Person, Person.name == "한별") == 0, "who was refused leaves nothing"
    assert attendee.history(waits.registration.id)[-1].act == "added_without_seat"


def test_seats_that_are_kept_for_others_are_not_given_unasked(app: Flask):
    meetup, _, _ = of_two_cohorts(seats=1)
    keep(meetup, c3=1)

    assert code_of(meetup) == "full_but_kept"
    assert add(meetup, waits_if_full=True).registration.status is Status.WAITLISTED


def test_a_speaker_takes_a_seat_that_is_reserved_without_a_name(app: Flask):
    meetup, _, _ = of_two_cohorts(seats=1)
    keep(meetup, reserved=1)

    staff = code_of(meetup, kinds=[Kind.STAFF])
    speaker = add(meetup, kinds=[Kind.SPEAKER]).registration

    assert staff == "full_but_kept"
    assert speaker.status is Status.CONFIRMED
    assert reserved_seats.role_of(speaker) == "speaker"
    assert code_of(meetup, guest=guest("두별"), kinds=[Kind.SPEAKER]) == "full"


def test_who_waits_where_organizers_choose_applies_like_everybody(app: Flask):
    meetup = make_meetup(capacity=1, mode=Mode.APPROVAL)
    make_registration(meetup)

    assert add(meetup, waits_if_full=True).registration.status is Status.APPLIED


def test_an_address_that_somebody_has_leads_to_them(app: Flask):
    meetup = make_meetup(capacity=5)
    known = make_person(meetup.program, address="kim@example.com")

    with pytest.raises(DomainError) as refused:
        add(meetup, guest=guest("다른 이름", "Kim@Example.com"))

    assert (refused.value.code, refused.value.params) == ("guest_is_known", {"person": known.id})


def test_nobody_is_added_to_a_draft_or_to_what_is_over_or_from_elsewhere(app: Flask):
    stranger = make_alumnus()

    assert code_of(make_meetup(state=MeetupState.DRAFT)) == "add_before_publishing"
    assert code_of(make_meetup(state=MeetupState.CALLED_OFF)) == "meetup_called_off"
    assert code_of(make_meetup(), person_id=stranger.id) == "no_such_person"


def test_no_mail_goes_out_where_none_is_wanted(app: Flask):
    add(make_meetup(capacity=5), guest=guest("한별", "byeol@example.com"), tells=False)

    assert count(OutboxMail) == 0


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (("", "", ""), "unnamed"),
        (("ㄱ" * 201, "", ""), "name_too_long"),
        (("한별 900101-1234567", "", ""), "resident_number_typed"),
        (("한별", "byeol@", ""), "bad_address"),
        (("한별", "", "12"), "bad_phone"),
    ],
)
def test_what_cannot_be_kept_is_refused(typed: tuple[str, str, str], code: str):
    with pytest.raises(DomainError) as refused:
        read_guest(*typed)

    assert refused.value.code == code


def test_a_guest_may_have_a_phone_of_elsewhere():
    assert guest(phone="+1 650-253-0000").phone == "+1 650-253-0000"


def test_a_guest_whom_an_organizer_added_earns_a_certificate_by_coming(app: Flask):

    meetup = make_meetup(capacity=5)
    row = add(meetup).registration
    with transaction() as session:
        held = session.get_one(Registration, row.id)
        held.admitted_at = now()
        held.meetup.starts_at, held.meetup.ends_at = now() - 2 * DAY, now() - DAY

    assert certificates.stands(db.session.get_one(Registration, row.id))
