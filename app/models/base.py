"""What every table shares."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import MappedColumn, mapped_column

from app.clock import now
from app.db import Model, UtcDateTime, db

BigId = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Instant = Annotated[dt.datetime, mapped_column(UtcDateTime)]
MaybeInstant = Annotated[dt.datetime | None, mapped_column(UtcDateTime)]
CreatedAt = Annotated[dt.datetime, mapped_column(UtcDateTime, default=now)]
Short = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(String(255))]
MaybeLine = Annotated[str | None, mapped_column(String(255))]


def link(target: str, *, index: bool = True, ondelete: str = "RESTRICT") -> MappedColumn[Any]:
    """A foreign key column with an index: no look-up without one."""
    return mapped_column(BigId, ForeignKey(target, ondelete=ondelete), index=index)


__all__ = [
    "BigId",
    "CreatedAt",
    "Id",
    "Instant",
    "Line",
    "MaybeInstant",
    "MaybeLine",
    "Model",
    "Short",
    "db",
    "link",
]
