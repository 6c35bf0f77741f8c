"""Reading from large tables."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.db import db
from app.models import Person
from app.reading import among, planned_anew
from tests.factories import make_person, make_program

OFTEN = 8  # PostgreSQL's driver prepares what comes the sixth time


def test_any_number_of_ids_is_one_parameter(app: Flask) -> None:
    program = make_program()
    people = [make_person(program, f"김하나{n}").id for n in range(3)]

    for ids in ([], people[:2], [*people, *range(10_000, 45_000)]):
        query = select(Person.id).where(among(Person.id, ids)).order_by(Person.id)
        assert db.session.scalars(query).all() == [each for each in people if each in ids]


def test_what_is_planned_anew_is_not_prepared_and_everything_else_still_is(app: Flask) -> None:
    program = make_program()
    person = make_person(program, "김하나").id
    query = select(Person.name.label("told_again")).where(Person.id == person)

    for _ in range(OFTEN):
        with planned_anew():
            assert db.session.scalar(query) == "김하나"
    assert _prepared("told_again") == 0

    for _ in range(OFTEN):
        db.session.scalar(query)
    assert _prepared("told_again") == (db.engine.dialect.name == "postgresql")


def _prepared(words: str) -> int:
    """How many statements with these words the server holds for this connection."""
    if db.engine.dialect.name != "postgresql":
        return 0
    held = db.session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements")
    return sum(words in each for each in held.scalars())
