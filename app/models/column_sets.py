"""Which columns organizers take away together, kept for the next time."""

from __future__ import annotations

from sqlalchemy import JSON, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Id, Model, link

_IS_DEFAULT = text("is_default")


class ColumnSet(Model):
    """`columns` are keys of an export's columns; those that a meetup hasn't are left out there; what a meetup asks is named by its words
    too (services/organizing/kept_keys.py). At most one is a programme's default."""

    __tablename__ = "column_set"
    __table_args__ = (
        UniqueConstraint("program_id", "key"),
        Index(
            "uq_column_set_default",
            "program_id",
            unique=True,
            sqlite_where=_IS_DEFAULT,
            postgresql_where=_IS_DEFAULT,
        ),
    )

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120))  # equal for two spellings of one name
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    several: Mapped[str] = mapped_column(
        String(16), default="cell"
    )  # how questions with several answers stand
    is_default: Mapped[bool] = mapped_column(default=False)
