"""What waits for a decision is read from what is there, and gone once it is decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.clock import now
from app.db import end_reading, transaction
from app.domain import tokens
from app.domain.fees.terms import Terms
from app.domain.registering.registrations import Status
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.models import Image, MailState, Meetup, OutboxMail, Registration, Source, StoryPhoto
from app.services.fees import payments, terms
from app.services.mails import mail_fates
from app.services.mails.mail_fates import Health
from app.services.organizing import decisions, stories, story_photos
from app.services.organizing.decisions import Decision
from app.services.registering import registrations
from tests.factories import make_alumnus, make_cohort, make_meetup, make_registration
from tests.support.registering import register

pytestmark = pytest.mark.usefixtures("app")
DAY = dt.timedelta(days=1)
CALM = Health()


def meetup_with(**fields: Any) -> Meetup:
    return make_meetup(cohorts=[make_cohort()], **fields)


def told(meetup: Meetup, mails: Health = CALM, **counted: int) -> dict[Decision, int]:
    end_reading()
    found = decisions.of_meetup(meetup, {Status(key): n for key, n in counted.items()}, mails, people=7)
    return {each.what: each.number for each in found}


def test_where_nothing_waits_the_list_is_empty() -> None:
    meetup = meetup_with()
    register(meetup, make_alumnus(meetup.cohorts[0]))

    assert told(meetup) == {}


def test_what_was_counted_already_stands_in_the_order_in_which_it_presses() -> None:
    meetup = meetup_with(mode=Mode.APPROVAL)
    mails = Health({MailState.FAILED: 3, MailState.SENT: 9})

    found = told(meetup, mails, pending=2, applied=5)

    assert list(found.items()) == [(Decision.LIST_CHECKS, 2), (Decision.APPLICANTS, 5), (Decision.BOUNCED, 3)]


def test_of_offers_it_says_until_when_the_first_is_held() -> None:
    meetup = meetup_with(capacity=1, freed_seats=FreedSeats.OFFER)
    first, *_waiting = [register(meetup, make_alumnus(meetup.cohorts[0])) for _ in range(3)]
    registrations.cancel(first.id)

    end_reading()
    (found,) = decisions.of_meetup(meetup, {Status.OFFERED: 1}, CALM, people=1)

    assert (found.what, found.number) == (Decision.OFFERS, 1)
    assert found.until is not None
    assert found.until > now()


@pytest.mark.parametrize(("days", "found"), [(-1, {}), (1, {Decision.DRAW: 4})])
def test_a_draw_is_to_be_held_once_nobody_enters_any_more(days: int, found: dict[Decision, int]) -> None:
    meetup = meetup_with(mode=Mode.DRAW, draw_until=now() - days * DAY)

    assert told(meetup, applied=4) == found


def test_walk_ins_wait_until_they_are_verified_where_the_meetup_verifies_them() -> None:
    meetup = meetup_with()
    cohort = meetup.cohorts[0]
    for cohort_said in (cohort, None):
        make_registration(meetup, cohort=cohort_said, source=Source.WALK_IN, is_verified=False)

    assert told(meetup) == {Decision.WALK_INS: 1}


def test_who_has_not_paid_in_time_and_who_gets_money_back() -> None:
    meetup = meetup_with()
    late, paid, gone = (register(meetup, make_alumnus(meetup.cohorts[0])) for _ in range(3))
    fee = Terms(amount=10_000, bank="예시은행", account="110-1234", holder="동문회", days=3)
    terms.save(meetup.id, fee, "account:1")
    assert told(meetup) == {}
    for row in (paid, gone):
        payments.book(row.id, None, "account:1")
    registrations.cancel(gone.id)

    with time_machine.travel(now() + 4 * DAY):
        assert told(meetup) == {Decision.UNPAID: 1, Decision.REFUNDS: 1}
        payments.book(late.id, None, "account:1")
        payments.refund(gone.id, "account:1", done=True)
        assert told(meetup) == {}


def test_those_who_were_asked_and_said_nothing_until_the_meetup_begins() -> None:
    meetup = meetup_with(still_coming_hours=48)
    row = register(meetup, make_alumnus(meetup.cohorts[0]))
    with transaction() as session:
        session.get_one(Meetup, meetup.id).asks_at = meetup.starts_at - 2 * DAY
        session.get_one(Registration, row.id).asked_for = meetup.appointment

    assert told(meetup) == {}
    with time_machine.travel(meetup.starts_at - DAY):
        assert told(meetup) == {Decision.UNANSWERED: 1}
    with time_machine.travel(meetup.starts_at + DAY / 24):
        assert told(meetup) == {}


def test_a_code_that_reached_no_stranger_is_no_mail_to_look_after() -> None:
    meetup = meetup_with()
    register(meetup, make_alumnus(meetup.cohorts[0]))
    with transaction() as session:
        for mail in session.scalars(select(OutboxMail).where(OutboxMail.meetup_id == meetup.id)):
            mail.state = MailState.FAILED
            code = {
                "kind": "proof",
                "locale": "ko",
                "address": "typo@example.com",
                "params": {},
                "due_at": now(),
            }
            session.add(
                OutboxMail(meetup_id=meetup.id, state=MailState.FAILED, message_id=tokens.uid(), **code)
            )
    end_reading()
    listed = mail_fates.listed(meetup.id, MailState.FAILED, start=0, size=9)
    failed = mail_fates.health(meetup.id)

    assert failed.states[MailState.FAILED] > len(listed) == failed.failed
    assert told(meetup, failed) == {Decision.BOUNCED: len(listed)}


def test_a_photo_that_was_taken_down_and_words_that_were_refused_wait_for_the_organizers() -> None:
    over = now() - DAY
    meetup = meetup_with(starts_at=over - DAY, ends_at=over)
    shown, hidden = (_photo(meetup) for _ in range(2))
    speaker = make_registration(meetup)
    for words in ("하나", "둘"):
        stories.add_quote(meetup.id, speaker.reference, "", words, "account:1")
    end_reading()
    before = told(meetup)

    story_photos.ask_down(meetup, hidden, "저예요", "192.0.2.1")
    stories.decide_quote(speaker.id, stories.quotes_of(speaker.id)[0].id, False)

    assert (before, told(meetup)) == ({}, {Decision.PHOTOS: 1, Decision.QUOTES: 1})
    assert shown != hidden


def _photo(meetup: Meetup) -> str:
    with transaction() as session:
        picture = Image(
            program_id=meetup.program_id, sha256=tokens.uid(), media_type="image/webp", width=9, height=9
        )
        session.add(picture)
        session.flush()
        photo = StoryPhoto(
            uid=tokens.uid(),
            meetup_id=meetup.id,
            image_id=picture.id,
            small_id=picture.id,
            confirmed_by="account:1",
        )
        session.add(photo)
    return photo.uid
