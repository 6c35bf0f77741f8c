"""Texts that a programme keeps for its next meetups, by kind and name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.models import TemplateKind, TextTemplate
from app.services import audit


def of(session: Session, program_id: int, kind: TemplateKind) -> dict[str, dict[str, Any]]:
    """Contents by name."""
    rows = session.execute(
        select(TextTemplate.name, TextTemplate.content)
        .where(TextTemplate.program_id == program_id, TextTemplate.kind == kind)
        .order_by(TextTemplate.name)
    )
    return {row.name: row.content for row in rows}


def keep(program_id: int, kind: TemplateKind, name: str, content: dict[str, Any], actor: str) -> None:
    """Keep a text under this name; what was kept under it before is replaced."""
    with transaction() as session:
        row = _one(session, program_id, kind, name) or TextTemplate(
            program_id=program_id, kind=kind, name=name
        )
        row.content, row.created_at, row.actor = content, now(), actor
        session.add(row)
        audit.record(session, "template.kept", row, actor, program_id=program_id, kind=kind)


def discard(program_id: int, kind: TemplateKind, name: str, actor: str) -> None:
    """Keep it no longer. Meetups that were made from it keep their texts."""
    with transaction() as session:
        if row := _one(session, program_id, kind, name):
            audit.record(session, "template.discarded", row, actor, program_id=program_id, kind=kind)
            session.execute(delete(TextTemplate).where(TextTemplate.id == row.id))


def _one(session: Session, program_id: int, kind: TemplateKind, name: str) -> TextTemplate | None:
    query = select(TextTemplate).where(
        TextTemplate.program_id == program_id, TextTemplate.kind == kind, TextTemplate.name == name
    )
    return session.scalars(query).one_or_none()
