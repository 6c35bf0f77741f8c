"""The databases of a test run: one migrated template each, copied for every test worker."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, text

from app import create_app
from app.db import db, end_reading, statements
from config import Settings
from tests.support.postgres import PostgresServer

KINDS = ("sqlite", "postgresql")
TEMPLATE = "template_dongmun"


class Databases:
    """Made once by the process that runs the tests; workers get `shared()` and copy from it."""

    def __init__(self, kinds: tuple[str, ...] = KINDS) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dongmun-tests-"))
        self.server = PostgresServer() if "postgresql" in kinds else None
        for kind in kinds:
            self._migrate(self._empty(kind, TEMPLATE))

    def shared(self) -> dict[str, str]:
        """What a test worker needs to make its own copies; plain text, to cross processes."""
        return {"folder": str(self.folder), "postgres": str(self.server.folder) if self.server else ""}

    def close(self) -> None:
        if self.server:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _empty(self, kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        assert self.server
        return self.server.create(name)

    def _migrate(self, url: str) -> None:
        application = create_app(settings_for(url, self.folder / "template"))
        with application.app_context():
            upgrade()
            if db.engine.dialect.name == "sqlite":
                with db.engine.connect() as connection:
                    connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.engine.dispose()


def copy_of_template(kind: str, shared: dict[str, str], folder: Path) -> str:
    """The URL of a fresh migrated database for one test worker, or for one test that needs its own."""
    name = f"copy_{uuid.uuid4().hex[:12]}"
    if kind == "sqlite":
        copy = folder / f"{name}.sqlite3"
        shutil.copyfile(Path(shared["folder"]) / f"{TEMPLATE}.sqlite3", copy)
        return f"sqlite:///{copy}"
    server = PostgresServer.__new__(PostgresServer)
    server.folder = Path(shared["postgres"])
    return server.create(name, TEMPLATE)


def settings_for(url: str, folder: Path, **changes: object) -> Settings:
    """Settings for tests: nothing from the environment, no debug mode, everything below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {
        "DATABASE_URL": url,
        "DATA_DIR": folder,
        "BASE_URL": "http://localhost:8000",
        "ASKS_PER_CLIENT_HOUR": 60,
        "SECRET_KEY": "a session key for tests",
        "TICKET_KEY": "a ticket key for tests",
        "LINK_KEY": "a link key for tests",
        "LOG_LEVEL": "warning",
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


def empty_tables(app: Flask) -> None:
    """Delete all rows, in one transaction; ids keep counting, so no test can rest on them."""
    deletions = [f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables)]
    with app.app_context(), statements() as connection:
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "sqlite":
            for each in deletions:
                driver.execute(each)
        else:  # on one way there and back
            driver.execute("; ".join(deletions), prepare=False)


def every_row() -> dict[str, list[tuple[Any, ...]]]:
    """All that stands in the database, by table."""
    end_reading()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
    }
