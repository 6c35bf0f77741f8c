"""Programmes and their cohorts."""

from __future__ import annotations

import enum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import EnumText
from app.models.base import CreatedAt, Id, Line, MaybeInstant, MaybeLine, Model, link


class AlumniTerm(enum.StrEnum):
    """The Korean word by which a programme calls those who completed it."""

    COMPLETER = "수료생"
    COMPLETED_PERSON = "수료자"
    GRADUATE = "졸업생"
    ALUMNUS = "동문"


class Program(Model):
    """What cohorts, people and meetups belong to; the border between tenants."""

    __tablename__ = "program"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    name_ko: Mapped[Line] = mapped_column(default="")
    name_en: Mapped[Line] = mapped_column(default="")
    alumni_term: Mapped[AlumniTerm] = mapped_column(EnumText(AlumniTerm), default=AlumniTerm.COMPLETER)
    contact_address: Mapped[MaybeLine]
    # For how many days the notice of a new meetup says that data is kept; None: the ready-made one's.
    kept_days: Mapped[int | None]
    # From when on its desk asks for a passkey; None: it doesn't.
    passkeys_from: Mapped[MaybeInstant]
    created_at: Mapped[CreatedAt]

    cohorts: Mapped[list[Cohort]] = relationship(back_populates="program", order_by="Cohort.ordinal")

    def name(self, locale: str) -> str:
        """The name in `locale`, or in the other language where this one is absent."""
        return (self.name_ko or self.name_en) if locale == "ko" else (self.name_en or self.name_ko)


class Cohort(Model):
    """One intake of a programme."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("program_id", "ordinal"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    ordinal: Mapped[int]
    year: Mapped[int | None]
    name_ko: Mapped[Line] = mapped_column(default="")
    name_en: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[CreatedAt]

    program: Mapped[Program] = relationship(back_populates="cohorts")
