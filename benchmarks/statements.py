"""How many statements a page takes, at a small meetup and at a large one: it must be the same number."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.clock import now
from benchmarks.world import PROGRAM, Gathering, World
from tests.support.counting import statements


def compare(app: Flask, world: World) -> dict[str, tuple[int, int]]:
    """Statements at the small and at the large meetup, for each act. First done once to warm caches."""
    acts: dict[str, Callable[[FlaskClient, Gathering], Any]] = {
        "public page": _page,
        "check-in": _check_in,
        "attendee list": _attendees,
        "CSV export": lambda client, meetup: _export(client, meetup, "csv"),
        "XLSX export": lambda client, meetup: _export(client, meetup, "xlsx"),
    }
    app.config["WTF_CSRF_ENABLED"] = False  # of this process; saves reading a form's token
    return {
        name: (_count(app, world, act, world.few), _count(app, world, act, world.many))
        for name, act in acts.items()
        if _count(app, world, act, world.listed) >= 0
    }


def _count(app: Flask, world: World, act: Callable[[FlaskClient, Gathering], Any], meetup: Gathering) -> int:
    client = app.test_client()
    name, _, value = world.organizer_cookie.partition("=")
    client.set_cookie(name, value)
    with app.app_context(), statements() as seen:
        answer = act(client, meetup)
        answer.get_data()
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.request.path} answered {answer.status_code}")
    return len(seen)


def _page(client: FlaskClient, meetup: Gathering) -> Any:
    return client.get(f"/m/{meetup.slug}?fresh=1")


def _check_in(client: FlaskClient, meetup: Gathering) -> Any:
    name, _, value = meetup.device_cookie.partition("=")
    client.set_cookie(name, value)
    body = scan_body(meetup.codes[0], now().isoformat())
    headers = {"X-Dongmun-Door": "1", "Content-Type": "application/json"}
    return client.post(f"/door/{meetup.slug}/api/scans", data=body, headers=headers)


def _attendees(client: FlaskClient, meetup: Gathering) -> Any:
    return client.get(f"/desk/{PROGRAM}/meetups/{meetup.slug}/attendees")


def _export(client: FlaskClient, meetup: Gathering, kind: str) -> Any:
    form = {"columns": ["name", "status", "place", "address"], "kind": kind, "reason": "bench"}
    return client.post(f"/desk/{PROGRAM}/meetups/{meetup.slug}/export", data=form)


def scan_body(code: str, at: str) -> str:
    """What a phone posts for one scan, with a new id."""
    return (
        f'{{"scans":[{{"id":"{uuid.uuid4()}","code":"{code}","kind":"entry","method":"camera",'
        f'"scanned_at":"{at}"}}],"sent_at":"{at}"}}'
    )
