"""A change of a meetup's time or place: telling people, and asking those with a seat whether they still come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.moves import Appointment, Telling, reminder_from, usual_telling
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.registering.still_coming import Reply, answer_by, stands_for
from app.models import TAKES_PLACE, Meetup, MeetupMove, Registration
from app.services import audit
from app.services.registering import replies
from app.services.registering.registration_changes import owe
from app.services.seating import seat_release
from app.services.seating.windows import require_ahead

MAIL = "meetup_moved"
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Concerned:
    """Whom a change concerns: who has a seat, with how many companions, and who waits for one in whatever way."""

    seated: int
    companions: int
    waiting: int


@dataclass(frozen=True)
class Announcement:
    """What the organizer decided about a change: whom it is told, and what they write."""

    telling: Telling
    note: str = ""


class Unannounced(DomainError):
    """People would have to know of this change, and the organizer hasn't said what they are told."""

    def __init__(self, meetup: Meetup, before: Appointment, concerned: Concerned) -> None:
        super().__init__("move_unannounced")
        self.before, self.after, self.concerned = before, meetup.appointed(), concerned
        self.slug, self.may_ask = meetup.slug, _may_ask(meetup)

    @property
    def usual(self) -> Telling:
        found = usual_telling(self.before, self.after)
        return found if self.may_ask or found is not Telling.ASK else Telling.TELL


def announce(
    session: Session, meetup: Meetup, before: Appointment, decided: Announcement | None, actor: str
) -> None:
    """What goes with the change of a meetup that was `before`; raises `Unannounced` where nobody decided.

    Answers to another start are no answers any more, told or not; a question makes all the earlier ones void.
    """
    moved = before.starts_at != meetup.starts_at
    concerned = _concerned(session, meetup)
    if decided is None and _is_told(meetup) and any((concerned.seated, concerned.waiting)):
        raise Unannounced(meetup, before, concerned)
    telling = decided.telling if decided and _is_told(meetup) else Telling.NOBODY
    asks = telling is Telling.ASK and _may_ask(meetup)
    if moved or asks:
        renew(session, meetup, keep_seats=not moved)
        meetup.reconfirms_at = now() if asks else None
    if moved:
        seat_release.moved(session, meetup)
    if decided and telling is not Telling.NOBODY:
        _tell(session, meetup, before, replace(decided, telling=telling), actor, asks=asks)


def renew(session: Session, meetup: Meetup, *, keep_seats: bool) -> None:
    """Let answers count for nothing any more; `keep_seats`: those that an organizer keeps for people stay kept."""
    former, meetup.appointment = meetup.appointment, meetup.appointment + 1
    session.flush()
    if keep_seats:
        kept = update(Registration).where(
            Registration.meetup_id == meetup.id, Registration.kept_for == former
        )
        session.execute(kept.values(kept_for=meetup.appointment).execution_options(synchronize_session=False))


def remind(meetup_id: int, actor: str) -> int:
    """Ask those once more who haven't answered the question about the move; how many. Only once, and
    not before they have had time to: see `reminder_from`."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        move = asking(meetup)
        if move is None or not _may_ask(meetup):
            raise DomainError("nothing_to_reconfirm")
        if move.reminded_at:
            return 0
        if reminder_opens(meetup, move):
            raise DomainError("move_reminder_early")
        silent = _people(session, meetup, replies.replied(meetup.id, Reply.NONE), _is_expected())
        if not silent:
            return 0
        move.reminded_at = now()
        _owe(session, meetup, _newest(session, meetup), silent, reminds=True)
        audit.record(
            session, "meetup.move_reminded", meetup, actor, program_id=meetup.program_id, mails=len(silent)
        )
        return len(silent)


def asking(meetup: Meetup) -> MeetupMove | None:
    """The move about which people are asked now; None: there is no such question."""
    if meetup.reconfirms_at is None:
        return None
    query = select(MeetupMove).where(
        MeetupMove.meetup_id == meetup.id,
        MeetupMove.appointment == meetup.appointment,
        MeetupMove.asks.is_(True),
    )
    return db.session.scalars(query.order_by(MeetupMove.id.desc()).limit(1)).first()


def reminder_opens(meetup: Meetup, move: MeetupMove) -> dt.datetime | None:
    """From when on the silent can be reminded of this; None: they can by now."""
    opens = reminder_from(move.at, meetup.starts_at)
    return opens if now() < opens else None


def between(meetup: Meetup, first: int, last: int) -> tuple[MeetupMove, bool] | None:
    """The move `first` of this meetup, and whether it has moved since `last`; None where there are no such two."""
    query = select(MeetupMove).where(MeetupMove.meetup_id == meetup.id).order_by(MeetupMove.id)
    known = {move.id: move for move in db.session.scalars(query)}
    return (known[first], max(known) != last) if {first, last} <= known.keys() else None


def _newest(session: Session, meetup: Meetup) -> MeetupMove:
    """The last change that was told, with or without a question: mails of an earlier one are no longer true."""
    query = select(MeetupMove).where(MeetupMove.meetup_id == meetup.id)
    return session.scalars(query.order_by(MeetupMove.id.desc()).limit(1)).one()


def _tell(
    session: Session, meetup: Meetup, before: Appointment, decided: Announcement, actor: str, *, asks: bool
) -> None:
    move = MeetupMove(meetup_id=meetup.id, actor=actor, asks=asks, appointment=meetup.appointment)
    move.note = decided.note
    for name in Appointment.__dataclass_fields__:
        setattr(move, name, getattr(before, name))
    session.add(move)
    session.flush()
    asked = _ask(session, meetup) if asks else 0
    told = _people(session, meetup, Registration.status.in_(ACTIVE))
    _owe(session, meetup, move, told)
    audit.record(
        session, "meetup.moved", meetup, actor, program_id=meetup.program_id, mails=len(told), asked=asked
    )


def _ask(session: Session, meetup: Meetup) -> int:
    """Put the question to whoever has a seat. Where it takes the place of the one before the start, seats are
    released by it as by that one."""
    by = (
        answer_by(now(), meetup.starts_at, release_hours=meetup.release_hours, last_call=meetup.last_call)
        if stands_for(now(), meetup.asks_at)
        else None
    )
    asked: Any = session.execute(
        update(Registration)
        .where(Registration.meetup_id == meetup.id, _is_expected(), Registration.address != "")
        .values(asked_for=meetup.appointment, answer_by=by)
        .execution_options(synchronize_session=False)
    )
    seat_release.plan(session, meetup)
    return int(asked.rowcount)


def _owe(
    session: Session, meetup: Meetup, move: MeetupMove, people: Sequence[Any], *, reminds: bool = False
) -> None:
    about = {"start": meetup.starts_at.isoformat(), "appointment": meetup.appointment}
    owe(session, MAIL, meetup, people, move=move.id, reminds=reminds, **about)


def _is_expected() -> ColumnElement[bool]:
    return (Registration.status == Status.CONFIRMED) & Registration.admitted_at.is_(None)


def _people(session: Session, meetup: Meetup, *which: ColumnElement[bool]) -> Sequence[Any]:
    query = select(Registration.id, Registration.address, Registration.locale).where(
        Registration.meetup_id == meetup.id, Registration.address != "", *which
    )
    return session.execute(query.order_by(Registration.id)).all()


def _concerned(session: Session, meetup: Meetup) -> Concerned:
    has_seat = Registration.status == Status.CONFIRMED
    row: Any = session.execute(
        select(
            func.count().filter(has_seat),
            func.coalesce(func.sum(Registration.companions).filter(has_seat), 0),
            func.count().filter(~has_seat),
        ).where(
            Registration.meetup_id == meetup.id, Registration.status.in_(ACTIVE), Registration.address != ""
        )
    ).one()
    return Concerned(*map(int, row))


def _is_told(meetup: Meetup) -> bool:
    """Whether there is somebody to tell: strangers may see it, and it isn't over."""
    return meetup.state in TAKES_PLACE and meetup.ends_at > now()


def _may_ask(meetup: Meetup) -> bool:
    return meetup.starts_at > now()
