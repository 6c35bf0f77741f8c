"""Whether this installation can do its work right now."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any, cast

from alembic.script import ScriptDirectory
from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.db import db, transaction
from app.models import Throttle
from config import ROOT

log = logging.getLogger(__name__)
ROOM_NEEDED = 100 * 1024 * 1024
PROBE = "readyz"
INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def ready(free_bytes: int) -> dict[str, Any]:
    """Write one row, compare the schema's version with ours, look at the disk. Never raises."""
    report: dict[str, Any] = {"database": False, "schema": None, "disk": free_bytes > ROOM_NEEDED}
    try:
        _write()
        report["database"] = True
        report["schema"] = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (SQLAlchemyError, OSError) as error:
        log.error("not ready", extra={"error": type(error).__name__})
    report["ready"] = bool(report["database"] and report["disk"]) and report["schema"] == newest_schema()
    return report


@lru_cache
def newest_schema() -> str | None:
    """The version that our migrations lead to."""
    return ScriptDirectory(str(ROOT / "app/migrations")).get_current_head()


def _write() -> None:
    """One row, in one statement: probes that come at once do not get into each other's way."""
    with transaction() as session:
        insert: Any = INSERT[session.get_bind().dialect.name]
        statement = insert(cast("Table", Throttle.__table__)).values(key=PROBE, since=now(), count=1)
        session.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"since": statement.excluded.since})
        )
