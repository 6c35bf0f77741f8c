"""Worlds that many tests begin with: each is built once for each database, by the services as everything else is, and
for every further test its rows and files are written again as they were. Ids, secrets and times stay the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import Connection

from app.db import Base, db, statements

FRESH_SECONDS = 300  # a third of what a door's link and a fresh sign-in last
KEYS = "keys"  # of the installation, and no part of a world
W = TypeVar("W")


@dataclass(frozen=True)
class _Kept:
    """A world as its builder left it."""

    world: Any
    rows: dict[str, Any]
    files: dict[Path, bytes]
    built: float


class Worlds:
    """What one test worker has built."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Flask, Callable[[], Any]], _Kept] = {}

    def begin(self, app: Flask, build: Callable[[], W]) -> W:
        """The world of `build` in the empty tables of `app`, whose context is pushed; its rows can be read and refreshed."""
        kept = self._kept.get((app, build))
        if kept is None or time.monotonic() - kept.built > FRESH_SECONDS:
            kept = self._kept[app, build] = _built(app, build)
        else:
            _write_again(app, kept)
        world: W = kept.world
        return world


def _built(app: Flask, build: Callable[[], Any]) -> _Kept:
    world = build()
    with statements() as connection:
        rows = {name: found for name in _tables() if (found := _read(connection, name))}
    return _Kept(world, rows, {path: path.read_bytes() for path in _files(app)}, time.monotonic())


def _write_again(app: Flask, kept: _Kept) -> None:
    with statements() as connection:
        for name, rows in kept.rows.items():
            _write(connection, name, rows)
    for path, data in kept.files.items():
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(data)
    db.session.add_all(set(_models(kept.world)))  # of the test before, whose session is closed


def _tables() -> list[str]:
    return [table.name for table in db.metadata.sorted_tables]


def _read(connection: Connection, name: str) -> Any:
    """All rows of a table, as the driver writes them again: nothing is lost on a way through Python's types."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return driver.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
    with driver.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
        return b"".join(copy)


def _write(connection: Connection, name: str, rows: Any) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(rows[0]))
        driver.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)
        return
    with driver.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
        copy.write(rows)


def _files(app: Flask) -> Iterator[Path]:
    folder: Path = app.config["SETTINGS"].DATA_DIR
    return (
        path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] != KEYS
    )


def _models(thing: Any) -> Iterator[Base]:
    """All rows that a world names."""
    if isinstance(thing, db.Model):
        yield thing
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _models(getattr(thing, each.name))
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from _models(each)
