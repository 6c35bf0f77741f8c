"""Sets of columns that organizers keep for their next export."""

from __future__ import annotations

import pytest
from flask import Flask

from app.domain.errors import DomainError
from app.models import Program
from app.services.organizing import column_sets
from tests.factories import make_program

ME = "account:1"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


def test_a_set_is_kept_for_its_programme_alone(program: Program) -> None:
    kept = column_sets.save(program.id, "명찰", ["name", "cohort"], "columns", ME)

    found = column_sets.find(program.id, kept)

    assert found is not None
    assert (found.name, found.columns, found.several, found.is_default) == (
        "명찰",
        ["name", "cohort"],
        "columns",
        False,
    )
    assert column_sets.find(make_program().id, kept) is None


def test_another_spelling_of_the_name_is_the_same_set(program: Program) -> None:
    kept = column_sets.save(program.id, "Name badges", ["name"], "cell", ME)

    again = column_sets.save(program.id, " name  Badges", ["name", "cohort"], "cell", ME)

    assert again == kept
    assert [each.columns for each in column_sets.of_program(program.id)] == [["name", "cohort"]]


def test_one_is_the_default_and_the_next_takes_its_place(program: Program) -> None:
    one, other = (column_sets.save(program.id, name, ["name"], "cell", ME) for name in ("가", "나"))

    column_sets.make_default(program.id, one, ME, default=True)
    column_sets.make_default(program.id, other, ME, default=True)
    column_sets.make_default(program.id, other, ME, default=True)

    assert [each.is_default for each in column_sets.of_program(program.id)] == [False, True]
    column_sets.make_default(program.id, other, ME, default=False)
    assert not any(each.is_default for each in column_sets.of_program(program.id))


def test_a_name_that_is_taken_is_refused(program: Program) -> None:
    one, _ = (column_sets.save(program.id, name, ["name"], "cell", ME) for name in ("가", "나"))

    with pytest.raises(DomainError, match="column_set_name_taken"):
        column_sets.rename(program.id, one, "나", ME)
    column_sets.rename(program.id, one, "다", ME)

    assert [each.name for each in column_sets.of_program(program.id)] == ["나", "다"]


def test_a_deleted_set_is_gone(program: Program) -> None:
    kept = column_sets.save(program.id, "가", ["name"], "cell", ME)

    column_sets.delete(program.id, kept, ME)

    with pytest.raises(DomainError, match="no_such_column_set"):
        column_sets.delete(program.id, kept, ME)


def test_there_is_an_end_to_how_many_are_kept(program: Program) -> None:
    for number in range(column_sets.MOST):
        column_sets.save(program.id, f"{number}", ["name"], "cell", ME)

    with pytest.raises(DomainError, match="too_many_column_sets"):
        column_sets.save(program.id, "one more", ["name"], "cell", ME)
    column_sets.save(program.id, "0", ["cohort"], "cell", ME)
