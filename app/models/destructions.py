"""The deletion log of meetups: what was destroyed at the end of its time, in numbers."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CreatedAt, Id, MaybeInstant, Model, link


class Destruction(Model):
    """One step: the registrations whose people were told the same day, and with the last one all that is left.

    Written with its first part; `done_at` is None while further parts are to come.
    """

    __tablename__ = "destruction"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    registrations: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)  # of these, whom the programme knew only by this meetup
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # of what belonged to no registration
    is_whole: Mapped[bool] = mapped_column(default=False)  # whether that went, too
    begun_at: Mapped[CreatedAt]
    done_at: Mapped[MaybeInstant]
