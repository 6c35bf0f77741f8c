"""Cohorts of a programme: added in one go, renamed, and removed while nothing hangs on them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.models import Cohort, Program
from app.services import audit

AT_ONCE = 50


def add_several(
    program_id: int, first: int, last: int, *, first_year: int | None, actor: str
) -> list[Cohort]:
    """Add the cohorts from `first` to `last`, one a year from `first_year` on.

    Ordinals that the programme has already are left as they are; returns the new ones.
    """
    if last < first:
        raise DomainError("cohorts_backwards")
    if last - first >= AT_ONCE:
        raise DomainError("too_many_cohorts", limit=AT_ONCE)
    with transaction() as session:
        _lock(session, program_id)
        known = set(session.scalars(select(Cohort.ordinal).where(Cohort.program_id == program_id)))
        new = [_cohort(program_id, n, first, first_year) for n in range(first, last + 1) if n not in known]
        if not new:
            raise DomainError("cohorts_exist")
        session.add_all(new)
        session.flush()
        audit.record(
            session,
            "cohorts.added",
            f"program:{program_id}",
            actor,
            program_id=program_id,
            ordinals=[cohort.ordinal for cohort in new],
        )
        return new


def edit(
    program_id: int,
    cohort_id: int,
    *,
    ordinal: int,
    year: int | None,
    name_ko: str,
    name_en: str,
    actor: str,
) -> Cohort:
    """Change a cohort. Its ordinal must be free in the programme."""
    with transaction() as session:
        _lock(session, program_id)
        cohort = _find(session, program_id, cohort_id)
        taken = select(Cohort.id).where(
            Cohort.program_id == program_id, Cohort.ordinal == ordinal, Cohort.id != cohort_id
        )
        if session.scalar(taken):
            raise DomainError("ordinal_taken", ordinal=ordinal)
        cohort.ordinal, cohort.year = ordinal, year
        cohort.name_ko, cohort.name_en = name_ko.strip(), name_en.strip()
        audit.record(session, "cohort.edited", cohort, actor, program_id=program_id)
        return cohort


def delete(program_id: int, cohort_id: int, *, actor: str) -> None:
    """Remove a cohort on which nothing hangs: no entry, import, meetup or registration."""
    with transaction() as session:
        _lock(session, program_id)
        cohort = _find(session, program_id, cohort_id)
        audit.record(session, "cohort.deleted", cohort, actor, program_id=program_id, ordinal=cohort.ordinal)
        session.delete(cohort)
        try:
            session.flush()
        except IntegrityError as error:
            raise DomainError("cohort_not_empty") from error


def _cohort(program_id: int, ordinal: int, first: int, first_year: int | None) -> Cohort:
    year = first_year + ordinal - first if first_year is not None else None
    return Cohort(program_id=program_id, ordinal=ordinal, year=year)


def _find(session: Session, program_id: int, cohort_id: int) -> Cohort:
    found = session.scalars(
        select(Cohort).where(Cohort.program_id == program_id, Cohort.id == cohort_id)
    ).one_or_none()
    if found is None:
        raise DomainError("no_such_cohort")
    return found


def _lock(session: Session, program_id: int) -> None:
    session.execute(select(Program.id).where(Program.id == program_id).with_for_update()).one()
