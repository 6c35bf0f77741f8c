"""The database: engine set-up for SQLite and PostgreSQL, column types, and `transaction()`.

Reading needs nothing. Writing happens inside `transaction()` and nowhere else: outside it both
databases are opened read-only, so an undeclared write fails loudly instead of racing.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Dialect, Engine, MetaData, String, TypeDecorator, event
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

from app.prepared import with_errors
from app.write_gate import WriteGate

WAL_RESET_FIXED_IN = (3, 51, 3)  # earlier releases can corrupt a WAL database; sqlite.org/wal.html
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False, "autoflush": False},
)


if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class UndeclaredWrite(RuntimeError):
    """Something changed rows outside `transaction()`."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant: aware in Python, UTC in the database (SQLite forgets zones)."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


E = TypeVar("E", bound=enum.StrEnum)


class EnumText(TypeDecorator[E], Generic[E]):
    """A `StrEnum` stored by its value, so that partial indexes can name the states."""

    impl = String(24)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind
        self._members = {each.value: each for each in kind}  # quicker than a call for each of many rows

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self._members.get(value) or self.kind(value)


@contextmanager
def transaction() -> Iterator[Session]:
    """The one way to write: begins as a declared writer, commits at the end, undoes on any error.

    On SQLite the writer holds the write gate (one writer across all processes, in turn) and a
    `BEGIN IMMEDIATE`; on PostgreSQL it is a read-write transaction, and the caller locks the rows
    that its decision rests on. What was loaded before is expired, so a decision inside never rests
    on a read from outside. Nothing slow belongs in here, and transactions do not nest.
    """
    session: Session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transaction() does not nest: one use case is one transaction")
    _refuse_pending(session)
    session.rollback()
    session.expire_all()  # rollback() alone expires nothing when no read is open
    session.info["writing"] = True
    try:
        session.connection(execution_options={"writer": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)


@contextmanager
def statements() -> Iterator[Connection]:
    """`transaction()` for a hot path that needs statements and no objects; it costs a third.

    The same rules hold: a declared writer, committed at the end, undone on any error, not nested.
    """
    if db.session.registry.has():
        if db.session().info.get("writing"):
            raise RuntimeError("transactions do not nest: one use case is one transaction")
        _refuse_pending(db.session())
        db.session.rollback()
    with db.engine.connect().execution_options(writer=True) as connection, connection.begin():
        yield connection


def connection_of(unit: Session | Connection) -> Connection:
    """The connection of a unit of work, begun by `transaction()` or by `statements()`."""
    return unit.connection() if isinstance(unit, Session) else unit


@contextmanager
def streaming() -> Iterator[Connection]:
    """Rows a part at a time: a connection of its own, in a read transaction, as a cursor on the server wants."""
    with db.engine.connect().execution_options(streaming=True) as connection:
        yield connection


def end_reading() -> None:
    """Close the read transaction of this thread; loaded rows stay usable but are reloaded on access.

    For work that waits on something slow (a mail server, a slow client) after it has read.
    """
    db.session.rollback()


def forget_overwritten() -> None:
    """Write SQLite's log back and empty it, as far as nobody reads from it: until then it holds what was overwritten.

    PostgreSQL keeps old versions of rows until its own vacuum.
    """
    if db.engine.dialect.name != "sqlite":
        return
    end_reading()
    connection = db.engine.raw_connection()  # without a BEGIN: a log can't be emptied within a transaction
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def init_db(app: Flask) -> None:
    """Point Flask-SQLAlchemy at the configured database and teach its engine our rules."""
    url = make_url(app.config["SETTINGS"].database_url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url.get_backend_name(), app)
    db.init_app(app)
    with app.app_context():
        teach(db.engine)


def teach(engine: Engine) -> None:
    """Install begin/connect rules on an engine (the app's, or one that a test made)."""
    if engine.dialect.name == "sqlite":
        _teach_sqlite(engine)
    else:
        _teach_postgresql(engine)


def _engine_options(backend: str, app: Flask) -> dict[str, Any]:
    threads = app.config["SETTINGS"].WEB_THREADS
    # The connection used last is used next: its statements are prepared and its pages at hand.
    pool = {"pool_size": threads + 2, "max_overflow": 8, "pool_timeout": 10, "pool_use_lifo": True}
    if backend == "sqlite":
        return pool | {"module": sqlite_module()}
    return pool | {"pool_recycle": 1800, "skip_autocommit_rollback": True}


def sqlite_module() -> Any:
    """pysqlite3 brings its own current SQLite; the standard library's serves where it has no wheel."""
    try:
        import pysqlite3.dbapi2 as module
    except ImportError:
        import sqlite3 as module
    return module


def _teach_sqlite(engine: Engine) -> None:
    gate = WriteGate(_gate_path(engine))
    wal = sqlite_module().sqlite_version_info >= WAL_RESET_FIXED_IN

    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'DELETE'}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.close()

    def begin(connection: Connection) -> None:
        # What cannot fail is said to the driver itself: the toolkit's way costs more than the statement.
        info = connection.connection.info
        driver: Any = connection.connection.dbapi_connection
        writer = bool(connection.get_execution_options().get("writer"))
        if info.get("query_only") == writer or "query_only" not in info:
            driver.execute(f"PRAGMA query_only={'OFF' if writer else 'ON'}")
            info["query_only"] = not writer
        if not writer:
            driver.execute("BEGIN")
            return
        if "gate" not in info:  # a connection that writes twice, as a run of migrations, still holds it
            gate.acquire()
            info["gate"] = gate
        try:
            with_errors(connection, driver.execute, "BEGIN IMMEDIATE")
        except BaseException:
            _open_gate(None, info)
            raise

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", lambda connection, record: _open_gate(connection, record.info))


def _open_gate(connection: Any, info: dict[str, Any]) -> None:
    if gate := info.pop("gate", None):
        gate.release()


def _gate_path(engine: Engine) -> Path | None:
    name = engine.url.database
    return None if name in (None, "", ":memory:") else Path(f"{name}-gate")


def _teach_postgresql(engine: Engine) -> None:
    """Readers say no BEGIN and no ROLLBACK: here each statement sees what is committed by then either way.

    A ROLLBACK also throws away what was prepared, and every statement would be planned anew.
    """

    def connect(connection: Any, record: Any) -> None:
        connection.autocommit = True
        connection.execute("SET default_transaction_read_only = on")

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        read_only = not options.get("writer")
        each_alone = read_only and not options.get("streaming")
        raw: Any = connection.connection.dbapi_connection
        if raw.autocommit != each_alone:
            raw.autocommit = each_alone
        if not each_alone and raw.read_only != read_only:
            raw.read_only = read_only

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


def _refuse_pending(session: Session) -> None:
    if session.new or session.dirty or session.deleted:
        raise UndeclaredWrite("rows were changed outside transaction()")


@event.listens_for(Session, "before_flush")
def _only_inside_a_transaction(session: Session, *_: Any) -> None:
    if not session.info.get("writing"):
        raise UndeclaredWrite("a flush outside transaction()")
