"""Roster entries, and the record of the imports that made them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, MaybeLine, Model, Short, link
from app.models.people import Person
from app.models.programs import Cohort


class RosterEntry(Model):
    """One person in one cohort's roster."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        UniqueConstraint("cohort_id", "address_key"),
        Index(None, "cohort_id", "completed", "person_id"),  # how many could come, read from the index alone
    )

    id: Mapped[Id]
    cohort_id: Mapped[int] = link("cohort.id", index=False)
    person_id: Mapped[int] = link("person.id")
    # The address by which the roster lists this person: with the cohort, the key of an import.
    address_key: Mapped[Line]
    # What the roster says of this person; `Person.name` is the latest of these.
    name: Mapped[str] = mapped_column(String(200))
    other_name: Mapped[MaybeLine]
    phone: Mapped[MaybeLine]
    completed: Mapped[bool]
    certificate: Mapped[MaybeLine]
    note: Mapped[str | None] = mapped_column(Text)
    # The import that last said something about this entry, and the first later one that lacked it.
    import_id: Mapped[int | None] = link("roster_import.id")
    gone_since_id: Mapped[int | None] = link("roster_import.id")
    created_at: Mapped[CreatedAt]

    person: Mapped[Person] = relationship()
    cohort: Mapped[Cohort] = relationship()


class RosterImport(Model):
    """Who imported what, from where, and what became of every row (counts and reasons, no names)."""

    __tablename__ = "roster_import"

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id")
    cohort_id: Mapped[int | None] = link("cohort.id")
    account_id: Mapped[int | None] = link("account.id")
    file_name: Mapped[Line]
    file_sha256: Mapped[Short]
    provenance: Mapped[str] = mapped_column(Text, default="")
    encoding: Mapped[str] = mapped_column(String(24), default="")
    sheet: Mapped[Line] = mapped_column(default="")
    header_row: Mapped[int | None]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # {"new": n, "changed": n, "unchanged": n, "problem": n, "ignored": n, "gone": n}
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # [{"row": 22, "reason": "too_long", "params": {"limit": 100}}, …]
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[CreatedAt]


class RosterCorrection(Model):
    """What an organizer put right by hand of what a cohort's roster says of somebody. It goes with the person."""

    __tablename__ = "roster_correction"

    id: Mapped[Id]
    person_id: Mapped[int] = link("person.id")
    cohort_id: Mapped[int] = link("cohort.id")
    at: Mapped[Instant]
    actor: Mapped[Short]
    field: Mapped[str] = mapped_column(String(24))  # of app/domain/rosters/fields.py
    was: Mapped[str] = mapped_column(Text)
    became: Mapped[str] = mapped_column(Text)

    cohort: Mapped[Cohort] = relationship()


class RosterUpload(Model):
    """A file between upload and apply, held under DATA_DIR/incoming for its uploader, then destroyed."""

    __tablename__ = "roster_upload"

    id: Mapped[Id]
    reference: Mapped[Short] = mapped_column(unique=True)
    program_id: Mapped[int] = link("program.id")
    cohort_id: Mapped[int | None] = link("cohort.id")
    # The meetup whose edited list it is; None: a roster, or a list of somewhere else.
    meetup_id: Mapped[int | None] = link("meetup.id", ondelete="CASCADE")
    account_id: Mapped[int] = link("account.id")
    file_name: Mapped[Line]
    file_sha256: Mapped[Short]
    is_paste: Mapped[bool] = mapped_column(default=False)
    # Of how many rows it has what stood there before an edited list was brought in; None: it came in itself.
    takes_back: Mapped[int | None]
    # Since when it is being brought in, so that a second press finds it busy.
    busy_since: Mapped[MaybeInstant]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
