"""One's own mail once more, and a new link and ticket that whoever has the old ones does not get to see."""

from __future__ import annotations

import datetime as dt
import email
import email.policy

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import AuditEntry, Meetup, Registration, Status
from app.services.mails import outbox, writing
from app.services.organizing import meetup_states
from app.services.registering import registrations, tickets
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


def test_who_waits_gets_a_new_link_by_the_mail_of_their_place(client: Browser, held: Registration) -> None:
    waiting = register(held.meetup, make_alumnus(held.cohort))
    assert waiting.status is Status.WAITLISTED
    own = path_of(waiting)

    submit(client, f"{own}/renewal", {}, action=f"{own}/renewal")

    assert client.get(own).status_code == 404
    assert owed()[-1].kind == "registration_waitlisted"


@pytest.mark.parametrize("when", ["over", "called off", "cancelled", "list check"])
def test_whose_link_went_round_can_void_it_also_when_there_is_no_seat_to_write_about(
    client: Browser, held: Registration, when: str
) -> None:
    row = claim(held.meetup, "new@example.com") if when == "list check" else held
    if when == "cancelled":
        registrations.cancel(held.id)
    with transaction() as session:
        meetup = session.get_one(Meetup, held.meetup_id)
        if when == "over":
            meetup.starts_at, meetup.ends_at = now() - dt.timedelta(days=2), now() - dt.timedelta(days=1)
    if when == "called off":
        meetup_states.call_off(held.meetup_id, "폭설", "account:1")
    own = path_of(fresh(row))
    page = client.get(f"{own}/renewal").text
    assert f"{own}/renewal" in client.get(own).text
    assert ("Send the mail again" in page, "Get a new link and ticket" in page) == (False, False)

    submit(client, f"{own}/renewal", {}, action=f"{own}/renewal")

    new = path_of(fresh(row))
    mail = owed()[-1]
    (message,) = writing.write([mail]).messages.values()
    letter = email.message_from_bytes(message, policy=email.policy.default)
    assert (client.get(own).status_code, client.get(new).status_code) == (404, 200)
    kind = "registration_pending" if when == "list check" else "link_renewed"
    assert (mail.kind, mail.address) == (kind, row.address)
    assert new in letter.get_body(("plain",)).get_content()
    assert [part for part in letter.walk() if part.get_filename()] == []


def test_who_has_no_address_is_led_back(client: Browser, held: Registration) -> None:
    with transaction() as session:
        session.get_one(Registration, held.id).address = ""
    own = path_of(held)

    assert client.get(f"{own}/renewal").status_code == 302
    assert "/renewal" not in client.get(own).text
