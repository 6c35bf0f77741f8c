"""The life of a meetup: published, closed, reopened, called off. Asking twice changes nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import meetups as rules
from app.domain.errors import DomainError
from app.domain.meetups import missing_to_publish, require_change
from app.domain.registering.registrations import ACTIVE
from app.domain.seating.modes import Mode
from app.models import Meetup, MeetupState, Registration
from app.services import audit
from app.services.mails import outbox
from app.services.seating import draw_entries

CALLED_OFF_MAIL = "meetup_called_off"


class Incomplete(DomainError):
    """A meetup lacks something that its public page must say; `missing` holds the reason codes."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("meetup_incomplete")
        self.missing = missing


def missing(meetup: Meetup) -> list[str]:
    """Reason codes for what publishing still needs; empty when nothing is missing."""
    return missing_to_publish(
        title=bool(meetup.title_ko or meetup.title_en),
        place=bool(meetup.place_ko or meetup.place_en or meetup.online_url),
        capacity=meetup.capacity,
        cohorts=bool(meetup.cohorts),
        contact=bool(meetup.contact_address or meetup.program.contact_address),
        notice=bool(meetup.notice_version),
        draw=meetup.mode is not Mode.DRAW or draw_entries.current(db.session(), meetup.id) is not None,
    )


def publish(meetup_id: int, actor: str) -> Meetup:
    """Show the meetup to everyone who has its link. Raises `Incomplete`; a meetup that would be over
    already is refused, since that is a slip in its date."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.state is MeetupState.PUBLISHED:
            return meetup
        if meetup.state is not MeetupState.DRAFT:
            raise DomainError("not_a_draft")
        if lacking := missing(meetup):
            raise Incomplete(lacking)
        if meetup.ends_at <= now():
            raise DomainError("already_over")
        meetup.published_at = now()
        return _become(session, meetup, MeetupState.PUBLISHED, "meetup.published", actor)


def close(meetup_id: int, actor: str) -> Meetup:
    """End the registration; the meetup takes place and those registered keep their seats."""
    return _change(meetup_id, MeetupState.CLOSED, "meetup.closed", actor)


def reopen(meetup_id: int, actor: str) -> Meetup:
    """Take registrations again."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.state is MeetupState.DRAFT:
            raise DomainError("draft_not_closed")
        if meetup.state is MeetupState.PUBLISHED:
            return meetup
        return _become(session, meetup, MeetupState.PUBLISHED, "meetup.reopened", actor)


def call_off(meetup_id: int, reason: str, actor: str) -> int:
    """The meetup does not take place: everyone with an active registration is owed a mail that says
    so, with the reason. Cannot be taken back. Returns how many mails are owed.

    Refused once it took place: somebody is in, or it is over. A scan that was made before and arrives afterwards counts.
    """
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.state is MeetupState.CALLED_OFF:
            return 0
        if refusal := why_not_called_off(session, meetup):
            raise DomainError(refusal)
        meetup.called_off_at, meetup.called_off_reason = now(), reason
        owed = outbox.enqueue_many(session, CALLED_OFF_MAIL, _active(session, meetup))
        _become(session, meetup, MeetupState.CALLED_OFF, "meetup.called_off", actor, mails=owed)
        return owed


def why_not_called_off(session: Session, meetup: Meetup) -> str | None:
    """The reason code; None while it may be."""
    came = select(Registration.id).where(
        Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None)
    )
    has_somebody_in = session.scalar(select(came.exists()))
    return rules.why_not_called_off(ends_at=meetup.ends_at, at=now(), has_somebody_in=bool(has_somebody_in))


def _active(session: Session, meetup: Meetup) -> list[dict[str, object]]:
    rows = session.execute(
        select(Registration.id, Registration.address, Registration.locale)
        .where(
            Registration.meetup_id == meetup.id, Registration.status.in_(ACTIVE), Registration.address != ""
        )
        .order_by(Registration.id)
    )
    about = {"program_id": meetup.program_id, "meetup_id": meetup.id}
    return [about | {"registration_id": row.id, "address": row.address, "locale": row.locale} for row in rows]


def _change(meetup_id: int, after: MeetupState, act: str, actor: str) -> Meetup:
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        return meetup if meetup.state is after else _become(session, meetup, after, act, actor)


def _become(
    session: Session, meetup: Meetup, after: MeetupState, act: str, actor: str, **details: Any
) -> Meetup:
    require_change(meetup.state, after)
    meetup.state = after
    meetup.version += 1
    audit.record(session, act, meetup, actor, program_id=meetup.program_id, **details)
    return meetup
