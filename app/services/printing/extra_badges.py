"""Badges for those who have no registration: staff, helpers, a speaker's company. Typed by organizers, kept for one meetup.

A badge that is taken off the list can be put back for a day; then its row is deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.printing.designs import ExtraKind
from app.models import ExtraBadge, Meetup, PrintedBadge
from app.services import audit
from app.services.personal import keeping

MOST, LONGEST_NAME, LONGEST_LINE = 300, 100, 120
PUT_BACK_WITHIN = dt.timedelta(days=1)
AT_ONCE = 1000
KINDS = list(ExtraKind)


@dataclass(frozen=True)
class Typed:
    """What stands on the badge."""

    name: str
    line: str
    kind: ExtraKind


def of_meetup(meetup_id: int) -> Sequence[ExtraBadge]:
    """Staff, speakers, guests; each by name, as either database orders them."""
    rows = db.session.scalars(_of(meetup_id).where(ExtraBadge.removed_at.is_(None)).limit(MOST)).all()
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), row.name, row.id))


def removed(meetup_id: int) -> Sequence[ExtraBadge]:
    """What can be put back still, the latest first."""
    fresh = ExtraBadge.removed_at > now() - PUT_BACK_WITHIN
    return db.session.scalars(
        _of(meetup_id).where(fresh).order_by(ExtraBadge.removed_at.desc()).limit(MOST)
    ).all()


def find(meetup_id: int, number: int) -> ExtraBadge | None:
    """One on the list, or one that can be put back."""
    return db.session.scalars(_of(meetup_id).where(ExtraBadge.id == number)).one_or_none()


def by_ids(meetup_id: int, numbers: Collection[int]) -> Mapping[int, ExtraBadge]:
    if not numbers:
        return {}
    rows = db.session.scalars(_of(meetup_id).where(ExtraBadge.id.in_(numbers)))
    return {row.id: row for row in rows}


def add(meetup_id: int, typed: Typed, actor: str) -> ExtraBadge:
    """Refused where the list is full, or where the meetup's data was destroyed already."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        _require_room(session, meetup)
        made = ExtraBadge(meetup_id=meetup.id, changed_at=now(), **vars(typed))
        session.add(made)
        session.flush()
        audit.record(session, "badge.added", meetup, actor, program_id=meetup.program_id, badge=made.id)
        return made


def change(meetup_id: int, number: int, typed: Typed, actor: str) -> bool:
    """Whether anything changed. What was printed before is printed anew only when somebody does."""
    with transaction() as session:
        meetup, row = _locked(session, meetup_id, number)
        if typed == Typed(row.name, row.line, row.kind):
            return False
        row.name, row.line, row.kind, row.changed_at = typed.name, typed.line, typed.kind, now()
        audit.record(session, "badge.changed", meetup, actor, program_id=meetup.program_id, badge=row.id)
        return True


def remove(meetup_id: int, number: int, actor: str) -> None:
    """Twice changes nothing."""
    with transaction() as session:
        meetup, row = _locked(session, meetup_id, number)
        if row.removed_at is None:
            row.removed_at = now()
            audit.record(session, "badge.removed", meetup, actor, program_id=meetup.program_id, badge=row.id)


def put_back(meetup_id: int, number: int, actor: str) -> None:
    """Twice changes nothing; refused where the list was filled up meanwhile."""
    with transaction() as session:
        meetup, row = _locked(session, meetup_id, number)
        if row.removed_at is not None:
            _require_room(session, meetup)
            row.removed_at = None
            audit.record(session, "badge.put_back", meetup, actor, program_id=meetup.program_id, badge=row.id)


def discard_removed() -> int:
    """Those that were taken off the list more than a day ago."""
    over = ExtraBadge.removed_at <= now() - PUT_BACK_WITHIN
    with transaction() as session:
        return _erase(session, select(ExtraBadge.id).where(over).order_by(ExtraBadge.id).limit(AT_ONCE))


def forget(session: Session, meetup_id: int) -> int:
    """All of a meetup's, in the caller's transaction."""
    return _erase(session, select(ExtraBadge.id).where(ExtraBadge.meetup_id == meetup_id))


def _of(meetup_id: int) -> Select[ExtraBadge]:
    return select(ExtraBadge).where(ExtraBadge.meetup_id == meetup_id)


def _locked(session: Session, meetup_id: int, number: int) -> tuple[Meetup, ExtraBadge]:
    meetup = Meetup.locked(session, meetup_id)
    query = _of(meetup.id).where(ExtraBadge.id == number).execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise DomainError("no_such_badge")
    return meetup, row


def _require_room(session: Session, meetup: Meetup) -> None:
    if keeping.is_destroyed(session, meetup):
        raise DomainError("badges_after_destruction")
    listed = ExtraBadge.meetup_id == meetup.id, ExtraBadge.removed_at.is_(None)
    if (session.scalar(select(func.count()).select_from(ExtraBadge).where(*listed)) or 0) >= MOST:
        raise DomainError("too_many_extra_badges", most=MOST)


def _erase(session: Session, numbers: Select[int]) -> int:
    ids = session.scalars(numbers).all()
    result: Any = None
    for model, column in ((PrintedBadge, PrintedBadge.extra_id), (ExtraBadge, ExtraBadge.id)):
        gone = delete(model).where(column.in_(ids)).execution_options(synchronize_session=False)
        result = session.execute(gone)
    return int(result.rowcount)
