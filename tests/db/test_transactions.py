"""The one way to write: declared, alone, lossless, and undone on any error."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from app import create_app
from app.clock import now
from app.db import UndeclaredWrite, db, streaming, transaction
from app.models import Program, Throttle
from tests.factories import make_program
from tests.support.databases import settings_for

KST = dt.timezone(dt.timedelta(hours=9))


def counter(key: str = "counter") -> Throttle:
    return Throttle(key=key, since=now(), count=0)


def counted(key: str = "counter") -> int:
    db.session.rollback()
    return db.session.scalars(select(Throttle.count).where(Throttle.key == key)).one()


def increment(times: int) -> None:
    """Read, then write: what loses counts wherever two may read the same value."""
    for _ in range(times):
        with transaction() as session:
            row = session.get_one(Throttle, "counter", with_for_update=True)
            row.count += 1


def test_what_a_transaction_wrote_is_there_afterwards(app: Flask) -> None:
    with transaction() as session:
        session.add(counter())
    assert counted() == 0


def test_an_error_undoes_everything_and_the_next_writer_gets_in(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing()
    assert db.session.scalars(select(Throttle)).all() == []
    with transaction() as session:
        session.add(counter())
    assert counted() == 0


def test_a_statement_that_fails_releases_the_writers_turn(app: Flask) -> None:
    make_program(slug="taken")
    for _ in range(2):
        with pytest.raises(DBAPIError), transaction() as session:
            session.add(Program(slug="taken"))
    make_program(slug="free")


def test_transactions_do_not_nest(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="does not nest"), transaction():
        pass
    make_program()


def test_a_flush_outside_a_transaction_fails_loudly(app: Flask) -> None:
    db.session.add(counter())
    with pytest.raises(UndeclaredWrite):
        db.session.flush()
    db.session.rollback()


def test_a_change_outside_is_refused_by_the_next_transaction(app: Flask) -> None:
    program = make_program()
    program.name_en = "changed outside"
    with pytest.raises(UndeclaredWrite), transaction():
        pass
    db.session.rollback()
    assert program.name_en != "changed outside"


@pytest.mark.parametrize(
    "statement",
    [
        insert(Throttle).values(key="core", since=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), count=1),
        update(Throttle).values(count=5),
        text("DELETE FROM throttle"),
    ],
    ids=["insert", "update", "delete as text"],
)
def test_a_core_statement_outside_a_transaction_fails_loudly(app: Flask, statement: object) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        db.session.execute(statement)  # type: ignore[call-overload]
    db.session.rollback()


def test_reading_goes_on_after_an_undeclared_write_failed(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(text("DELETE FROM throttle"))
    db.session.rollback()
    assert db.session.scalars(select(Throttle)).all() == []


def test_a_decision_inside_rests_on_what_is_true_now(app: Flask) -> None:
    with transaction() as session:
        session.add(counter())
    seen = db.session.get_one(Throttle, "counter")
    other = threading.Thread(target=_in_context, args=(app, lambda: increment(1)))
    other.start()
    other.join()
    with transaction():
        assert seen.count == 1


def test_a_decision_after_another_transaction_rests_on_what_is_true_now(app: Flask) -> None:
    with transaction() as session:
        seen = counter()
        session.add(seen)
    other = threading.Thread(target=_in_context, args=(app, lambda: increment(1)))
    other.start()
    other.join()
    with transaction():
        assert seen.count == 1


def test_twenty_threads_lose_no_count(app: Flask) -> None:
    with transaction() as session:
        session.add(counter())
    threads = [threading.Thread(target=_in_context, args=(app, lambda: increment(10))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted() == 200


def test_four_processes_of_five_threads_lose_no_count(
    database: str, make_database: Callable[[str], str], tmp_path: Path
) -> None:
    url = make_database(database)
    application = create_app(settings_for(url, tmp_path))
    with application.app_context():
        with transaction() as session:
            session.add(counter())
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=_count_in_process, args=(url, tmp_path)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0, 0, 0, 0]
        assert counted() == 200
        db.session.remove()
        db.engine.dispose()


def test_an_instant_comes_back_aware_and_equal(app: Flask) -> None:
    at = dt.datetime(2026, 7, 14, 18, 30, 15, 123456, tzinfo=KST)
    with transaction() as session:
        session.add(Throttle(key="instant", since=at, count=1))
    db.session.rollback()
    found = db.session.get_one(Throttle, "instant").since
    assert found == at
    assert found.utcoffset() == dt.timedelta(0)


def test_an_instant_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="time zone"), transaction() as session:
        session.add(Throttle(key="naive", since=dt.datetime(2026, 7, 14), count=1))  # noqa: DTZ001


def test_sqlite_writes_ahead_and_to_the_disk(make_app: Callable[[str], Flask]) -> None:
    """Only what SQLite has to be told; PostgreSQL's durability is its operator's configuration."""
    with make_app("sqlite").app_context():
        pragmas = {
            name: db.session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
        db.session.remove()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
    }


def test_a_reader_waits_in_no_transaction_where_that_costs_ways_to_a_server(app: Flask) -> None:
    """And what PostgreSQL has prepared by then stays prepared."""
    server = db.engine.dialect.name == "postgresql"
    for _ in range(20):
        db.session.scalars(select(Throttle)).all()
        raw: Any = db.session.connection().connection.dbapi_connection
        assert (raw.info.transaction_status is TransactionStatus.IDLE) if server else raw.in_transaction
        db.session.rollback()
    if server:
        assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))


def test_rows_read_a_part_at_a_time_are_of_one_moment(app: Flask) -> None:
    with transaction() as session:
        session.add_all(counter(f"row {number}") for number in range(5))
    with streaming() as connection:
        rows = connection.execute(select(Throttle.key).execution_options(yield_per=2))
        first = next(rows)
        another = threading.Thread(target=_in_context, args=(app, _forget_all))
        another.start()
        another.join()
        assert len([first, *rows]) == 5
    assert db.session.scalars(select(Throttle)).all() == []


def test_rows_read_a_part_at_a_time_are_only_read(app: Flask) -> None:
    with streaming() as connection, pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        connection.execute(text("DELETE FROM throttle"))


def _forget_all() -> None:
    with transaction() as session:
        session.execute(delete(Throttle))


def _fail_after_writing() -> None:
    with transaction() as session:
        session.add(counter())
        session.flush()
        raise ZeroDivisionError


def _in_context(app: Flask, work: Callable[[], None]) -> None:
    with app.app_context():
        work()


def _count_in_process(url: str, folder: Path) -> None:
    application = create_app(settings_for(url, folder))
    threads = [
        threading.Thread(target=_in_context, args=(application, lambda: increment(10))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
