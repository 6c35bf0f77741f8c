"""What our files hold, our own reader gives back: every text as it was, whatever a spreadsheet might do to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

import pytest
from flask import Flask

from app.domain.rosters import Workbook, read_file
from app.models import Meetup
from app.services.organizing import exports
from app.services.organizing.exports import Column
from app.services.organizing.filters import Filter
from tests.factories import make_cohort, make_meetup, make_program, make_registration
from tests.support.nasty import nasty_texts

ROWS, COLUMNS = 100, 100
WRITERS = {"csv": exports.as_csv, "xlsx": exports.as_xlsx}


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    make_cohort(program, 1)
    return make_meetup(program, capacity=ROWS)


def ordered(meetup: Meetup, columns: list[Column]) -> exports.Order:
    return exports.Order(meetup.id, meetup.program_id, Filter(), columns, "account:1", "a test")


def read_back(made: IO[bytes], kind: str) -> Workbook:
    with made:
        return read_file(made.read(), f"list.{kind}")


@pytest.mark.parametrize("kind", WRITERS)
def test_ten_thousand_nasty_texts_come_back_equal(meetup: Meetup, kind: str) -> None:
    references = [make_registration(meetup).reference for _ in range(ROWS)]
    texts = iter(nasty_texts(ROWS * COLUMNS))
    told = {reference: [next(texts) for _ in range(COLUMNS)] for reference in references}

    def cell(index: int) -> Callable[[Any], str]:
        return lambda row: told[row.reference][index]

    columns = [Column(str(n), f"Heading {n}", cell(n)) for n in range(COLUMNS)]
    reference = Column("reference", "Registration number", lambda row: row.reference)

    book = read_back(WRITERS[kind](ordered(meetup, [*columns, reference])), kind)

    back = {row[-1]: list(row[:-1]) for row in book.sheets[0].rows[1:]}
    assert back == told
