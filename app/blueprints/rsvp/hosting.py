"""The larger event: whether somebody has a place there, said at registering and at the personal link."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app import access, host_words
from app.blueprints.rsvp.personal import LINK, pressed
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.registering.host_events import HostEntry
from app.services.registering import host_entries


@bp.app_context_processor
def _words() -> dict[str, object]:
    return {"host_words": host_words}


def said_in_the_request() -> HostEntry | None:
    """What was chosen; None: nothing, or nothing that is known."""
    typed = request.form.get("host_entry", "")
    return HostEntry(typed) if typed in set(HostEntry) else None


@bp.post(f"{LINK}/host-entry")
@access.declared("personal_link")
def say_host_entry(reference: str, secret: str) -> ResponseReturnValue:
    return pressed(reference, secret, _say)


def _say(registration_id: int) -> None:
    entry = said_in_the_request()
    if entry is None:
        raise DomainError("host_entry_missing")
    host_entries.say(registration_id, entry)
