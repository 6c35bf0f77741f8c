"""Sets of columns for exports: kept under a name in a programme, one of them its default."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.tags import clean, tag_key
from app.models import ColumnSet, Program
from app.services import audit

LONGEST, MOST = 60, 30


def of_program(program_id: int) -> Sequence[ColumnSet]:
    query = select(ColumnSet).where(ColumnSet.program_id == program_id)
    return db.session.scalars(query.order_by(ColumnSet.name, ColumnSet.id)).all()


def find(program_id: int, set_id: int) -> ColumnSet | None:
    query = select(ColumnSet).where(ColumnSet.program_id == program_id, ColumnSet.id == set_id)
    return db.session.scalars(query).one_or_none()


def save(program_id: int, name: str, columns: Sequence[str], several: str, actor: str) -> int:
    """Its id. A set of that name has these columns from now on."""
    with transaction() as session:
        _hold(session, program_id)
        found = _named(session, program_id, name)
        if found is None:
            if len(of_program(program_id)) >= MOST:
                raise DomainError("too_many_column_sets", limit=MOST)
            found = ColumnSet(program_id=program_id, name=clean(name), key=tag_key(name), is_default=False)
            session.add(found)
        found.columns, found.several = list(columns), several
        audit.record(session, "columns.saved", found, actor, program_id=program_id, columns=found.columns)
        return found.id


def rename(program_id: int, set_id: int, name: str, actor: str) -> None:
    with transaction() as session:
        _hold(session, program_id)
        row, same = _one(session, program_id, set_id), _named(session, program_id, name)
        if same is not None and same.id != row.id:
            raise DomainError("column_set_name_taken")
        row.name, row.key = clean(name), tag_key(name)
        audit.record(session, "columns.renamed", row, actor, program_id=program_id)


def delete(program_id: int, set_id: int, actor: str) -> None:
    with transaction() as session:
        row = _one(session, program_id, set_id)
        audit.record(session, "columns.deleted", row, actor, program_id=program_id)
        session.delete(row)


def make_default(program_id: int, set_id: int, actor: str, *, default: bool) -> None:
    """Exports of the programme begin with this set; `default` False: with the usual columns again."""
    with transaction() as session:
        _hold(session, program_id)
        row = _one(session, program_id, set_id)
        others = update(ColumnSet).where(ColumnSet.program_id == program_id, ColumnSet.is_default)
        session.execute(others.values(is_default=False))
        session.refresh(row)
        row.is_default = default
        audit.record(session, "columns.made_default", row, actor, program_id=program_id, default=default)


def _hold(session: Session, program_id: int) -> None:
    session.get_one(Program, program_id, with_for_update=True)


def _named(session: Session, program_id: int, name: str) -> ColumnSet | None:
    query = select(ColumnSet).where(ColumnSet.program_id == program_id, ColumnSet.key == tag_key(name))
    return session.scalars(query).one_or_none()


def _one(session: Session, program_id: int, set_id: int) -> ColumnSet:
    query = select(ColumnSet).where(ColumnSet.program_id == program_id, ColumnSet.id == set_id)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise DomainError("no_such_column_set")
    return row
