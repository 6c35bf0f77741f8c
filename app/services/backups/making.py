"""Writing a backup while everybody goes on working: one moment of the database, the pictures and the keys, in one file."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Table, func, select, text

from app.clock import now
from app.db import streaming
from app.domain.backups import Manifest
from app.keys import keys
from app.models import Image
from app.services.backups import rows
from app.services.running import health

AT_ONCE = 1000
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """For whoever doesn't want to know."""


def seal_key() -> bytes:
    """Of all keys that what is in the database rests on."""
    own = keys()
    return hashlib.sha256(b"backup:" + own.link + b":" + own.ticket + b":" + own.audit).digest()


def write(target: Path, progress: Progress = _silent) -> Manifest:
    """Write it whole or not at all; `progress` hears how many rows are written, and of how many."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
                manifest = _write_all(packed, progress)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)  # half a backup is as personal as a whole one
    return manifest


def _write_all(packed: zipfile.ZipFile, progress: Progress) -> Manifest:
    at, written, done = now(), dict[str, dict[str, Any]](), 0
    with streaming() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        total = sum(_count(connection, table) for table in rows.tables())
        progress(0, total)
        for table in rows.tables():
            written[table.name] = _write_table(packed, connection, table)
            done += written[table.name]["rows"]
            progress(done, total)
        uploads = _write_files(packed, sorted(set(connection.scalars(select(Image.sha256)))))
    made = Manifest(at.isoformat(), health.newest_schema() or "", written, uploads)
    sealed = made.sealed(seal_key())
    packed.writestr("manifest.json", sealed.text())
    return sealed


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _write_table(packed: zipfile.ZipFile, connection: Connection, table: Table) -> dict[str, Any]:
    digest, number = hashlib.sha256(), 0
    found = connection.execution_options(yield_per=AT_ONCE).execute(rows.in_order(table))
    with packed.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in found:
            line = rows.line(row)
            digest.update(line)
            file.write(line)
            number += 1
    return {
        "columns": [column.name for column in table.columns],
        "rows": number,
        "sha256": digest.hexdigest(),
    }


def _write_files(packed: zipfile.ZipFile, digests: Sequence[str]) -> list[str]:
    """The pictures that a row names, by their digests, and the keys that lie in the data folder."""
    data: Path = current_app.config["SETTINGS"].DATA_DIR
    uploads = [path for each in digests if (path := data / "uploads" / f"{each}.webp").exists()]
    for path in (*uploads, *sorted((data / "keys").glob("*.key"))):
        packed.write(path, f"{path.parent.name}/{path.name}")
    return [path.name for path in uploads]
