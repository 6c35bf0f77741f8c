"""What `flask roster import` says and does: the file's owner reads it in a terminal or a script does."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.models import Program, RosterEntry, RosterImport
from tests.factories import make_cohort, make_program

HEADER = "이름,이메일,수료,연락처"
KIM, LEE = "김하나,hana@example.com,O,", "이두리,duri@example.com,O,010-1234-5678"


@pytest.fixture
def program(app: Flask) -> Program:
    program = make_program()
    make_cohort(program, 1)
    return program


@pytest.fixture
def run(app: Flask, program: Program, tmp_path: Path):
    """A function that imports rows into the first cohort by the command."""

    def imported(*rows: str, options: tuple[str, ...] = ()) -> Result:
        file = tmp_path / "roster.csv"
        file.write_text("\n".join((HEADER, *rows)))
        end_reading()
        arguments = ["roster", "import", str(file), "--program", program.slug, "--cohort", "1", *options]
        return app.test_cli_runner().invoke(args=arguments)

    return imported


def stored(model: type[RosterEntry | RosterImport]) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_changed_and_gone_rows_have_a_line_each_that_names_nobody(run):
    run(KIM, LEE)

    said = run("김하나,hana@example.com,X,010-2222-3333")

    assert said.exit_code == 0
    assert "  row 2: changed: cohort 1, hana@example.com: completed, phone\n" in said.output
    assert "  gone: cohort 1, duri@example.com: not in this file, kept\n" in said.output
    assert not any(name in said.output for name in ("김하나", "이두리", "2222", "5678"))
    assert stored(RosterEntry) == 2


def test_who_is_not_in_additions_is_not_gone(run):
    run(KIM, LEE)

    said = run("박세나,sena@example.com,O,", options=("--additions",))

    assert "gone:" not in said.output
    assert stored(RosterEntry) == 3


def test_a_file_without_one_good_row_changes_nothing_and_exits_with_2(run):
    said = run("김하나,,O,", "이두리,no address,O,")

    assert said.exit_code == 2
    assert "row 2: " in said.output
    assert "가져올 수 있는 행이 없어요." in said.output
    assert (stored(RosterEntry), stored(RosterImport)) == (0, 0)


def test_one_good_row_among_bad_ones_is_imported(run):
    said = run("김하나,,O,", LEE)

    assert said.exit_code == 0
    assert (stored(RosterEntry), stored(RosterImport)) == (1, 1)


def test_a_look_changes_nothing(run):
    assert run(KIM, options=("--dry-run",)).exit_code == 0
    assert stored(RosterImport) == 0
