"""A statement that is said to the driver gives, refuses and undoes exactly what SQLAlchemy's own way does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Table, bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.clock import now
from app.db import db, end_reading, statements
from app.models import AuditEntry, Device, DeviceRole, Meetup, Throttle
from app.prepared import Appending, Prepared
from tests.factories import make_device, make_meetup
from tests.support import counting

_throttle = cast("Table", Throttle.__table__)
ADD = Prepared(
    insert(_throttle).values(
        key=bindparam("key"), since=bindparam("since"), count=bindparam("count", type_=_throttle.c.count.type)
    )
)
COUNT = Prepared(update(_throttle).where(_throttle.c.key == bindparam("which")).values(count=bindparam("n")))
LOOK = Prepared(select(_throttle.c.key, _throttle.c.since).where(_throttle.c.key == bindparam("which")))
SEOUL = dt.timezone(dt.timedelta(hours=9))


def add(key: str, since: dt.datetime | None = None) -> None:
    with statements() as connection:
        ADD.count(connection, {"key": key, "since": since or now(), "count": 0})


def test_what_it_reads_is_what_sqlalchemy_reads_type_by_type(app: Flask) -> None:
    meetup = make_meetup(door_ticks=["명찰", "식권"])
    make_device(meetup, DeviceRole.SUPERVISE)
    device, held = Device.__table__, Meetup.__table__
    asked = (
        select(
            device.c.role,  # an enumeration
            device.c.expires_at,  # an instant
            device.c.revoked_at,  # none
            held.c.door_ticks,  # JSON
            held.c.door_tracks_exits,  # a truth
            held.c.title_ko.label("called"),
        )
        .join_from(device, held, held.c.id == device.c.meetup_id)
        .where(held.c.slug == bindparam("slug"), device.c.role == DeviceRole.SUPERVISE)
    )
    given = {"slug": meetup.slug}
    with statements() as connection:
        own = connection.execute(asked, given).one()
        said = Prepared(asked).first(connection, given)
    assert said._asdict() == dict(own._mapping)
    assert [type(value) for value in said] == [type(value) for value in own]


def test_instants_go_in_as_utc_and_come_out_so(app: Flask) -> None:
    noon = dt.datetime(2026, 7, 14, 12, tzinfo=SEOUL)
    add("noon", noon)
    with statements() as connection:
        found = LOOK.first(connection, {"which": "noon"})
    assert (found.since, found.since.tzinfo) == (noon, dt.UTC)


def test_no_row_is_none_and_no_change_is_nought(app: Flask) -> None:
    add("one")
    with statements() as connection:
        assert LOOK.first(connection, {"which": "two"}) is None
        assert COUNT.count(connection, {"which": "two", "n": 5}) == 0
        assert COUNT.count(connection, {"which": "one", "n": 5}) == 1


def test_what_it_refuses_is_an_error_of_sqlalchemys_and_all_is_undone(app: Flask) -> None:
    add("twice")
    with pytest.raises(IntegrityError):
        _change_and_fail()
    assert db.session.scalars(select(Throttle.count)).one() == 0
    add("afterwards")


def _change_and_fail() -> None:
    with statements() as connection:
        COUNT.count(connection, {"which": "twice", "n": 9})
        ADD.count(connection, {"key": "twice", "since": now(), "count": 1})


def test_it_cannot_write_where_nobody_declared_a_write(app: Flask) -> None:
    add("kept")
    with pytest.raises(DBAPIError):
        COUNT.count(db.session.connection(), {"which": "kept", "n": 9})
    db.session.rollback()
    assert db.session.scalars(select(Throttle.count)).one() == 0


def test_an_error_keeps_what_was_given_to_itself(app: Flask) -> None:
    add("secret")
    with pytest.raises(IntegrityError) as refused, statements() as connection:
        ADD.count(connection, {"key": "secret", "since": now(), "count": 4711})
    assert "4711" not in str(refused.value)


def test_tests_that_count_statements_count_it(app: Flask) -> None:
    add("counted")
    end_reading()
    with counting.statements() as seen, statements() as connection:
        assert LOOK.first(connection, {"which": "counted"}).key == "counted"
        assert COUNT.count(connection, {"which": "counted", "n": 3}) == 1
    assert [each.split()[0] for each in seen if each.split()[0] in ("SELECT", "UPDATE")] == [
        "SELECT",
        "UPDATE",
    ]


@contextmanager
def killed_backend() -> Iterator[Any]:
    """A connection in a transaction whose server process is gone."""
    with statements() as connection:
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        yield connection


def test_a_connection_whose_server_process_died_is_given_up_and_the_next_one_works(app: Flask) -> None:
    add("here")
    end_reading()
    if db.engine.dialect.name == "sqlite":  # has no server
        return
    with pytest.raises(OperationalError) as lost, killed_backend() as connection:
        LOOK.first(connection, {"which": "here"})
    assert lost.value.connection_invalidated
    for _ in range(db.engine.pool.size() + 1):  # type: ignore[attr-defined]
        with statements() as connection:
            assert LOOK.first(connection, {"which": "here"}).key == "here"


def test_rows_are_added_with_the_defaults_of_their_columns_one_or_several(app: Flask) -> None:
    audit_entries = Appending(AuditEntry.__table__)
    row = {"actor": "worker", "act": "tested", "subject": "thing:1", "details": {"n": 1}}
    with statements() as connection:
        first = audit_entries.add(connection, row)
        audit_entries.add_all(connection, [row])
        audit_entries.add_all(connection, [row, row | {"reason": "again"}])
        audit_entries.add_all(connection, [])
    kept = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert kept[0].id == first
    assert [(each.act, each.details, each.reason) for each in kept] == [
        ("tested", {"n": 1}, "again" if number == 3 else "") for number in range(4)
    ]
    assert all(each.at.tzinfo and now() - each.at < dt.timedelta(minutes=1) for each in kept)


def test_a_column_that_is_none_is_refused(app: Flask) -> None:
    with pytest.raises(ValueError, match="acct"), statements() as connection:
        Appending(AuditEntry.__table__).add_all(connection, [{"acct": "misspelt"}])


def test_fixed_lists_are_unfolded_once(app: Flask) -> None:
    add("one")
    add("two")
    named = Prepared(
        select(_throttle.c.key).where(
            _throttle.c.key.in_(["two", "three"]), _throttle.c.count < bindparam("most")
        )
    )
    with statements() as connection:
        assert named.first(connection, {"most": 1}).key == "two"
        assert named.first(connection, {"most": 0}) is None
