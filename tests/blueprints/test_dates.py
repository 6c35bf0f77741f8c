"""When data goes: all meetups of a programme on one page, and for how long new ones keep it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import Meetup, Program, Role
from app.services.organizing import notices
from tests.factories import make_meetup, make_member, make_notice, make_program, sign_in
from tests.support.client import submit

pytestmark = pytest.mark.one_database


@pytest.fixture
def program(app: Flask, client: FlaskClient) -> Program:
    made = make_program()
    sign_in(client, make_member(made, Role.OWNER))
    return made


def test_meetups_stand_in_the_order_in_which_their_data_goes(client: FlaskClient, program: Program) -> None:
    later, sooner, none = (make_meetup(program, title_en=name) for name in ("Later", "Sooner", "None"))
    with transaction() as session:
        for meetup, days in ((later, 90), (sooner, 3)):
            session.get_one(Meetup, meetup.id).destroys_at = now() + dt.timedelta(days=days)

    page = client.get(f"/desk/{program.slug}/dates").text

    places = [page.index(f">{name}</a>") for name in ("Sooner", "Later", "None")]
    assert places == sorted(places)
    assert page.count("Soon</span>") == 1
    assert none.slug in page


def test_new_meetups_begin_with_the_programme_s_days_and_old_ones_keep_theirs(
    client: FlaskClient, program: Program
) -> None:
    old = make_meetup(program)
    make_notice(old)
    before = notices.current(old).kept_days

    refused = submit(client, f"/desk/{program.slug}/dates", {"kept_days": "many"})
    saved = submit(client, f"/desk/{program.slug}/dates", {"kept_days": "45"})

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert 'value="many"' in refused.text
    end_reading()
    assert notices.ready_made(db.session.get_one(Program, program.id)).kept_days == 45
    assert notices.current(db.session.get_one(Meetup, old.id)).kept_days == before
