"""Who a staff phone is: the cookies it shows, and what a request of its page must look like.

The cookie is SameSite=Strict and the requests are JSON with a header of their own, which no foreign
page can send: together they stand in for the forms' CSRF token.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.checkin import answers
from app.clock import now
from app.domain import tokens
from app.domain.door.moments import parse_instant
from app.domain.door.scans import read_id
from app.domain.errors import DomainError
from app.extensions import csrf
from app.models import Device
from app.services.door import devices, door_contacts

View = Callable[..., Any]
COOKIE = re.compile(r"(?:__Host-)?door-[0-9]{1,18}")
COOKIES_READ = 12  # doors that one phone may stand at
OUTLIVES_SHIFT = dt.timedelta(days=14)  # so that what was not sent yet still can be
BODY_LIMIT = 4 * 1024 * 1024
HEADER = "X-Dongmun-Door"
LIST_HEADER, WAITING_HEADER = "X-Dongmun-List", "X-Dongmun-Waiting"
LAST_HEADER = "X-Dongmun-Last"
COUNT_DIGITS = 8


def shown_hashes() -> list[str]:
    """Hashes of the device tokens in this request's cookies."""
    shown = (value for name, value in request.cookies.items() if COOKIE.fullmatch(name))
    fitting = [value for value in shown if value.startswith(tokens.DEVICE) and len(value) < 100]
    return [tokens.hashed(value) for value in fitting[-COOKIES_READ:]]


def remember(response: Response, device: Device, token: str) -> None:
    """Give the phone its token, for this door only and out of scripts' reach."""
    https = current_app.config["SETTINGS"].is_https
    response.set_cookie(
        f"{'__Host-' if https else ''}door-{device.meetup_id}",
        token,
        expires=device.expires_at + OUTLIVES_SHIFT,
        secure=https,
        httponly=True,
        samesite="Strict",
        path="/",
    )


def door_pass(slug: str, *, kiosk: bool = False) -> devices.DoorPass:
    """The staff phone that asks, at the door of `slug`; refused otherwise. `kiosk`: also a self check-in tablet."""
    return devices.authenticate(shown_hashes(), slug, kiosk=kiosk)


def asks(view: View) -> View:
    """A question of a staff phone: the view gets its pass as `door`."""
    return _asking(view, kiosk=False)


def asks_kiosks_too(view: View) -> View:
    """A question that a self check-in tablet may put as well: its view tells it no more than it shows."""
    return _asking(view, kiosk=True)


def _asking(view: View, *, kiosk: bool) -> View:
    @wraps(view)
    def guarded(slug: str) -> ResponseReturnValue:
        try:
            door = door_pass(slug, kiosk=kiosk)
        except DomainError as refusal:
            return answers.refused(refusal)
        door_contacts.seen(door, _report())
        return view(door=door)  # type: ignore[no-any-return]

    return access.declared("door_phone")(guarded)


def _report() -> door_contacts.Report:
    """What the phone says of itself in its headers; nonsense says nothing."""
    made_at = parse_instant(request.headers.get(LIST_HEADER))
    return door_contacts.Report(min(made_at, now()) if made_at else None, scans_waiting())


def scans_waiting() -> int | None:
    """How many scans the phone says are not sent yet; with a batch: how many are left besides it."""
    told = request.headers.get(WAITING_HEADER, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < COUNT_DIGITS else None


def last_answered() -> str | None:
    """The scan that the phone says was answered last, by which a restored server finds out what it has lost."""
    return read_id(request.headers.get(LAST_HEADER))


def tells(view: View) -> View:
    """A change by a staff phone: the view gets the JSON object that was sent; its service knows the phone."""

    @wraps(view)
    def guarded(slug: str) -> ResponseReturnValue:
        try:
            _require_own_page()
            return view(slug=slug, body=_body())  # type: ignore[no-any-return]
        except DomainError as refusal:
            return answers.refused(refusal)

    exempt: View = csrf.exempt(guarded)
    return access.declared("door_phone")(exempt)


def _require_own_page() -> None:
    if request.mimetype != "application/json":
        raise DomainError("wrong_type")
    if request.headers.get(HEADER) != "1" or request.headers.get("Sec-Fetch-Site", "same-origin") not in {
        "same-origin",
        "none",
    }:
        raise DomainError("wrong_sender")
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(current_app.config["SETTINGS"].base_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise DomainError("wrong_sender")


def _body() -> dict[str, Any]:
    if (request.content_length or 0) > BODY_LIMIT:
        raise DomainError("too_large")
    request.max_content_length = BODY_LIMIT
    try:
        body = request.get_json(cache=False, silent=True)
    except RecursionError:  # brackets ten thousand deep
        body = None
    if not isinstance(body, dict):
        raise DomainError("unreadable_body")
    return body
