"""The outbox: every mail that is owed, under way, sent or given up."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import JSON, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.models.base import BigId, CreatedAt, Id, Instant, Line, MaybeInstant, MaybeLine, Model, Short, link


class MailState(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # refused for good, or given up after the last try
    DROPPED = "dropped"  # no longer owed when its turn came
    UNWANTED = "unwanted"  # its reader had opted out of such mails


class OutboxMail(Model):
    """One owed mail. Rendered when sent; `params` holds ids only, never a code or a link."""

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index(None, "state", "priority", "due_at"),
        Index(None, "meetup_id", "state", "id"),
        Index(None, "meetup_id", "address"),
        Index(None, "of_message", "state"),
        Index(None, "registration_id", "state"),
    )

    id: Mapped[Id]
    kind: Mapped[Short]
    address: Mapped[Line]
    locale: Mapped[str] = mapped_column(String(8))
    program_id: Mapped[int | None] = link("program.id")
    meetup_id: Mapped[int | None] = link("meetup.id", index=False)
    registration_id: Mapped[int | None] = link("registration.id", index=False)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    of_message: Mapped[int | None] = mapped_column(
        BigId
    )  # what an organizer wrote to many, as a row of `message`
    message_id: Mapped[Line] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(EnumText(MailState), default=MailState.QUEUED)
    priority: Mapped[int] = mapped_column(SmallInteger, default=1, server_default="1")  # lower first
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    due_at: Mapped[Instant]
    leased_until: Mapped[MaybeInstant]
    leased_by: Mapped[MaybeLine]
    sent_at: Mapped[MaybeInstant]
    last_error: Mapped[str | None] = mapped_column(Text)
    # What was sent, kept only in debug mode for the page of sent mails.
    copy: Mapped[str | None] = mapped_column(Text)


class OptOut(Model):
    """An address that gets no mails of a programme that nobody asked for, as a keyed hash: it outlives its owner's rows
    and tells nobody who that is."""

    __tablename__ = "opt_out"
    __table_args__ = (UniqueConstraint("program_id", "address_hash"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    address_hash: Mapped[Short]
    created_at: Mapped[CreatedAt]
