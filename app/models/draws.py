"""Draws: what was committed to, what came of it, and who is behind which pseudonym."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.seating.draw import Terms
from app.domain.seating.draw_files import ENTRIES, OPENING, RESULT, TERMS, terms_of
from app.models.base import BigId, CreatedAt, Id, Instant, MaybeInstant, Model, Short, link

_CURRENT = text("ended_at IS NULL")


class Draw(Model):
    """One commitment: a secret and the terms that it is for. Other terms are another row, and this one ends.

    The secret is derived from `uid` (app/domain/tokens.py) and stands nowhere until it is opened. The files are kept
    as they were published, byte for byte.
    """

    __tablename__ = "draw"
    __table_args__ = (
        Index("uq_draw_current", "meetup_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        Index(None, "meetup_id"),
        Index("ix_draw_deadline", "deadline", sqlite_where=_CURRENT, postgresql_where=_CURRENT),
    )

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    uid: Mapped[Short] = mapped_column(unique=True)
    terms: Mapped[str] = mapped_column(Text)
    commitment: Mapped[Short]
    cohorts: Mapped[dict[str, int]] = mapped_column(JSON)  # a cohort's id → its ordinal as the terms name it
    deadline: Mapped[Instant]
    known_at: Mapped[Instant]  # when the public value will be known
    created_at: Mapped[CreatedAt]
    actor: Mapped[Short]
    ended_at: Mapped[MaybeInstant]  # other terms came, or the draw was given up
    closed_at: Mapped[MaybeInstant]  # the entries were fixed and published
    entries: Mapped[str | None] = mapped_column(Text)
    held_at: Mapped[MaybeInstant]
    held_by: Mapped[str | None] = mapped_column(String(64))
    opening: Mapped[str | None] = mapped_column(Text)
    result: Mapped[str | None] = mapped_column(Text)

    @property
    def rules(self) -> Terms:
        return terms_of(self.terms)

    @property
    def files(self) -> dict[str, str]:
        """What is published by now, by the files' names."""
        texts = {TERMS: self.terms, ENTRIES: self.entries, OPENING: self.opening, RESULT: self.result}
        return {name: content for name, content in texts.items() if content is not None}

    def is_due(self, at: dt.datetime) -> bool:
        """Whether nobody enters any more."""
        return self.closed_at is not None or at >= self.deadline


class DrawEntry(Model):
    """The pseudonym of a registration; destroying this row leaves the published files and nobody behind them."""

    __tablename__ = "draw_entry"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), unique=True
    )
    pseudonym: Mapped[Short] = mapped_column(unique=True)
    place: Mapped[int | None]  # in drawn order, from 1; while it is open, nobody has one
