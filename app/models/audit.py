"""The audit trail: who did what to which thing, by opaque ids."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BigId, CreatedAt, Id, MaybeInstant, Model, Short, link


class AuditEntry(Model):
    """One act. Holds ids, codes and counts; never a name, an address or a phone number."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject", "at"),
        Index(None, "program_id", "id"),
        Index(None, "meetup_id", "id"),
    )

    id: Mapped[Id]
    at: Mapped[CreatedAt]
    program_id: Mapped[int | None] = link("program.id", index=False)
    # Where it belongs to one meetup: told by the subject, kept since the subject may go. No seal covers it.
    meetup_id: Mapped[int | None] = mapped_column(BigId)
    actor: Mapped[Short]  # "account:7", "person", "device:3", "worker", "command"
    act: Mapped[Short]  # "registration.cancelled"
    subject: Mapped[Short]  # "registration:12"
    reason: Mapped[str] = mapped_column(String(1000), default="")
    # Under the server's key: an erasure may empty the reason, nobody may put another in its place.
    reason_mark: Mapped[Short] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AuditSeal(Model):
    """A range of entries as they were (app/domain/audit_seals.py); the ranges follow one another without a gap."""

    __tablename__ = "audit_seal"

    id: Mapped[Id]
    at: Mapped[CreatedAt]
    first_id: Mapped[int] = mapped_column(BigId, unique=True)
    last_id: Mapped[int] = mapped_column(BigId, unique=True)
    entries: Mapped[int]
    digest: Mapped[Short]
    # When the worker last compared it with its entries, and whether they were the same.
    checked_at: Mapped[MaybeInstant] = mapped_column(index=True)
    is_whole: Mapped[bool] = mapped_column(default=True)
