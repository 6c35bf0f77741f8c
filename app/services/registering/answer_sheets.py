"""Answers as they are kept: a sheet a person of a party and a change; the newest counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, delete, insert, select
from sqlalchemy.orm import Session

from app.db import db
from app.domain.registering.answers import Answer
from app.models import AnswerSheet, Registration
from app.reading import among

_APPEND = insert(cast("Table", AnswerSheet.__table__)).inline()


def record(
    connection: Connection,
    registration_id: int,
    answers: Mapping[int, Mapping[str, Answer]],
    *,
    questions_version: int,
    at: dt.datetime,
    actor: str,
) -> None:
    """Append the sheets of the person (0) and of those who come with them; one statement."""
    if not (questions_version and answers):
        return
    about = {
        "registration_id": registration_id,
        "questions_version": questions_version,
        "at": at,
        "actor": actor,
    }
    connection.execute(
        _APPEND, [about | {"companion": who, "answers": dict(sheet)} for who, sheet in answers.items()]
    )


def record_many(
    connection: Connection,
    answers: Mapping[int, Mapping[str, Answer]],
    *,
    questions_version: int,
    at: dt.datetime,
    actor: str,
) -> None:
    """Append a sheet for each of these registrations' own person; one statement."""
    about = {"companion": 0, "questions_version": questions_version, "at": at, "actor": actor}
    sheets = [about | {"registration_id": row, "answers": dict(sheet)} for row, sheet in answers.items()]
    if sheets:
        connection.execute(_APPEND, sheets)


def newest(registration_id: int) -> dict[int, AnswerSheet]:
    """What counts, by companion; 0 is the person."""
    return {sheet.companion: sheet for sheet in of_registration(registration_id)}


def of_registration(registration_id: int) -> Sequence[AnswerSheet]:
    """All sheets, the oldest first."""
    query = select(AnswerSheet).where(AnswerSheet.registration_id == registration_id)
    return db.session.scalars(query.order_by(AnswerSheet.id)).all()


def newest_of(registration_ids: Collection[int]) -> dict[int, Row[int, int, dict[str, Any]]]:
    """The persons' own sheets that count, by registration: the version of the questions, and the answers."""
    rows = db.session.execute(
        select(AnswerSheet.registration_id, AnswerSheet.questions_version, AnswerSheet.answers)
        .where(among(AnswerSheet.registration_id, registration_ids), AnswerSheet.companion == 0)
        .order_by(AnswerSheet.id)
    )
    return {row.registration_id: row for row in rows}


def newest_of_companions(
    registration_ids: Collection[int],
) -> dict[int, dict[int, Row[int, int, int, dict[str, Any]]]]:
    """What counts of those who come with these, by registration and companion, from 1."""
    found: dict[int, dict[int, Row[int, int, int, dict[str, Any]]]] = {}
    columns = AnswerSheet.registration_id, AnswerSheet.companion
    rows = db.session.execute(
        select(*columns, AnswerSheet.questions_version, AnswerSheet.answers)
        .where(among(AnswerSheet.registration_id, registration_ids), AnswerSheet.companion > 0)
        .order_by(AnswerSheet.id)
    )
    for row in rows:
        found.setdefault(row.registration_id, {})[row.companion] = row
    return found


def any_of_meetup(session: Session, meetup_id: int) -> bool:
    """Whether anybody has answered anything."""
    query = (
        select(AnswerSheet.id)
        .join(Registration, Registration.id == AnswerSheet.registration_id)
        .where(Registration.meetup_id == meetup_id)
    )
    return session.scalars(query.limit(1)).first() is not None


def discard_companions(session: Session, registration_id: int, *, above: int) -> None:
    """What companions answered who no longer come: those of a number above this one."""
    gone = AnswerSheet.registration_id == registration_id, AnswerSheet.companion > above
    session.execute(delete(AnswerSheet).where(*gone).execution_options(synchronize_session=False))


def erase(session: Session, registration_id: int, keys: Collection[str]) -> None:
    """Take these answers out of every sheet: their consent was withdrawn."""
    for sheet in of_registration(registration_id):
        kept = {key: answer for key, answer in sheet.answers.items() if key not in keys}
        if kept != sheet.answers:
            sheet.answers = kept
    session.flush()
