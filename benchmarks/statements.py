"""How many statements a page takes, at a small meetup and at a large one: it must be the same number."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import Meetup, OutboxMail, Person, PersonAddress, Registration, Status
from app.services.registering import registrations
from benchmarks.world import PROGRAM, Gathering, World
from tests.support.counting import statements
from tests.support.registering import proof_for, register, said_to

Counted = Callable[[], Any]
Act = Callable[[FlaskClient, Gathering, Iterator[str]], Counted]  # gets ready; what it returns is counted


def compare(app: Flask, world: World) -> dict[str, tuple[int, int]]:
    """Statements at the small and at the large meetup, for each act. First done once at each, to warm caches."""
    app.config["WTF_CSRF_ENABLED"] = False  # of this process; saves reading a form's token
    strangers = reversed(world.addresses)  # the first people go everywhere, the last nowhere
    found = {}
    for name, act in ACTS.items():
        for _ in ("warm", "counted"):
            found[name] = tuple(_count(app, world, act, at, strangers) for at in (world.few, world.many))
    _forget_mails(app)
    return found


def _forget_mails(app: Flask) -> None:
    """What these people are owed: there is no mail server yet, and a worker that finds none waits ever longer."""
    with app.app_context(), transaction() as session:
        session.execute(delete(OutboxMail))


def _count(app: Flask, world: World, act: Act, meetup: Gathering, strangers: Iterator[str]) -> int:
    client = app.test_client()
    for cookie in (world.organizer_cookie, meetup.device_cookie):
        name, _, value = cookie.partition("=")
        client.set_cookie(name, value)
    with app.app_context():
        counted = act(client, meetup, strangers)
        end_reading()
        with statements() as seen:
            answer = counted()
            if isinstance(answer, TestResponse) and answer.get_data() and answer.status_code != 200:
                raise RuntimeError(f"{answer.request.path} answered {answer.status_code}")
    return len(seen)


def _page(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    return lambda: client.get(f"/m/{meetup.slug}?fresh=1")


def _register(_client: FlaskClient, meetup: Gathering, strangers: Iterator[str]) -> Counted:
    """Somebody whose address is proved presses the button; there are seats."""
    gathering, person = db.session.get_one(Meetup, meetup.id), _person(next(strangers))
    proof, said = proof_for(gathering, person), said_to(gathering)
    return lambda: _in(registrations.register(gathering.id, proof, said=said).id, Status.CONFIRMED)


def _cancel(_client: FlaskClient, meetup: Gathering, strangers: Iterator[str]) -> Counted:
    """One of a full meetup cancels, and the first in line gets the seat."""
    seated = select(Registration.id).where(
        Registration.meetup_id == meetup.id, Registration.status == Status.CONFIRMED
    )
    leaving = db.session.scalars(seated.order_by(Registration.id.desc())).all()
    with transaction() as session:
        session.get_one(Meetup, meetup.id).capacity = len(leaving)
    waiting = register(db.session.get_one(Meetup, meetup.id), _person(next(strangers)))
    _in(waiting.id, Status.WAITLISTED)

    def cancelled() -> None:
        registrations.cancel(leaving[0])
        _in(waiting.id, Status.CONFIRMED)

    return cancelled


def _check_in(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    return lambda: _scan(client, meetup, meetup.codes.pop())


def _scan_again(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    """A ticket that is in already, under a new scan id."""
    _scan(client, meetup, meetup.codes[0])
    return lambda: _scan(client, meetup, meetup.codes[0])


def _search(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    return lambda: client.get(f"/door/{meetup.slug}/api/search?q=ㄱ")


def _counts(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    return lambda: client.get(f"/door/{meetup.slug}/api/state")


def _attendees(client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    return lambda: client.get(f"/desk/{PROGRAM}/meetups/{meetup.slug}/attendees")


def _export(kind: str, client: FlaskClient, meetup: Gathering, _strangers: Iterator[str]) -> Counted:
    form = {"columns": ["name", "status", "place", "address"], "kind": kind, "reason": "bench"}
    return lambda: client.post(f"/desk/{PROGRAM}/meetups/{meetup.slug}/export", data=form)


ACTS: dict[str, Act] = {
    "public page": _page,
    "registration": _register,
    "check-in": _check_in,
    "duplicate scan": _scan_again,
    "door search": _search,
    "door counts": _counts,
    "attendee list": _attendees,
    "CSV export": partial(_export, "csv"),
    "XLSX export": partial(_export, "xlsx"),
    "cancelling": _cancel,
}


def _person(address: str) -> Person:
    found = select(Person).join(PersonAddress).where(PersonAddress.address_key == address)
    return db.session.scalars(found).one()


def _in(registration: int, status: Status) -> None:
    """Stop where the act was not what it is counted as."""
    end_reading()
    is_in = db.session.get_one(Registration, registration, populate_existing=True).status
    if is_in is not status:
        raise RuntimeError(f"expected {status}, found {is_in}")


def _scan(client: FlaskClient, meetup: Gathering, code: str) -> TestResponse:
    body = scan_body(code, now().isoformat())
    headers = {"X-Dongmun-Door": "1", "Content-Type": "application/json"}
    return client.post(f"/door/{meetup.slug}/api/scans", data=body, headers=headers)


def scan_body(code: str, at: str) -> str:
    """What a phone posts for one scan, with a new id."""
    return (
        f'{{"scans":[{{"id":"{uuid.uuid4()}","code":"{code}","kind":"entry","method":"camera",'
        f'"scanned_at":"{at}"}}],"sent_at":"{at}"}}'
    )
