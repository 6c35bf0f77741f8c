"""What of a meetup waits for somebody to decide: read from what is there. Of a meetup so large that counting takes a while, what the
door did and who hasn't answered is as it was a short while ago; the pages that these lead to are exact."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, true

from app.clock import now
from app.db import db
from app.domain.registering.registrations import ENDED, Status
from app.domain.seating.drawing import Drawing
from app.models import Fee, Meetup, MeetupState, Payment, Registration, StoryPhoto, StoryQuote
from app.services.door import door_conflicts, walk_in_checks
from app.services.mails.mail_fates import Health
from app.services.organizing.kept_counts import of_people
from app.services.registering import replies

LOOKED_AT = dt.timedelta(days=1)  # after the end: what the door did is looked at the next day, and then left


class Decision(enum.StrEnum):
    """In the order in which they press."""

    CONFLICTS = "conflicts"
    WALK_INS = "walk_ins"
    LIST_CHECKS = "list_checks"
    DRAW = "draw"
    APPLICANTS = "applicants"
    OFFERS = "offers"
    BOUNCED = "bounced"
    UNPAID = "unpaid"
    REFUNDS = "refunds"
    UNANSWERED = "unanswered"
    PHOTOS = "photos"
    QUOTES = "quotes"


@dataclass(frozen=True, slots=True)
class Open:
    """So many wait for a decision; `until`: what happens by itself then (an offer ends, seats are released)."""

    what: Decision
    number: int
    until: dt.datetime | None = None


def of_meetup(meetup: Meetup, counted: Mapping[Status, int], mails: Health, people: int) -> list[Open]:
    """What is open, with what the caller has counted: registrations by state, mails, `people` who are registered.

    Seven queries at most.
    """
    found = [
        *_at_the_door(meetup, people),
        Open(Decision.LIST_CHECKS, counted.get(Status.PENDING, 0)),
        *_chosen(meetup, counted.get(Status.APPLIED, 0)),
        *_offered(meetup, counted.get(Status.OFFERED, 0)),
        Open(Decision.BOUNCED, mails.failed),
        *_fees(meetup),
        *_unanswered(meetup, people),
        *_story(meetup),
    ]
    return sorted((each for each in found if each.number), key=lambda each: list(Decision).index(each.what))


def _at_the_door(meetup: Meetup, people: int) -> Iterator[Open]:
    yield Open(Decision.WALK_INS, walk_in_checks.number_waiting(meetup))
    if now() <= meetup.ends_at + LOOKED_AT:
        key = "conflicts", meetup.id
        yield Open(Decision.CONFLICTS, of_people(people, key, lambda: len(door_conflicts.of(meetup.id))))


def _chosen(meetup: Meetup, applied: int) -> Iterator[Open]:
    """Those whom nobody chose yet. While a draw is open for entries, its deadline decides."""
    stage = meetup.drawing(now())
    if stage is Drawing.CLOSED:
        yield Open(Decision.DRAW, max(applied, 1))
    elif stage is not Drawing.ENTERING:
        yield Open(Decision.APPLICANTS, applied)


def _offered(meetup: Meetup, offered: int) -> Iterator[Open]:
    if offered:
        here = Registration.meetup_id == meetup.id, Registration.status == Status.OFFERED
        first = db.session.scalar(select(func.min(Registration.offered_until)).where(*here))
        yield Open(Decision.OFFERS, offered, first)


def _story(meetup: Meetup) -> Iterator[Open]:
    """Photos that somebody wanted down, and words that their speaker doesn't let be shown: removed, or put right."""
    if now() < meetup.ends_at:
        return
    hidden = select(func.count()).where(StoryPhoto.meetup_id == meetup.id, StoryPhoto.hidden_at.is_not(None))
    refused = select(func.count()).where(
        StoryQuote.meetup_id == meetup.id, StoryQuote.refused_at.is_not(None)
    )
    photos, quotes = db.session.execute(select(hidden.scalar_subquery(), refused.scalar_subquery())).one()
    yield Open(Decision.PHOTOS, photos)
    yield Open(Decision.QUOTES, quotes)


def _fees(meetup: Meetup) -> Iterator[Open]:
    fee = meetup.fee
    if fee is None or not fee.amount:
        return
    yield Open(Decision.REFUNDS, _refunds(meetup))
    if meetup.state is not MeetupState.CALLED_OFF:
        yield Open(Decision.UNPAID, _unpaid(fee))


def _refunds(meetup: Meetup) -> int:
    """Paid, and no seat for it any more."""
    gone = true() if meetup.state is MeetupState.CALLED_OFF else Registration.status.in_(ENDED)
    query = (
        select(func.count())
        .select_from(Payment)
        .join(Registration, Registration.id == Payment.registration_id)
        .where(Registration.meetup_id == meetup.id, gone, Payment.amount > 0, Payment.refunded_at.is_(None))
    )
    return db.session.scalar(query) or 0


def _unpaid(fee: Fee) -> int:
    """Seats of those who should have paid by now."""
    known = fee.terms.known_before(now())
    if known is None or fee.told_at > known:
        return 0
    paid = select(Payment.id).where(Payment.registration_id == Registration.id, Payment.paid_at.is_not(None))
    query = select(func.count()).where(
        Registration.meetup_id == fee.meetup_id,
        Registration.status == Status.CONFIRMED,
        Registration.status_at <= known,
        ~paid.exists(),
    )
    return db.session.scalar(query) or 0


def _unanswered(meetup: Meetup, people: int) -> Iterator[Open]:
    asked = meetup.reconfirms_at or meetup.asks_at
    if asked and asked <= now() < meetup.starts_at:
        key = "replies", meetup.id, meetup.appointment
        said = of_people(people, key, lambda: replies.counts(meetup))
        yield Open(Decision.UNANSWERED, said.open, meetup.releases_at)
