"""Keeping, sharing and dropping ways of looking at attendee lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.models import SavedView
from app.services import audit

KEPT, DROPPED = "view.kept", "view.dropped"
LONGEST, MOST = 40, 50
UNKEPT = frozenset({"q", "after", "before"})
Arguments = Mapping[str, Sequence[str]]


def of_program(program_id: int, account_id: int) -> Sequence[SavedView]:
    """This account's own and those that are shared, by name."""
    mine = or_(SavedView.account_id == account_id, SavedView.is_shared)
    query = select(SavedView).where(SavedView.program_id == program_id, mine)
    return db.session.scalars(query.order_by(SavedView.name, SavedView.id)).all()


def keep(program_id: int, account_id: int, name: str, arguments: Arguments, *, shared: bool) -> None:
    """Under a name that this account used before, the earlier view is replaced. Refused where there are too many."""
    with transaction() as session:
        view = _own(session, program_id, account_id, name)
        if view is None:
            _require_room(session, program_id, account_id)
            view = SavedView(program_id=program_id, account_id=account_id, name=name)
            session.add(view)
        view.query, view.is_shared = written(arguments), shared
        audit.record(session, KEPT, view, f"account:{account_id}", program_id=program_id, shared=shared)


def drop(program_id: int, account_id: int, view_id: int) -> bool:
    """One's own, or one that is shared; False where there is none such."""
    with transaction() as session:
        view = session.get(SavedView, view_id)
        if view is None or view.program_id != program_id:
            return False
        if view.account_id != account_id and not view.is_shared:
            return False
        audit.record(session, DROPPED, view, f"account:{account_id}", program_id=program_id)
        session.delete(view)
        return True


def written(arguments: Arguments) -> str:
    pairs = [(key, each) for key, values in arguments.items() if key not in UNKEPT for each in values]
    return "\n".join(f"{key}={' '.join(each.split())}" for key, each in pairs)


def arguments_of(view: SavedView) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in view.query.splitlines():
        key, _, value = line.partition("=")
        found.setdefault(key, []).append(value)
    return found


def _own(session: Session, program_id: int, account_id: int, name: str) -> SavedView | None:
    query = select(SavedView).where(
        SavedView.program_id == program_id, SavedView.account_id == account_id, SavedView.name == name
    )
    return session.scalars(query.with_for_update()).one_or_none()


def _require_room(session: Session, program_id: int, account_id: int) -> None:
    own = select(func.count()).where(SavedView.program_id == program_id, SavedView.account_id == account_id)
    if (session.scalar(own) or 0) >= MOST:
        raise DomainError("too_many_views", limit=MOST)
