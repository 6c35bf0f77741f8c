"""Who sits at which table."""

from __future__ import annotations

from sqlalchemy import JSON, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.domain.seating.tables import Seating
from app.models.base import Id, Instant, MaybeInstant, Model, Short, link


class TablePlan(Model):
    """A meetup's tables, counted from 1, and how they are filled. Attendees see theirs once it is published."""

    __tablename__ = "table_plan"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    sizes: Mapped[list[int]] = mapped_column(JSON)
    how: Mapped[Seating] = mapped_column(EnumText(Seating))
    seed: Mapped[Short]
    changed_at: Mapped[Instant]
    published_at: Mapped[MaybeInstant]


class TableSeat(Model):
    """A registration's table, for the person and the companions. Only whoever has a seat at the meetup takes one there."""

    __tablename__ = "table_seat"
    __table_args__ = (UniqueConstraint("registration_id"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id", index=False)
    number: Mapped[int | None]  # None: none yet
    fixed: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # by hand: stays when tables are filled anew
    beside: Mapped[Short] = mapped_column(
        default="", server_default=""
    )  # whoever has the same mark sits there, too
