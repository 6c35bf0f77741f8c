"""The audit trail: who did what to which thing, by opaque ids."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CreatedAt, Id, Model, Short, link


class AuditEntry(Model):
    """One act. Holds ids, codes and counts; never a name, an address or a phone number."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[Id]
    at: Mapped[CreatedAt]
    program_id: Mapped[int | None] = link("program.id")
    actor: Mapped[Short]  # "account:7", "person", "device:3", "worker", "command"
    act: Mapped[Short]  # "registration.cancelled"
    subject: Mapped[Short]  # "registration:12"
    reason: Mapped[str] = mapped_column(String(1000), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
