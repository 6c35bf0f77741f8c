"""Whether this installation can do its work right now."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.clock import now
from app.db import db, transaction
from app.models import Throttle

log = logging.getLogger(__name__)
ROOM_NEEDED = 100 * 1024 * 1024
PROBE = "readyz"


def ready(free_bytes: int) -> dict[str, Any]:
    """Write one row, read the schema's version, look at the disk. Never raises."""
    report: dict[str, Any] = {"database": False, "schema": None, "disk": free_bytes > ROOM_NEEDED}
    try:
        with transaction() as session:
            session.merge(Throttle(key=PROBE, since=now(), count=1))
        report["database"] = True
        report["schema"] = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        log.error("not ready", extra={"error": type(error).__name__})
    report["ready"] = bool(report["database"] and report["schema"] and report["disk"])
    return report
