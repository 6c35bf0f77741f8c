"""What somebody said who asked to be looked up on the list."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BigId, CreatedAt, Id, Line, MaybeInstant, Model, Short, link
from app.models.programs import Cohort
from app.models.registrations import Registration


class Claim(Model):
    """A list check: open while its registration is `pending`, which holds a rank in line and never a seat.

    `person_id` is whom an organizer found them to be; empty until then, and where they were refused.
    """

    __tablename__ = "claim"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), unique=True
    )
    name: Mapped[str] = mapped_column(String(200))
    cohort_id: Mapped[int | None] = link("cohort.id")
    former_address: Mapped[Line] = mapped_column(default="")
    note: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = link("person.id")
    created_at: Mapped[CreatedAt]
    decided_at: Mapped[MaybeInstant]
    decided_by: Mapped[Short] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
