"""Putting a backup back into the database that everybody uses: one transaction, so that it happens whole or not at all.

What became true outside since stays true (app/services/backups/since.py): mails that went out don't go out again, who was
erased stays erased, what people took back (app/services/backups/withdrawn.py) stays taken back, and the audit trail goes on.
"""

from __future__ import annotations

import zipfile
from itertools import islice
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, Table, insert, select, text, update

from app.clock import now
from app.db import db, forget_overwritten, statements
from app.domain.backups import Manifest
from app.files import write_atomically
from app.models import AccountSession, AuditEntry, Program
from app.services import audit
from app.services.backups import checking, rows, since, withdrawn
from app.services.backups.files import Backup
from app.services.backups.rows import table_of
from app.services.backups.trail import Rows
from app.services.backups.withdrawn import Withdrawn
from app.services.personal import erasure

AT_ONCE = 500
ACT = "backup.put_back"


def put_back(backup: Backup, path: Path, actor: str, *, new_machine: bool = False) -> None:
    """Checks it once more, then puts it back; asked again after that was done, it does nothing. On a `new_machine` the
    trail may be replaced, too.

    Raises `DomainError` for a file that can't be put back; then nothing is changed.
    """
    manifest = checking.check(path)
    if not new_machine:
        checking.refuse_another_past(path, manifest)
    with zipfile.ZipFile(path) as packed:
        _lay_down_pictures(packed, manifest)
        with statements() as connection:
            if not _is_done(connection, backup):
                _replace(connection, packed, manifest, backup, actor)
        _erase_again(checking.first_rows(packed, manifest), actor)
        withdrawn.take_back_again(checking.first_rows(packed, manifest), actor)
    forget_overwritten()


def _is_done(connection: Connection, backup: Backup) -> bool:
    """The trail tells: it is written in the same transaction, and goes on over a restore."""
    done = select(AuditEntry.id).where(AuditEntry.act == ACT, AuditEntry.subject == subject_of(backup))
    return connection.scalar(done.limit(1)) is not None


def subject_of(backup: Backup) -> str:
    """By the safety copy that is made before: a backup may be put back more than once."""
    return f"backup:{backup.safety or backup.name}"


def _replace(
    connection: Connection, packed: zipfile.ZipFile, manifest: Manifest, backup: Backup, actor: str
) -> None:
    _let_nobody_in(connection)
    then = checking.first_rows(packed, manifest)
    past = since.remember(connection, then, backup.put_back_session)
    taken_back = withdrawn.remember(connection, then, manifest.at) if past.kept_tables else Withdrawn()
    replaced = [table for table in rows.tables() if table.name not in past.kept_tables]
    programs = table_of(Program)
    for table in reversed(replaced):
        # Entries of the trail name programmes, also such as were made since: those stay, empty.
        if table is not programs or not past.kept_tables:
            connection.execute(table.delete())
    for table in replaced:
        known = set(connection.scalars(select(programs.c.id))) if table is programs else set[int]()
        _fill(connection, packed, table, manifest, known)
        since.add_missing(connection, table, past)
    ended = update(AccountSession).where(AccountSession.ended_at.is_(None)).values(ended_at=now())
    connection.execute(ended)
    since.stay_true(connection, past)
    for table in replaced:
        since.count_on(connection, table)
    withdrawn.stay(connection, taken_back)
    audit.record(connection, ACT, subject_of(backup), actor, program_id=None, made_at=manifest.made_at)


def _let_nobody_in(connection: Connection) -> None:
    """SQLite has one writer anyhow, and looks at references at the end; PostgreSQL waits for those who are under way."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        return
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(table.name) for table in rows.tables())
    connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))


def _fill(
    connection: Connection, packed: zipfile.ZipFile, table: Table, manifest: Manifest, known: set[int]
) -> None:
    """`known`: ids of rows that are there still; these become as they were."""
    row = rows.reader(table, manifest.tables[table.name]["columns"])
    with packed.open(f"tables/{table.name}.jsonl") as file:
        while part := [row(line) for line in islice(file, AT_ONCE)]:
            for each in part:
                if each.get("id") in known:
                    connection.execute(update(table).where(table.c.id == each["id"]).values(each))
            if new := [each for each in part if each.get("id") not in known]:
                connection.execute(insert(table), new)


def _lay_down_pictures(packed: zipfile.ZipFile, manifest: Manifest) -> None:
    data: Path = current_app.config["SETTINGS"].DATA_DIR
    for name in manifest.uploads:
        if not (data / "uploads" / name).exists():
            write_atomically(data / "uploads" / name, packed.read(f"uploads/{name}"))


def _erase_again(then: Rows, actor: str) -> None:
    """Whoever was erased since the backup. The trail says who; erasing twice changes nothing."""
    for person_id, asked in since.erased_since(db.session.connection(), then):
        erasure.erase(person_id, actor, asked)
