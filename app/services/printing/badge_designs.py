"""How a meetup's badges look: kept by organizers, copied with the meetup."""

from __future__ import annotations

import dataclasses

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.printing.designs import Design, require_sound
from app.models import BadgeDesign, Meetup
from app.services import audit


def of_meetup(meetup_id: int) -> Design:
    """The usual one where nobody saved another."""
    kept = _kept(db.session(), meetup_id)
    return Design.of(kept.content) if kept else Design()


def save(meetup_id: int, design: Design, actor: str) -> bool:
    """Whether anything changed. What was printed before stays as it was."""
    require_sound(design)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        kept = _kept(session, meetup_id)
        if design == (Design.of(kept.content) if kept else Design()):
            return False
        if kept is None:
            kept = BadgeDesign(meetup_id=meetup_id)
            session.add(kept)
        kept.content, kept.changed_at = design.stored(), now()
        audit.record(
            session,
            "badges.designed",
            meetup,
            actor,
            program_id=meetup.program_id,
            paper=design.paper.value,
            parts=sorted(design.parts),
        )
        return True


def copy(session: Session, original: int, meetup_id: int) -> None:
    """Without the tags, which are the original's own."""
    if kept := _kept(session, original):
        content = dataclasses.replace(Design.of(kept.content), tags=frozenset()).stored()
        session.add(BadgeDesign(meetup_id=meetup_id, content=content, changed_at=now()))


def _kept(session: Session, meetup_id: int) -> BadgeDesign | None:
    return session.scalars(select(BadgeDesign).where(BadgeDesign.meetup_id == meetup_id)).one_or_none()
