"""Alembic's entrance: migrations run online, as one declared writer, on the app's own engine."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import app.models  # noqa: F401 - fills the metadata
from app.db import UtcDateTime, db


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Write our column types by what they are in the database, so that old migrations stand alone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "EnumText":
        return "sa.String(length=24)"
    return False


def run() -> None:
    with db.engine.connect().execution_options(writer=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
