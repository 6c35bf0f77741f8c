"""Statements for which a queue of people waits: compiled once, then said to the driver itself.

Around each execution SQLAlchemy does more than the database does for a look-up by a key. Everything else is
its own: the SQL, the types that convert what goes in and comes out, the errors, the transaction.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """A statement as one kind of database takes it. `order` is None where parameters go by name."""

    sql: str
    fixed: Mapping[str, Any]
    converts: tuple[tuple[str, Convert], ...]
    order: tuple[str, ...] | None

    def values(self, given: Mapping[str, Any]) -> Any:
        values = {**self.fixed, **given}
        for name, convert in self.converts:
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]


class Prepared:
    """A statement whose parameters are `bindparam`s, each given at every call; none of them is a list.

    Needs a connection on which a transaction has begun. Where somebody listens to the engine's statements, as
    tests that count them do, it goes SQLAlchemy's own way, so that nothing escapes them.
    """

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        columns = statement.exported_columns
        self._types: list[TypeEngine[Any]] = [column.type for column in columns]
        row: Any = namedtuple("Row", map(str, columns.keys()))  # type: ignore[misc]
        self._row: Convert = row._make
        self._forms: dict[str, _Form] = {}
        self._reads: dict[str, list[tuple[int, Convert]]] = {}

    def first(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """The first row, its columns by name; None without one."""
        if _is_watched(connection):
            return connection.execute(self._statement, given).first()
        cursor = self._execute(connection, given)
        try:
            row, described = cursor.fetchone(), cursor.description
        finally:
            cursor.close()
        return None if row is None else self._read(row, connection.dialect, described)

    def count(self, connection: Connection, given: Mapping[str, Any]) -> int:
        """How many rows it changed."""
        if _is_watched(connection):
            return int(connection.execute(self._statement, given).rowcount)
        cursor = self._execute(connection, given)
        changed = cursor.rowcount  # closed, psycopg's doesn't know any more
        cursor.close()
        return changed

    def _execute(self, connection: Connection, given: Mapping[str, Any]) -> DBAPICursor:
        form = self._forms.get(connection.dialect.name) or self._form(connection.dialect)
        cursor = connection.connection.cursor()
        with_errors(connection, cursor.execute, form.sql, form.values(given))
        return cursor

    def _form(self, dialect: Dialect) -> _Form:
        compiled = self._statement.compile(dialect=dialect)
        converts = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        known = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
        form = self._forms[dialect.name] = _Form(
            compiled.string,
            {name: value if (to := converts[name]) is None else to(value) for name, value in known.items()},
            tuple((name, to) for name, to in converts.items() if to is not None and name not in known),
            tuple(compiled.positiontup or ()) if compiled.positional else None,
        )
        return form

    def _read(self, row: Sequence[Any], dialect: Dialect, described: Any) -> Any:
        reads = self._reads.get(dialect.name)
        if reads is None:
            found = (
                (number, kind.dialect_impl(dialect).result_processor(dialect, described[number][1]))
                for number, kind in enumerate(self._types)
            )
            reads = self._reads[dialect.name] = [(number, read) for number, read in found if read is not None]
        values = list(row)
        for number, read in reads:
            values[number] = read(values[number])
        return self._row(values)


def with_errors(connection: Connection, act: Callable[..., object], *given: Any) -> None:
    """Do something with the driver; its errors become SQLAlchemy's, and a connection that broke is given up."""
    dialect = connection.dialect
    base = dialect.loaded_dbapi.Error
    try:
        act(*given)
    except base as error:
        raw: Any = connection.connection
        lost = dialect.is_disconnect(error, raw, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, base, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error


def _is_watched(connection: Connection) -> bool:
    return bool(connection.engine.dispatch.before_cursor_execute)
