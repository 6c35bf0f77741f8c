"""A staff phone for tests: its cookie, its headers, its scans."""

from __future__ import annotations

import contextvars
import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import now
from app.models import Device, DeviceRole, Meetup, MeetupState, Status
from tests.factories import make_device, make_meetup, make_registration, make_ticket

HEADERS = {"X-Dongmun-Door": "1"}


def scan(**fields: Any) -> dict[str, Any]:
    """One scan as the phone sends it: a new one at each call."""
    return {
        "id": str(uuid.uuid4()),
        "code": None,
        "registration": None,
        "kind": "entry",
        "scanned_at": now().isoformat(),
        "gate": None,
        "method": "camera",
        "payload": None,
    } | fields


def override_of(scan_id: str, **fields: Any) -> dict[str, Any]:
    """What a supervisor's phone says of a scan whose holder it let in."""
    told = {"id": str(uuid.uuid4()), "kind": "override", "of": scan_id, "reason": "known to the host"}
    return told | {"scanned_at": now().isoformat()} | fields


class ThreadsBrowser(FlaskClient):
    """A client that any thread may use: every request has a context of its own."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


class Phone:
    """An enrolled phone at a meetup's door, as a client of the real application."""

    def __init__(
        self,
        app: Flask,
        meetup: Meetup,
        role: DeviceRole = DeviceRole.SCAN,
        language: str = "en",
        **fields: Any,
    ) -> None:
        self.device: Device
        self.device, self.token = make_device(meetup, role, **fields)
        self.slug = meetup.slug
        self.client = ThreadsBrowser(app, app.response_class)
        self.client.set_cookie(f"door-{meetup.id}", self.token)
        self.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language

    def post(self, path: str, body: Any, more: dict[str, str] | None = None, **given: Any) -> TestResponse:
        headers = HEADERS | (more or {})
        return self.client.post(f"/door/{self.slug}/api/{path}", json=body, headers=headers, **given)

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(f"/door/{self.slug}/api/{path}", query_string=query)

    def send(self, *scans: Any, sent_at: str | None = None) -> list[dict[str, Any]]:
        """The outcomes of one batch."""
        response = self.post("scans", {"scans": list(scans), "sent_at": sent_at or now().isoformat()})
        assert response.status_code == 200, response.text
        outcomes: list[dict[str, Any]] = response.json["outcomes"]  # type: ignore[index]
        return outcomes

    def scan(self, **fields: Any) -> dict[str, Any]:
        """The outcome of one new scan."""
        (outcome,) = self.send(scan(**fields))
        return outcome


def came_in(app: Flask, meetup: Meetup, came: dict[str, Any], status: str) -> None:
    """Somebody's first scan; whom their `status` does not admit is let in by a supervisor."""
    said = [] if status == "confirmed" else [override_of(came["id"])]
    assert Phone(app, meetup, DeviceRole.SUPERVISE).send(came, *said)[-1]["verdict"] == "ok"


def party(of: str, admits: int) -> dict[str, Any]:
    """So many of a party came in, or went out, by that scan."""
    at = now().isoformat()
    return {"id": str(uuid.uuid4()), "kind": "party", "of": of, "admits": admits, "scanned_at": at}


def presented(app: Flask, case: dict[str, Any], **fields: Any) -> tuple[Meetup, str]:
    """Make the state of a case of the contract in the database; the meetup, and the code that is shown there."""
    state = MeetupState.CALLED_OFF if case.get("called_off") else MeetupState.PUBLISHED
    has_exits = "left" in case or case.get("kind") == "exit"
    meetup = make_meetup(state=state, door_tracks_exits=has_exits, **fields)
    if case["status"] is None:
        return meetup, "A" * 26
    there, size = meetup if case.get("this_meetup", True) else make_meetup(), case.get("party", 1)
    registration = make_registration(there, status=Status(case["status"]), companions=size - 1)
    code = make_ticket(registration, revision=9)
    if case.get("already_in") or case.get("in") or case.get("left"):
        _lived(app, meetup, code, case)
    return meetup, make_ticket(registration, revision=10, revoked=True) if case.get("revoked") else code


def _lived(app: Flask, meetup: Meetup, code: str, case: dict[str, Any]) -> None:
    phone, came, size = Phone(app, meetup), scan(code=code), case.get("party", 1)
    came_in(app, meetup, came, "called_off" if case.get("called_off") else case["status"])
    inside = case.get("in", size)
    if case.get("left"):
        went = scan(code=code, kind="exit")
        assert [each["verdict"] for each in phone.send(went, party(went["id"], size - inside))] == [
            "left",
            "ok",
        ]
    elif inside < size and case["status"] == "confirmed":
        assert [each["verdict"] for each in phone.send(party(came["id"], inside))] == ["ok"]
