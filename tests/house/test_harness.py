"""The harness itself: clean tables, contexts as on a server."""

from flask import Flask

from app import access
from app.db import db
from app.models import Program, Role
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser


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
