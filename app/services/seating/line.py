"""How the line stands: for the page of somebody in it, and for the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.domain.registering.registrations import Status
from app.domain.seating.line_order import BEHIND
from app.domain.seating.pools import Kept
from app.domain.seating.seats import Seating
from app.models import DrawEntry, Meetup, Registration, RegistrationEvent, Source
from app.services.alumni import attendance
from app.services.seating import draw_entries, promotion, seat_counts


@dataclass(frozen=True)
class Place:
    """Where somebody stands, and what that rests on. `moved`: the last time that an organizer put them elsewhere.
    `later`: of those ahead, how many registered later than they did, or were drawn later; an organizer put them
    there. `brought_in`: of those ahead, how many registered elsewhere before them and were brought in after. `kept`: seats that aren't for everybody. `missed`: the meetup to which they didn't come, so that others stand ahead of them. `drawn`: their place in the draw, None where none was held with them."""

    place: int
    later: int
    brought_in: int
    drawn: int | None
    missed: Meetup | None
    moved: RegistrationEvent | None
    stopped: str | None
    pause_reason: str
    kept: Kept


@dataclass(frozen=True)
class Line:
    """The line at the desk. `stopped`: why nobody moves up by themselves, None while they do."""

    seating: Seating
    stopped: str | None
    offered: Sequence[Registration]


def place_of(registration: Registration) -> Place:
    """Where this person, who waits, stands now."""
    meetup = registration.meetup
    entry = draw_entries.of_registration(registration.id)
    drawn = entry.place if entry else None
    ahead = seat_counts.line(meetup.id).where(Registration.rank < registration.rank)
    count = ahead.outerjoin(DrawEntry, DrawEntry.registration_id == Registration.id).with_only_columns(
        func.count(), func.count().filter(_came_later(registration, drawn))
    )
    before, later = db.session.execute(count).one()
    seating = seat_counts.seating_of(db.session(), meetup)
    stopped = promotion.stopped(meetup, seating)
    missed = attendance.missed_before(registration) if registration.stands_behind else None
    paused = meetup.promotion_pause_reason
    brought_in = _brought_in(registration, ahead)
    return Place(
        before + 1, later, brought_in, drawn, missed, _moved(registration), stopped, paused, seating.kept
    )


def _came_later(registration: Registration, drawn: int | None) -> ColumnElement[bool]:
    """Of somebody ahead: they were drawn later, or registered later where they weren't both drawn."""
    registered = Registration.created_at > registration.created_at
    if registration.stands_behind:  # the rule put the others ahead
        registered = and_(registered, Registration.rank >= BEHIND)
    if drawn is None:
        return registered
    return or_(DrawEntry.place > drawn, and_(DrawEntry.place.is_(None), registered))


def _brought_in(registration: Registration, ahead: Select[Registration]) -> int:
    """Of those ahead, who came into the line at an earlier place when this person was in it already."""
    came_in = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == Registration.id,
        RegistrationEvent.before.is_(None),
        RegistrationEvent.at > registration.created_at,
    )
    if registration.source is Source.ELSEWHERE:
        return 0
    theirs = (
        Registration.source == Source.ELSEWHERE,
        Registration.created_at <= registration.created_at,
        came_in.exists(),
    )
    return db.session.scalar(ahead.where(*theirs).with_only_columns(func.count())) or 0


def _moved(registration: Registration) -> RegistrationEvent | None:
    events = select(RegistrationEvent).where(
        RegistrationEvent.registration_id == registration.id,
        RegistrationEvent.before == Status.WAITLISTED,
        RegistrationEvent.after == Status.WAITLISTED,
    )
    return db.session.scalars(events.order_by(RegistrationEvent.id.desc()).limit(1)).first()


def of_meetup(meetup: Meetup) -> Line:
    """The seats, and those to whom one is offered, the next deadline first."""
    seating = seat_counts.seating_of(db.session(), meetup)
    offered = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.status == Status.OFFERED
    )
    return Line(
        seating,
        promotion.stopped(meetup, seating),
        db.session.scalars(
            offered.options(*_SHOWN).order_by(Registration.offered_until, Registration.rank)
        ).all(),
    )


def goes_on(meetup: Meetup) -> bool:
    """Whether a seat that is freed now goes to somebody who waits."""
    seating = seat_counts.seating_of(db.session(), meetup)
    return seating.waiting > 0 and promotion.stopped(meetup, seating) is None


def waiting(meetup_id: int, *, start: int, size: int) -> Sequence[Registration]:
    """A page of those who wait, in their order; one more than `size` when there is a next page."""
    rows = seat_counts.line(meetup_id).options(*_SHOWN).order_by(Registration.rank)
    return db.session.scalars(rows.offset(start).limit(size + 1)).all()


_SHOWN = (joinedload(Registration.person, innerjoin=True), joinedload(Registration.cohort))
