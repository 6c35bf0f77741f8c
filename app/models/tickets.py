"""Tickets: what a confirmed registrant carries."""

from __future__ import annotations

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, MaybeInstant, Model, Short, link
from app.models.registrations import Registration


class Ticket(Model):
    """One issue of a registration's ticket. Its code is derived from `uid` and `revision`, not stored.

    `digest` is the code's SHA-256, cut to 16 bytes: enough to find the ticket by its code, useless
    for making the code. Reissuing adds a row with the next revision and revokes this one.
    """

    __tablename__ = "ticket"
    __table_args__ = (UniqueConstraint("registration_id", "revision"),)

    id: Mapped[Id]
    uid: Mapped[Short]
    registration_id: Mapped[int] = link("registration.id", index=False)
    revision: Mapped[int] = mapped_column(default=1)
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    issued_at: Mapped[CreatedAt]
    revoked_at: Mapped[MaybeInstant]

    registration: Mapped[Registration] = relationship()
