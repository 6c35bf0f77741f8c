"""Files that are too large to be made while somebody waits for the page: who asked for them, and how far they are."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.models.base import CreatedAt, Id, MaybeInstant, MaybeLine, Model, Short, link

_UNDER_WAY = text("state IN ('queued', 'running')")


class ExportState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExportJob(Model):
    """One file, for its maker alone. Its rows and its file go a day after they are done.

    `wish` is what was chosen on the form, `wish_key` its hash with the reason: the same wish under way is joined.
    """

    __tablename__ = "export_job"
    __table_args__ = (
        Index(
            "uq_export_job_under_way",
            "account_id",
            "meetup_id",
            "wish_key",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index(None, "state", "id"),
    )

    id: Mapped[Id]
    reference: Mapped[Short] = mapped_column(unique=True)
    program_id: Mapped[int] = link("program.id")
    meetup_id: Mapped[int] = link("meetup.id", ondelete="CASCADE")
    account_id: Mapped[int] = link("account.id")
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    wish_key: Mapped[Short]
    locale: Mapped[Short]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[ExportState] = mapped_column(EnumText(ExportState), default=ExportState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)  # rows
    total: Mapped[int]  # that there were when it was asked for
    size: Mapped[int | None] = mapped_column(BigInteger)  # in bytes
    details: Mapped[dict[str, Any]] = mapped_column(
        JSON, default=dict
    )  # what the audit trail says of the file
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[MaybeInstant]
    leased_by: Mapped[MaybeLine]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[MaybeInstant] = mapped_column(index=True)  # from when it is done, failed or cancelled

    @property
    def is_under_way(self) -> bool:
        return self.state in {ExportState.QUEUED, ExportState.RUNNING}
