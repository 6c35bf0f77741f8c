"""The harness itself: clean tables, contexts as on a server."""

from pathlib import Path

from flask import Flask
from sqlalchemy import update

from app import access
from app.db import db, transaction
from app.models import Meetup, Program, Role
from tests.access.world import alone
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser
from tests.support.databases import empty_tables, every_row
from tests.support.worlds import Worlds


def test_the_tables_are_empty_at_the_start(app: Flask, database: str) -> None:
    assert db.session.query(Program).count() == 0
    assert db.engine.dialect.name == database
    make_program()


def test_the_tables_are_empty_again_after_a_test_that_filled_them(app: Flask) -> None:
    assert db.session.query(Program).count() == 0
    cohort = make_cohort(ordinal=1)
    alumnus = make_alumnus(cohort)
    meetup = make_meetup(cohorts=[cohort])
    assert meetup.program_id == cohort.program_id == alumnus.program_id
    assert [c.ordinal for c in meetup.cohorts] == [1]


def test_one_request_does_not_see_what_another_looked_up(app: Flask, client: Browser) -> None:
    assert client.get("/livez").status_code == 200
    sign_in(client, make_member(role=Role.OWNER))
    assert access.current_account.__name__ == "current_account"
    assert client.get("/livez").status_code == 200


def test_a_world_that_is_written_again_is_the_one_that_was_built(app: Flask) -> None:
    """Every value and file, whatever a test has done to them; and what comes after has an id of its own."""
    worlds = Worlds()
    built = worlds.begin(app, alone).mine.meetup.title_en
    rows, files = every_row(), every_file(app)
    with transaction() as session:
        session.execute(update(Meetup).values(title_en="Another"))
    for path in files:
        path.unlink()
    db.session.remove()
    empty_tables(app)

    again = worlds.begin(app, alone).mine

    assert len([name for name, found in rows.items() if found]) > 40
    assert every_row() == rows
    assert files
    assert every_file(app) == files
    assert again.meetup.title_en == built
    assert make_meetup(again.program).id > max(row[0] for row in rows["meetup"])


def every_file(app: Flask) -> dict[Path, bytes]:
    """Without the installation's keys."""
    found = app.config["SETTINGS"].DATA_DIR.rglob("*")
    return {path: path.read_bytes() for path in found if path.is_file() and path.parent.name != "keys"}
