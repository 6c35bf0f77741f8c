"""What became of a walk-in's word on who they are."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BigId, CreatedAt, Id, Model, Short, link
from app.models.people import Person
from app.models.registrations import Registration


class WalkInCheck(Model):
    """Whom on the roster an organizer found a walk-in to be (`person_id`), or that it has nobody like them (None).

    The registration is that person's from then on; `came_as_id` and `said_cohort_id` are what it had before, so that
    the decision can be taken back, which ends this row.
    """

    __tablename__ = "walk_in_check"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), unique=True
    )
    person_id: Mapped[int | None] = link("person.id")
    came_as_id: Mapped[int] = link("person.id")
    said_cohort_id: Mapped[int] = link("cohort.id")
    decided_at: Mapped[CreatedAt]
    decided_by: Mapped[Short]
    reason: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration] = relationship()
    came_as: Mapped[Person] = relationship(foreign_keys="WalkInCheck.came_as_id")
