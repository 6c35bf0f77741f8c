"""Statements for which a queue of people waits: compiled once, then said to the driver itself.

Around each execution SQLAlchemy does more than the database does for a look-up by a key. Everything else is
its own: the SQL, the types that convert what goes in and comes out, the errors, the transaction.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Select,
    Table,
    bindparam,
    insert,
)
from sqlalchemy.engine import Row
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
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
    """A statement whose parameters are `bindparam`s, each given at every call; none of these is a list.

    Needs a connection on which a transaction has begun. Where somebody listens to the engine's statements, as
    tests that count them do, it goes SQLAlchemy's own way, so that nothing escapes them.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
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
        asked = {name: None for name, bind in compiled.binds.items() if bind.required}
        whole = compiled.construct_expanded_state(asked, escape_names=False)
        own = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        }
        converts = {name: to for name, to in {**own, **whole.processors}.items() if callable(to)}
        known = {name: value for name, value in whole.parameters.items() if name not in asked}
        form = self._forms[dialect.name] = _Form(
            whole.statement,
            {name: converts[name](value) if name in converts else value for name, value in known.items()},
            tuple((name, converts[name]) for name in asked if name in converts),
            tuple(whole.positiontup or ()) if compiled.positional else None,
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


class Appending:
    """Rows added to a table, with the defaults of its columns. One alone, as nearly always in a rush, is prepared."""

    def __init__(self, table: FromClause) -> None:
        columns = [column for column in cast("Table", table).columns if not column.primary_key]
        self._insert = insert(cast("Table", table))
        named = {column.name: bindparam(column.name, type_=column.type) for column in columns}
        self._one = Prepared(self._insert.values(named))
        self._with_id = Prepared(self._insert.values(named).returning(table.c.id))
        self._blank = {column.name: _constant(column) for column in columns}
        self._made: dict[str, Any] = {
            column.name: column.default.arg
            for column in columns
            if isinstance(column.default, CallableColumnDefault)
        }

    def add(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """The new row's id."""
        return int(self._with_id.first(connection, self._whole(row)).id)

    def add_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """All of them in one statement; nothing for none."""
        if len(rows) == 1:
            self._one.count(connection, self._whole(rows[0]))
        elif rows:
            connection.execute(self._insert.inline(), [self._whole(row) for row in rows])

    def _whole(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if unknown := row.keys() - self._blank.keys():
            raise ValueError(f"no such columns: {sorted(unknown)}")
        made = {name: make(None) for name, make in self._made.items() if name not in row}
        return {**self._blank, **made, **row}


def _constant(column: Column[Any]) -> Any:
    return column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None


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


class KeyedSelect:
    """A look-up by one key or several. One is the rule at a door, and a plain `=` is cheaper than IN."""

    def __init__(self, base: Select[*tuple[Any, ...]], key: ColumnElement[Any]) -> None:
        self._one = base.where(key == bindparam("key"))
        self._many = base.where(key.in_(bindparam("keys", expanding=True)))

    def rows(
        self, connection: Connection, keys: Collection[Any], **given: Any
    ) -> Iterable[Row[*tuple[Any, ...]]]:
        if not keys:
            return ()
        if len(keys) == 1:
            return connection.execute(self._one, given | {"key": next(iter(keys))})
        return connection.execute(self._many, given | {"keys": list(keys)})
