"""Counters behind the limits that guard a secret; in the database, so that all processes share them."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, Short


class Throttle(Model):
    """How often something happened in the window that began at `since`; `key` is a keyed hash."""

    __tablename__ = "throttle"

    key: Mapped[Short] = mapped_column(primary_key=True)
    since: Mapped[Instant]
    count: Mapped[int]
