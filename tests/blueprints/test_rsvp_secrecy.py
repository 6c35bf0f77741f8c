"""Rule 3: what a stranger sees tells nothing about an address; only its mailbox does."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask, current_app
from itsdangerous.encoding import base64_decode
from werkzeug.test import TestResponse

from app.blueprints.rsvp import phases
from app.blueprints.rsvp.routes import MEETUPS
from app.db import transaction
from app.domain.seating.modes import Mode
from app.models import Meetup
from app.services.registering import proof_answers, registrations
from config import Settings
from tests.factories import make_alumnus, make_cohort, make_meetup, make_participant, make_program
from tests.support.client import Browser, submit
from tests.support.counting import statements
from tests.support.registering import last_proof, owed, register

COOKIE = re.compile(r"dongmun=([^;]*)")
Step = Callable[[Browser, str], TestResponse]


@dataclass(frozen=True)
class Seen:
    """All that an answer shows, with what must differ taken out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: tuple[str, ...]


@pytest.fixture
def meetup() -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)], capacity=2)


@pytest.fixture
def addresses(app: Flask, meetup: Meetup) -> dict[str, str]:
    """One address for everything that the system might know about it; all equally long."""
    cohort = meetup.cohorts[0]
    outside = make_cohort(meetup.program, 3)
    people = {
        "on the roster": make_alumnus(cohort, address="a1@example.com"),
        "registered": make_alumnus(cohort, address="a2@example.com"),
        "waiting": make_alumnus(cohort, address="a3@example.com"),
        "cancelled": make_alumnus(cohort, address="a4@example.com"),
        "not completed": make_participant(cohort, address="a5@example.com"),
        "of another cohort": make_alumnus(outside, address="a6@example.com"),
    }
    registrations.cancel(register(meetup, people["cancelled"]).id)
    register(meetup, people["registered"])
    register(meetup, make_alumnus(cohort))
    register(meetup, people["waiting"])
    return {name: person.addresses[0].address for name, person in people.items()} | {
        "off the roster": "a7@example.com"
    }


def length_only(cookie: re.Match[str]) -> str:
    packed = cookie[1].startswith(".")
    held = base64_decode(cookie[1].removeprefix(".").partition(".")[0])
    return f"dongmun={len(zlib.decompress(held) if packed else held)}"


def masked(response: TestResponse, address: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Headers and body without the CSRF token, the request id, the cookie's value and the echoed address.

    Lengths stay, as a length may tell, too: of the cookie that of what it holds, of the page that of what is
    left. As they are sent, both vary a little with the random values that they compress.
    """
    headers = dict(response.headers)
    headers.pop("X-Request-Id")
    if "Set-Cookie" in headers:
        headers["Set-Cookie"] = COOKIE.sub(length_only, headers["Set-Cookie"])
        headers["Set-Cookie"] = re.sub(r"(expires=)[^;]*", r"\1…", headers["Set-Cookie"], flags=re.IGNORECASE)
    body = re.sub(r'(name="csrf_token" type="hidden" value=")[^"]+', r"\1…", response.text)
    body = re.sub(r'(name="csrf_token" value=")[^"]+', r"\1…", body)
    assert headers["Content-Length"] == str(len(response.data))
    headers["Content-Length"] = str(len(body.encode()))
    return tuple(sorted(headers.items())), body.replace(address, "…")


def seen(client: Browser, step: Step, address: str) -> Seen:
    """What the step shows; the worker has answered whatever was asked for before it."""
    if proof := last_proof(address):
        proof_answers.answer([proof.uid])
    phases.forget()  # what is kept for a second depends on the clock, and would make the steps differ
    current_app.extensions.pop(MEETUPS, None)
    with statements() as asked:
        response = step(client, address)
    headers, body = masked(response, address)
    # PRAGMA and BEGIN depend on which pooled connection serves, as a reader or as a writer before.
    work = tuple(statement for statement in asked if not statement.startswith(("PRAGMA", "BEGIN")))
    return Seen(response.status_code, headers, body, work)


def all_equal(found: dict[str, list[Seen]]) -> None:
    reference = found.pop("off the roster")
    for name, answers in found.items():
        for number, (answer, expected) in enumerate(zip(answers, reference, strict=True)):
            assert answer == expected, f"{name}, step {number}"


@pytest.mark.parametrize("mode", [Mode.FIRST_COME, Mode.INVITATION])
def test_every_step_looks_the_same_for_every_address(
    app: Flask, meetup: Meetup, addresses: dict[str, str], settings: Settings, mode: Mode
) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = mode
    page, code = f"/m/{meetup.slug}", f"/m/{meetup.slug}/code"

    def ask(client: Browser, address: str) -> TestResponse:
        return submit(client, page, {"address": address}, action=f"{page}/proofs")

    def look(client: Browser, _address: str) -> TestResponse:
        return client.get(code)

    def resend(client: Browser, _address: str) -> TestResponse:
        return submit(client, code, action=f"{page}/proofs")

    def guess(client: Browser, _address: str) -> TestResponse:
        return submit(client, code, {"code": "0000 0000"}, action=code)

    def garbage(client: Browser, _address: str) -> TestResponse:
        return submit(client, code, {"code": "1"}, action=code)

    def check(client: Browser, _address: str) -> TestResponse:
        return client.get(f"{page}/check")

    journey: list[Step] = [ask, look, resend, look, guess, garbage, *([guess] * 6), check]
    journey += [ask] * settings.MAILS_PER_ADDRESS_HOUR  # the last ones are past the limit
    journey += [look, resend, guess]
    found = {}
    first_visitor = {"first visitor, who fills the page cache": "a0@example.com"}
    for number, (name, address) in enumerate((first_visitor | addresses).items()):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        found[name] = [seen(client, step, address) for step in journey]
    del found[next(iter(first_visitor))]
    statuses = [answer.status for answer in found["registered"]]

    assert statuses[:6] == [303, 200, 303, 200, 422, 422]
    all_equal(found)


@pytest.mark.parametrize("asked_in_private", [1, 4, 5])
def test_nobody_sees_how_often_its_owner_asked_before(
    app: Flask, meetup: Meetup, addresses: dict[str, str], asked_in_private: int
) -> None:
    page, code = f"/m/{meetup.slug}", f"/m/{meetup.slug}/code"

    def ask(client: Browser, address: str) -> TestResponse:
        return submit(client, page, {"address": address}, action=f"{page}/proofs")

    def guess(client: Browser, _address: str) -> TestResponse:
        return submit(client, code, {"code": "0000 0000"}, action=code)

    def look_into_the_cookie(client: Browser) -> tuple[int, int]:
        with client.session_transaction() as kept:
            (uids, *_), *_ = kept["asked"].values()
        return len(uids), len(set(uids))

    owner = app.test_client()
    for _ in range(asked_in_private):
        ask(owner, addresses["on the roster"])
    journey: list[Step] = [ask, *[guess] * 6, ask, *[guess] * 6]
    found, cookies = {}, {}
    for number, name in enumerate(("of another cohort", "off the roster", "on the roster")):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number + 1}"
        answers = [seen(client, step, addresses[name]) for step in journey]
        found[name] = [replace(a, statements=()) if a.status == 303 else a for a in answers]
        cookies[name] = look_into_the_cookie(client)
    del found["of another cohort"]  # the first visitor, who fills the page cache

    all_equal(found)
    assert set(cookies.values()) == {(2, 2)}


def test_every_address_gets_a_mail(app: Flask, meetup: Meetup, addresses: dict[str, str]) -> None:
    before = len(owed("proof"))
    for address in addresses.values():
        page = f"/m/{meetup.slug}"
        submit(app.test_client(), page, {"address": address}, action=f"{page}/proofs")

    mails = owed("proof")[before:]
    assert [mail.address for mail in mails] == list(addresses.values())
    assert {(mail.kind, mail.program_id, mail.meetup_id, mail.registration_id) for mail in mails} == {
        ("proof", meetup.program_id, meetup.id, None)
    }


def test_a_client_past_its_limit_is_refused_alike(
    app: Flask,
    meetup: Meetup,
    addresses: dict[str, str],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, ASKS_PER_CLIENT_HOUR=2))
    page, found = f"/m/{meetup.slug}", {}

    def ask(client: Browser, address: str) -> TestResponse:
        return submit(client, page, {"address": address}, action=f"{page}/proofs")

    for number, (name, address) in enumerate(addresses.items()):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number + 1}"
        for other in range(2):
            ask(client, f"other{other}x{number}@example.com")
        found[name] = [seen(client, ask, address)]

    assert {answers[0].status for answers in found.values()} == {429}
    all_equal(found)
