"""A meetup's badges: how they look, and which were printed when. Names are in neither: they are read when a badge is made.

Those without a registration are in nothing else, so their names are here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.domain.printing.designs import ExtraKind
from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short, link


class BadgeDesign(Model):
    """As app/domain/printing/designs.py stores it. No row: the usual one."""

    __tablename__ = "badge_design"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[Instant]


class BadgePrint(Model):
    """Badges that were printed together, by the design of then; `start`: the places of the first sheet that were used up."""

    __tablename__ = "badge_print"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    actor: Mapped[Short]
    at: Mapped[CreatedAt]
    badges: Mapped[int]
    start: Mapped[int]
    design: Mapped[dict[str, Any]] = mapped_column(JSON)


class ExtraBadge(Model):
    """Somebody without a registration: staff, helpers, a speaker's company. `removed_at`: off the list, to be put back for a day."""

    __tablename__ = "extra_badge"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    name: Mapped[Line]
    line: Mapped[Line]  # beneath the name: role or affiliation
    kind: Mapped[ExtraKind] = mapped_column(EnumText(ExtraKind))
    changed_at: Mapped[Instant]
    removed_at: Mapped[MaybeInstant] = mapped_column(index=True)


class PrintedBadge(Model):
    """One badge of a print, in the print's order: of the registrant (0) or of their first, second … companion; or an extra one."""

    __tablename__ = "printed_badge"

    id: Mapped[Id]
    print_id: Mapped[int] = link("badge_print.id")
    registration_id: Mapped[int | None] = link("registration.id")
    extra_id: Mapped[int | None] = link("extra_badge.id")
    companion: Mapped[int]
    place: Mapped[int] = mapped_column(
        default=0
    )  # in the print, from 0: its files stay the same when rows go
    at: Mapped[CreatedAt]
    digest: Mapped[str | None] = mapped_column(
        String(32)
    )  # of what stood on it; services/printing/badge_standing.py
