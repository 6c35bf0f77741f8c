"""What happened since a backup and can't be taken back by putting it back: mails that went out, promises of erasure, the trail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, cast, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import REGCLASS

from app.db import db
from app.domain.erasure import Asked
from app.domain.schedule import Act
from app.models import (
    Account,
    AccountSession,
    AuditEntry,
    AuditSeal,
    ErasedAddress,
    MailState,
    OptOut,
    OutboxMail,
    Person,
    Program,
    ScheduledAct,
)
from app.services.backups import trail
from app.services.backups.rows import table_of
from app.services.backups.trail import Rows
from app.services.personal import erasure

TRAIL = frozenset({AuditEntry.__tablename__, AuditSeal.__tablename__})
# Wishes that hold whatever is put back; a programme's rows, by what they are of.
WISHES = {
    ErasedAddress.__tablename__: ("program_id", "address_hash"),
    OptOut.__tablename__: ("program_id", "address_hash"),
}
# Acts that write to many: told once is told.
TOLD = (Act.STILL_COMING, Act.WEEK_REMINDER, Act.DAY_REMINDER, Act.FEE_REMINDER, Act.THANKS, Act.MESSAGE)
AT_ONCE = 500


@dataclass
class Past:
    """What is remembered over the restore. `kept_tables` aren't replaced at all."""

    kept_tables: frozenset[str] = frozenset()
    missing: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    settled: list[dict[str, Any]] = field(default_factory=list)
    session: dict[str, Any] | None = None
    account_key: str = ""


def remember(connection: Connection, then: Rows, session_hash: str) -> Past:
    """Look at what is there, before it goes."""
    past = Past()
    if trail.is_own_past(connection, then):
        past.kept_tables = TRAIL
    for name, key in WISHES.items():
        past.missing[name] = _those_without(connection, then, db.metadata.tables[name], key)
    past.missing[ScheduledAct.__tablename__] = _told_since(connection, then)
    past.settled = _settled_since(connection, then)
    _remember_session(connection, past, session_hash)
    return past


def add_missing(connection: Connection, table: Table, past: Past) -> None:
    """What stays of a table beside the backup's rows; under new ids, for theirs may be taken."""
    if rows := past.missing.get(table.name):
        count_on(connection, table)
        connection.execute(insert(table), [{k: v for k, v in row.items() if k != "id"} for row in rows])


def stay_true(connection: Connection, past: Past) -> None:
    """After the rows are back: what went out, went out; who put it back is still signed in, if the account is there."""
    mails = table_of(OutboxMail)
    for each in past.settled:
        connection.execute(
            update(mails)
            .where(mails.c.message_id == each["message_id"])
            .values(state=each["state"], sent_at=each["sent_at"], leased_until=None)
        )
    if past.session and _has_account(connection, past):
        sessions = table_of(AccountSession)
        connection.execute(sessions.delete().where(sessions.c.token_hash == past.session["token_hash"]))
        connection.execute(insert(sessions), {k: v for k, v in past.session.items() if k != "id"})


def erased_since(connection: Connection, then: Rows) -> list[tuple[int, Asked]]:
    """Persons who were erased after the backup was made, and who are there again; with how it was asked for."""
    entries = trail.done_since(connection, then, erasure.ACT)
    asked = {trail.number_of(row.subject): Asked(row.details["asked"]) for row in entries}
    numbers, found = sorted(asked), list[int]()
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        again = select(Person.id).where(Person.id.in_(some), Person.erased_at.is_(None))
        found += connection.scalars(again)
    return [(number, asked[number]) for number in found]


def count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows after the highest that there is or ever was: the trail names rows by their numbers, so
    none is given twice. SQLite does so by itself (AUTOINCREMENT)."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        highest = select(func.coalesce(func.max(table.columns["id"]), 1)).scalar_subquery()
        given = func.coalesce(func.pg_sequence_last_value(cast(sequence, REGCLASS)), 1)
        connection.execute(select(func.setval(sequence, func.greatest(highest, given))))


def _those_without(
    connection: Connection, then: Rows, table: Table, key: tuple[str, ...]
) -> list[dict[str, Any]]:
    known = {tuple(row[name] for name in key) for row in then(table)}
    programs = {row["id"] for row in then(table_of(Program))}
    found = [dict(row._mapping) for row in connection.execute(select(table))]
    return [
        row
        for row in found
        if tuple(row[name] for name in key) not in known and row["program_id"] in programs
    ]


def _told_since(connection: Connection, then: Rows) -> list[dict[str, Any]]:
    table = table_of(ScheduledAct)
    known = {(row["act"], row["subject_id"], row["due_at"]) for row in then(table)}
    done = select(table).where(table.c.act.in_(TOLD), table.c.done_at.is_not(None))
    rows = [dict(row._mapping) for row in connection.execute(done)]
    return [row for row in rows if (row["act"], row["subject_id"], row["due_at"]) not in known]


def _settled_since(connection: Connection, then: Rows) -> list[dict[str, Any]]:
    """Mails that waited then, and that are settled now."""
    mails = table_of(OutboxMail)
    waiting = [row["message_id"] for row in then(mails) if row["state"] == MailState.QUEUED.value]
    found: list[dict[str, Any]] = []
    for start in range(0, len(waiting), AT_ONCE):
        some = mails.c.message_id.in_(waiting[start : start + AT_ONCE])
        query = select(mails.c.message_id, mails.c.state, mails.c.sent_at)
        over = or_(mails.c.state != MailState.QUEUED, mails.c.leased_until.is_not(None))
        found += [dict(row._mapping) for row in connection.execute(query.where(some, over))]
    return found


def _remember_session(connection: Connection, past: Past, session_hash: str) -> None:
    sessions, accounts = table_of(AccountSession), table_of(Account)
    query = select(sessions, accounts.c.address_key).join(accounts, accounts.c.id == sessions.c.account_id)
    row = connection.execute(query.where(sessions.c.token_hash == session_hash)).one_or_none()
    if row:
        found = dict(row._mapping)
        past.account_key = found.pop("address_key")
        past.session = found


def _has_account(connection: Connection, past: Past) -> bool:
    assert past.session  # noqa: S101 - for the type checker
    accounts = table_of(Account)
    same = select(accounts.c.id).where(
        accounts.c.id == past.session["account_id"], accounts.c.address_key == past.account_key
    )
    return connection.scalar(same) is not None
