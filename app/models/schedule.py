"""What the worker did, or tried to do, at the instant it was due."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.domain.schedule import Act
from app.models.base import BigId, Id, Instant, MaybeInstant, MaybeLine, Model


class ScheduledAct(Model):
    """One act for one subject at one instant: written with its effect, in the same transaction.

    What is due is read from the rows that it is about (an offer with its deadline), so there is nothing to
    keep in step with them. This row is what lets it happen once, and what remembers a failure.
    """

    __tablename__ = "scheduled_act"
    __table_args__ = (UniqueConstraint("act", "subject_id", "due_at"),)

    id: Mapped[Id]
    act: Mapped[Act] = mapped_column(EnumText(Act))
    subject_id: Mapped[int] = mapped_column(BigId)
    due_at: Mapped[Instant]
    done_at: Mapped[MaybeInstant]
    tries: Mapped[int] = mapped_column(default=0)  # that failed
    retry_at: Mapped[MaybeInstant]
    error: Mapped[MaybeLine]
