"""One's own mail once more, and a new link and ticket that whoever has the old ones does not get to see."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.models import AuditEntry, Registration, Status
from app.services import outbox, tickets
from tests.factories import code_of, make_alumnus, make_cohort, make_meetup
from tests.support.claiming import claim
from tests.support.client import Browser, submit
from tests.support.fresh import path_of
from tests.support.registering import owed, register


@pytest.fixture
def held(app: Flask) -> Registration:
    cohort = make_cohort()
    return register(make_meetup(cohorts=[cohort], capacity=1), make_alumnus(cohort))


def fresh(row: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, row.id, populate_existing=True)


def test_the_old_ticket_and_link_are_void_and_the_new_ones_go_by_mail_alone(
    client: Browser, held: Registration
) -> None:
    own, code = path_of(held), code_of(held)
    assert f"{own}/renewal" in client.get(own).text

    answer = submit(client, f"{own}/renewal", {}, action=f"{own}/renewal")

    new = path_of(fresh(held))
    shown = client.get(answer.location)
    assert (answer.status_code, client.get(own).status_code) == (303, 404)
    assert new not in answer.text + shown.text
    assert client.get(new).status_code == 200
    old = tickets.find_by_code(code)
    assert old
    assert old.revoked_at
    assert code_of(held) != code
    assert [mail.kind for mail in owed()] == ["registration_confirmed"] * 2
    acts = select(AuditEntry.actor).where(AuditEntry.act == "registration.link_renewed")
    assert db.session.scalars(acts).all() == ["person"]


def test_the_mail_goes_out_again_once_the_first_is_gone_and_not_without_end(
    client: Browser, held: Registration
) -> None:
    own = path_of(held)
    waiting = submit(client, f"{own}/renewal", {}, action=f"{own}/mails")
    assert waiting.status_code == 422
    outbox.settle_sent([mail.id for mail in owed()])

    assert submit(client, f"{own}/renewal", {}, action=f"{own}/mails").status_code == 303

    assert "got many mails" in _until_refused(client, held)


def _until_refused(client: Browser, held: Registration) -> str:
    for _ in range(12):
        own = path_of(fresh(held))
        answer = submit(client, f"{own}/renewal", {}, action=f"{own}/renewal")
        if answer.status_code == 422:
            return str(answer.text)
    raise AssertionError("never refused")


def test_who_waits_gets_a_new_link_and_who_has_none_to_get_is_led_back(
    client: Browser, held: Registration
) -> None:
    waiting = register(held.meetup, make_alumnus(held.cohort))
    checked = claim(held.meetup, "new@example.com")
    assert waiting.status is Status.WAITLISTED
    own = path_of(waiting)

    submit(client, f"{own}/renewal", {}, action=f"{own}/renewal")

    assert client.get(own).status_code == 404
    assert owed()[-1].kind == "registration_waitlisted"
    assert client.get(f"{path_of(checked)}/renewal").status_code == 302
    assert "/renewal" not in client.get(path_of(checked)).text
