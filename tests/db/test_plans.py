"""How PostgreSQL means to answer what is asked of it all evening."""

from __future__ import annotations

import re
from uuid import uuid4

from flask import Flask

from app.db import db, statements
from app.services.door import door_rows
from tests.support import counting


def test_a_scan_is_looked_up_by_its_meetup_and_id_whatever_the_ledger_held_when_that_was_planned(
    app: Flask,
) -> None:
    """As a join, planned while the ledger was empty, PostgreSQL read all of it for each scan of an evening."""
    if db.engine.dialect.name == "sqlite":  # keeps no plan
        return
    with counting.statements() as seen, statements() as connection:
        door_rows.glance(connection, "token", "slug", str(uuid4()), b"")
    plan = planned(next(each for each in seen if "scan_id" in each))
    looked_up = next(line for line in plan if "Index Cond" in line and "scan_id" in line)
    assert "meetup_id" in looked_up, plan


def planned(statement: str) -> list[str]:
    """The lines of the plan that is kept for this statement of psycopg's."""
    names: dict[str, str] = {}
    numbered = re.sub(
        r"%\((\w+)\)s", lambda found: names.setdefault(found[1], f"${len(names) + 1}"), statement
    )
    return list(db.session.connection().exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {numbered}").scalars())
