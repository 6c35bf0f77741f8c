"""Reading a backup without changing anything: whether it is whole and ours, and what putting it back would lose."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Table, func, select

from app.db import db
from app.domain.backups import Fault, Manifest, fault, read
from app.domain.errors import DomainError
from app.models import CheckIn, Cohort, Meetup, OutboxMail, Person, Program, Registration
from app.services.backups import rows, trail
from app.services.backups.making import seal_key
from app.services.backups.trail import Rows
from app.services.running import health

LARGEST_MANIFEST = 16 * 1024 * 1024
COUNTED = (Program, Cohort, Person, Meetup, Registration, CheckIn, OutboxMail)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True)
class Difference:
    """How many rows of a kind there were then, and are now."""

    table: str
    then: int
    now: int


def manifest_of(path: Path) -> Manifest:
    """What it says of itself. Raises `DomainError` for a file that is no backup, or none that can be put back here."""
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo("manifest.json").file_size > LARGEST_MANIFEST:
                raise DomainError(Fault.UNREADABLE)
            manifest = read(packed.read("manifest.json"))
    except BROKEN as error:
        raise DomainError(Fault.UNREADABLE) from error
    if why := fault(manifest, health.newest_schema(), seal_key()):
        raise DomainError(why)
    return manifest


def check(path: Path) -> Manifest:
    """Read all of it, a line at a time. Raises `DomainError`: no backup, damaged, another's, of another version."""
    manifest = manifest_of(path)
    try:
        with zipfile.ZipFile(path) as packed:
            for table in rows.tables():
                _check_table(packed, table, manifest)
            for name in manifest.uploads:
                _check_upload(packed, name)
    except BROKEN as error:
        raise DomainError(Fault.DAMAGED) from error
    return manifest


def refuse_another_past(path: Path, manifest: Manifest) -> None:
    """Raises `DomainError` where putting it back would replace the records of here by others."""
    with zipfile.ZipFile(path) as packed:
        if trail.would_be_lost(db.session.connection(), first_rows(packed, manifest)):
            raise DomainError(Fault.OTHER_PAST)


def first_rows(packed: zipfile.ZipFile, manifest: Manifest) -> Rows:
    """A function: the backup's rows of a table, one at a time, in the order of their keys."""

    def of(table: Table) -> Iterator[dict[str, Any]]:
        row = rows.reader(table, manifest.tables[table.name]["columns"])
        with packed.open(f"tables/{table.name}.jsonl") as file:
            yield from map(row, file)

    return of


def differences(manifest: Manifest) -> Sequence[Difference]:
    """What there is now, beside what there would be."""
    found = []
    for model in COUNTED:
        number = db.session.scalar(select(func.count()).select_from(model)) or 0
        found.append(Difference(model.__tablename__, manifest.rows(model.__tablename__), number))
    return found


def lines(file: IO[bytes]) -> Sequence[bytes]:
    """The next lines of a table's file; none at its end."""
    return file.readlines(256 * 1024)


def _check_table(packed: zipfile.ZipFile, table: Table, manifest: Manifest) -> None:
    said = manifest.tables[table.name]
    if set(said["columns"]) != set(table.columns.keys()):
        raise DomainError(Fault.OTHER_SCHEMA)
    digest, number = hashlib.sha256(), 0
    with packed.open(f"tables/{table.name}.jsonl") as file:
        while part := lines(file):
            for line in part:
                digest.update(line)
            number += len(part)
    if digest.hexdigest() != said["sha256"] or number != said["rows"]:
        raise DomainError(Fault.DAMAGED)


def _check_upload(packed: zipfile.ZipFile, name: str) -> None:
    digest = hashlib.sha256()
    with packed.open(f"uploads/{name}") as file:
        while part := file.read(1024 * 1024):
            digest.update(part)
    if f"{digest.hexdigest()}.webp" != name:
        raise DomainError(Fault.DAMAGED)
