"""A database as an operator copies it, and puts the copy back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from app.db import db


def copied(url: str, folder: Path) -> Callable[[], None]:
    """Copy the database while it is in use; what comes back puts the copy in its place, once nobody writes to it."""
    if url.startswith("sqlite"):
        return _file_copied(Path(url.removeprefix("sqlite:///")), folder / "backup.sqlite3")
    return _tables_copied(url)


def _file_copied(file: Path, copy: Path) -> Callable[[], None]:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)

    def put_back() -> None:
        db.session.remove()
        db.engine.dispose()
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        shutil.copyfile(copy, file)

    return put_back


def _tables_copied(url: str) -> Callable[[], None]:
    tables = [table.name for table in db.metadata.sorted_tables]
    with psycopg.connect(url) as connection:
        held = {name: _read(connection, name) for name in tables}

    def put_back() -> None:
        db.session.remove()
        with psycopg.connect(url) as connection:
            # In whatever order they refer to each other.
            connection.execute("SET session_replication_role = replica")
            for name in tables:
                connection.execute(f'DELETE FROM "{name}"'.encode())
                with connection.cursor().copy(f'COPY "{name}" FROM STDIN'.encode()) as writing:
                    writing.write(held[name])

    return put_back


def _read(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bytes:
    with connection.cursor().copy(f'COPY "{name}" TO STDOUT'.encode()) as reading:
        return b"".join(reading)
