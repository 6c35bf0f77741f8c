"""Persons for whom a seat is reserved at a meetup."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import EnumText
from app.domain.seating.pools import GuestRole
from app.models.base import CreatedAt, Id, Model, Short, link
from app.models.people import Person


class ReservedSeat(Model):
    """One of a meetup's reserved seats is this person's, whether they have registered yet or not."""

    __tablename__ = "reserved_seat"
    __table_args__ = (UniqueConstraint("meetup_id", "person_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    person_id: Mapped[int] = link("person.id")
    role: Mapped[GuestRole] = mapped_column(EnumText(GuestRole))
    actor: Mapped[Short]
    created_at: Mapped[CreatedAt]

    person: Mapped[Person] = relationship()
