"""When a programme's data goes: of each meetup, and for how long new meetups keep it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.notice_texts import KEPT_DAYS
from app.domain.registering.notices import MOST_DAYS
from app.models import Meetup, Program
from app.services import audit

LISTED = 200


def of_new_meetups(program: Program) -> int:
    """What a new meetup's ready-made notice says."""
    return program.kept_days or KEPT_DAYS


def set_for_new_meetups(program_id: int, days: int | None, actor: str) -> None:
    """What was promised in a meetup's notice stays as it is. Raises `DomainError`."""
    if days is None or not 0 < days <= MOST_DAYS:
        raise DomainError("notice_needs_days", limit=MOST_DAYS)
    with transaction() as session:
        program = session.get_one(Program, program_id, with_for_update=True)
        program.kept_days = days
        audit.record(session, "program.kept_days", program, actor, program_id=program_id, days=days)


def meetups(program_id: int) -> Sequence[Meetup]:
    """Those whose data goes first come first; then those of which nothing is left, or nobody was told a day."""
    query = select(Meetup).where(Meetup.program_id == program_id)
    return db.session.scalars(
        query.order_by(Meetup.destroys_at.asc().nulls_last(), Meetup.ends_at.desc()).limit(LISTED)
    ).all()
