"""Everybody × every route. Generated from the URL map: a new route is judged by the rule it declares.

What a rule promises to whom stands in PROMISES; a rule that is missing there fails. Routes are asked
with real ids of one programme, by everybody from those with the fewest rights to those with the most.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.access.routes import Route, routes
from tests.access.world import (
    ACTORS,
    AT_MEETUPS,
    Tenant,
    alone,
    beside_another_meetup,
    beside_another_programme,
    missing,
)
from tests.support.door import HEADERS
from tests.support.worlds import Worlds

# Who may call what is decided before the database is asked for more than the row; `make soak` tries both.
pytestmark = pytest.mark.one_database

IN, SIGN_IN, FORBIDDEN, HIDDEN, NO_PHONE, PROVE = "in", "sign in", "forbidden", "hidden", "no phone", "prove"


def promise(others: str, **actors: str) -> dict[str, str]:
    return {actor: actors.get(actor.replace(" ", "_"), others) for actor in ACTORS}


STRANGERS = {"anonymous": SIGN_IN, "door_phone": SIGN_IN}
OUTSIDE = STRANGERS | {"outsider": HIDDEN, "founder": HIDDEN}
# Who has a right at one meetup knows no page that names none, and no other meetup.
BESIDE = OUTSIDE | dict.fromkeys((each.replace(" ", "_") for each in AT_MEETUPS), HIDDEN)
# On the pages of a meetup: what its own helpers may do, where the rule is kept to it, and where it reaches beyond.
HERE = OUTSIDE | {"organizer_elsewhere": HIDDEN}
LESSER = {"viewer": FORBIDDEN, "staff": FORBIDDEN}
HELPERS = ("meetup_viewer", "meetup_staff", "meetup_organizer")
PROMISES = {
    "public": promise(IN),
    "debug_only": promise(HIDDEN),
    "signed_in": promise(IN, **STRANGERS),
    "founder": promise(FORBIDDEN, founder=IN, **STRANGERS),
    "member:any": promise(IN, **OUTSIDE),
    "member:viewer": promise(IN, **BESIDE),
    "member:organizer": promise(IN, **LESSER, **BESIDE),
    "member:owner": promise(IN, organizer=FORBIDDEN, **LESSER, **BESIDE),
    "door_phone": promise(NO_PHONE, door_phone=IN),
    "proved_address": promise(PROVE),  # nobody here has proved one
    # Whoever holds the secret, as all of these do; a wrong one is among the twins below.
    "personal_link": promise(IN),
    "proof_link": promise(IN),
    "signed_report": promise(HIDDEN),  # nobody here signs one
    "ticket_code": promise(IN),
}
AT_A_MEETUP = {
    "member:viewer": promise(IN, **HERE),
    "member:door": promise(IN, viewer=FORBIDDEN, meetup_viewer=FORBIDDEN, **HERE),
    "member:organizer": promise(IN, meetup_viewer=FORBIDDEN, meetup_staff=FORBIDDEN, **LESSER, **HERE),
    "member:organizer:program": promise(IN, **dict.fromkeys(HELPERS, FORBIDDEN), **LESSER, **HERE),
}
# What one has removed is gone for all who come after.
REMOVED = AT_A_MEETUP["member:organizer"] | {"organizer": HIDDEN, "owner": HIDDEN}
# One's own things: what belongs to somebody else is hidden also from those whom the rule lets in.
OWN = {
    "accounts.end_session": promise(HIDDEN, owner=IN, **STRANGERS),
    "meetups.remove_photo": REMOVED,
    "meetups.remove_quote": REMOVED,
    "meetups.remove_survey_text": REMOVED,
}
NOT_THEIRS = HERE | LESSER | {"meetup_viewer": FORBIDDEN, "meetup_staff": FORBIDDEN}
OWN |= dict.fromkeys(
    (
        "exports.large_file",
        "exports.large_file_progress",
        "exports.take_large_file",
        "exports.cancel_large_file",
    ),
    promise(HIDDEN, owner=IN, **NOT_THEIRS),
)
# Gone when the organizer, who knocks first, has deleted it.
OWN["exports.delete_columns"] = AT_A_MEETUP["member:organizer:program"] | {"owner": HIDDEN}
OWN["exports.drop_view"] = AT_A_MEETUP["member:organizer:program"] | {"owner": HIDDEN}
FILES = {"static", "sealed"}
# Once somebody used these up, they are over for all who come after.
USED_UP = {
    "accounts.redeem",
    "accounts.accept_invitation",
    "checkin.enrol",
    "rsvp.prove",
    "rsvp.renew",
}
# Where a stranger may name any public meetup, one that is not published stands for the foreign one.
OPEN = {"public", "proved_address"}
SHOWS_MEETUP = {
    "rsvp.show",
    "rsvp.calendar",
    "rsvp.code",
    "rsvp.try_code",
    "rsvp.ask",
    "rsvp.card",
    "rsvp.draw",
    "rsvp.draw_file",
    "rsvp.story",
    "rsvp.photo_down",
    "rsvp.ask_photo_down",
}
# Who asks for the foreign and the missing: whom the rule would let in to the own.
KNOCKING = {"door_phone": "door phone"} | dict.fromkeys(
    ("public", "proved_address", "personal_link", "proof_link"), "anonymous"
)
OWN |= dict.fromkeys(
    ("accounts.rename_passkey", "accounts.remove_passkey"), promise(HIDDEN, owner=IN, **STRANGERS)
)


@pytest.fixture(autouse=True)
def _without_csrf(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are judged here, not forms: a missing token would hide what the rule says."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_route_lets_in_whom_its_rule_promises_and_nobody_else(
    app: Flask, worlds: Worlds, route: Route
) -> None:
    promised = OWN.get(route.endpoint) or promised_by(route)
    world = worlds.begin(app, alone)

    seen = {
        actor: outcome(ask(app, world.client(app, actor), route, given(app, route, world.mine, actor)), route)
        for actor in ACTORS
    }

    assert seen == promised


def promised_by(route: Route) -> dict[str, str]:
    """A right at a meetup counts where the route names one."""
    of_meetup = {"program", "slug"} <= route.arguments
    return AT_A_MEETUP[route.rule] if of_meetup and route.rule in AT_A_MEETUP else PROMISES[route.rule]


def twins() -> list[tuple[Route, str]]:
    """Every id in a route that stands behind a right or a secret; a version, a language, a kind of mail, a month are none."""
    # A ticket's code is itself the right to see the ticket; the installation's own things are no tenant's.
    free = {"debug_only", "ticket_code", "founder"}
    guarded = [r for r in routes() if r.endpoint not in FILES and r.rule not in free]
    return [
        (route, name)
        for route in guarded
        for name in sorted(route.arguments - {"version", "lang", "kind", "month"})
        if route.rule != "public" or (route.endpoint in SHOWS_MEETUP and name == "slug")
    ]


@pytest.mark.parametrize(("route", "name"), twins(), ids=str)
def test_a_foreign_id_and_a_missing_one_look_alike(
    app: Flask, worlds: Worlds, route: Route, name: str
) -> None:
    world = worlds.begin(app, beside_another_programme)
    mine, other = world.mine, world.other
    assert other
    actor = KNOCKING.get(route.rule, "owner")
    client = world.client(app, actor)
    real = given(app, route, mine, actor)
    hidden = mine.draft.slug if route.rule in OPEN else other.value(route.endpoint, name)

    answers = [
        masked(ask(app, client, route, real | {name: value}), value) for value in (hidden, missing(name))
    ]

    assert answers[0] == answers[1]
    assert answers[0][0] in {401, 404, 410}


def neighbours() -> list[tuple[Route, str]]:
    """Every id on a meetup's pages of which another meetup of the programme has its own."""
    inside = {"program", "version", "lang", "kind", "month"}
    return [
        (route, name)
        for route in routes()
        if {"program", "slug"} <= route.arguments and not route.rule.endswith(":program")
        for name in sorted(route.arguments - inside)
    ]


@pytest.mark.parametrize(("route", "name"), neighbours(), ids=str)
def test_another_meetup_of_the_programme_is_hidden_like_a_missing_one(
    app: Flask, worlds: Worlds, route: Route, name: str
) -> None:
    world = worlds.begin(app, beside_another_meetup)
    mine, other = world.mine, world.other
    assert other
    actor = {"member:viewer": "meetup viewer", "member:door": "meetup staff"}.get(
        route.rule, "meetup organizer"
    )
    client = world.client(app, actor)
    real = given(app, route, mine, actor)

    answers = [
        masked(ask(app, client, route, real | {name: value}), value)
        for value in (other.value(route.endpoint, name), missing(name))
    ]

    assert answers[0] == answers[1]
    assert answers[0][0] in {404, 410}


def test_every_promise_is_of_a_rule_that_some_route_declares() -> None:
    declared = {route.rule for route in routes()}

    assert set(PROMISES) | set(AT_A_MEETUP) == declared


def given(app: Flask, route: Route, mine: Tenant, actor: str) -> dict[str, Any]:
    """Real values for the route's arguments."""
    if route.endpoint in FILES:
        return {"version": app.extensions["static_prefix"].rpartition("/v-")[2], "path": "css/base.css"}
    return {name: mine.value(route.endpoint, name, actor) for name in route.arguments}


def ask(app: Flask, client: FlaskClient, route: Route, values: dict[str, Any]) -> TestResponse:
    with app.test_request_context():
        path = url_for(route.endpoint, **values)
    if route.method == "GET":
        return client.get(path)
    if route.rule == "door_phone":
        body = {"scans": [], "marks": [], "sent_at": "2026-01-01T00:00:00Z"}
        return client.post(path, json=body, headers=HEADERS)
    return client.open(path, method=route.method, data={"role": "viewer"})


def outcome(response: TestResponse, route: Route) -> str:
    """What the answer says about rights, whatever else it says."""
    status, target = response.status_code, urlsplit(response.headers.get("Location", ""))
    assert status < 500, response.text
    assert status != 405
    if status == 401 and route.rule == "door_phone":
        return NO_PHONE
    if route.rule == "public" and status != 404:
        return IN
    if status == 401 or (status == 302 and target.path == "/sign-in"):
        return SIGN_IN
    if route.rule == "proved_address" and status in {302, 303} and target.path.startswith("/m/"):
        return PROVE
    if status == 404 and route.endpoint in USED_UP:
        return IN
    return {403: FORBIDDEN, 404: HIDDEN}.get(status, IN)


def masked(response: TestResponse, value: object) -> tuple[int, str]:
    """Status and body without what must differ: the request's number, the form's token, its own address."""
    body = response.text.replace(response.headers["X-Request-Id"], "REQUEST")
    for written in {response.request.path, quote(response.request.path), quote(response.request.path, "")}:
        body = body.replace(written, "ADDRESS")
    body = re.sub(r'"server_time":"[^"]*"', '"server_time":"TIME"', body)
    body = re.sub(r"DTSTAMP:\w+", "DTSTAMP:TIME", body)
    body = re.sub(r'"challenge": ?"[^"]*"', '"challenge":"RANDOM"', body)
    body = re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1TOKEN", body)
    return response.status_code, body.replace(str(value), "VALUE") if isinstance(value, str) else body


def test_a_route_of_a_programme_is_for_its_members_and_viewers_change_nothing() -> None:
    of_programs = [route for route in routes() if "program" in route.arguments]

    assert [str(r) for r in of_programs if not r.rule.startswith("member:")] == []
    assert [str(r) for r in of_programs if r.method != "GET" and r.rule == "member:viewer"] == [
        "POST accounts.leave",
        "POST accounts.leave_meetup",
    ]
