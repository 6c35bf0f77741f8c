"""The numbers of a meetup are counted from indexes: of 100,000 registrations no row is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.blueprints.meetups import numbers
from app.db import db
from app.domain.registering.registrations import Status
from app.models import Source
from app.services.door import walk_in_checks
from app.services.registering import host_entries
from tests.factories import make_alumnus, make_cohort, make_meetup, make_registration


@pytest.fixture
def plans(app: Flask) -> Iterator[list[str]]:
    """How SQLite goes about each statement from here on."""
    seen: list[str] = []

    def note(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            driver = connection.connection.dbapi_connection
            seen.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    engine = db.engine
    if engine.dialect.name != "sqlite":
        yield seen
        return
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_overview_counts_from_covering_indexes(app: Flask, plans: list[str]) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    for status in (Status.CONFIRMED, Status.WAITLISTED):
        make_registration(meetup, make_alumnus(cohort), status, cohort, companions=1)
    plans.clear()

    counted = numbers.of_meetup(meetup)
    host_entries.counts(meetup.id)

    assert (counted.total.registered, counted.total.companions, counted.total.eligible) == (2, 1, 2)
    assert [plan for plan in plans if "registration" in plan and "COVERING INDEX" not in plan] == []
    assert [plan for plan in plans if "roster_entry" in plan and "COVERING INDEX" not in plan] == []


def test_walk_ins_are_looked_for_among_walk_ins(app: Flask, plans: list[str]) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    make_registration(meetup, make_alumnus(cohort), cohort=cohort)
    make_registration(meetup, make_alumnus(cohort), cohort=cohort, source=Source.WALK_IN)
    plans.clear()

    assert walk_in_checks.number_waiting(meetup) == 1
    assert [plan for plan in plans if "INDEX ix_registration_" in plan and "walk_in" not in plan] == []
