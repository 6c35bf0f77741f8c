"""The page behind a ticket's QR: for its holder, also without a network; for staff, the way to check in."""

from __future__ import annotations

from pathlib import Path

from flask import Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import access, qr
from app.blueprints.rsvp.personal import payload_of
from app.blueprints.rsvp.routes import bp
from app.clock import now
from app.domain.door.tickets import parse_code
from app.domain.registering.registrations import Status
from app.domain.writing.names import masked
from app.models import Meetup, MeetupState, Role, Ticket
from app.services.meeting import tables
from app.services.registering import tickets
from app.services.staff import rights


@bp.get("/T/<code>")
@access.declared("ticket_code")
def ticket(code: str) -> ResponseReturnValue:
    """Names are masked: a photographed QR must not tell who is an alumnus."""
    parsed = parse_code(code)
    found = tickets.find_by_code(parsed) if parsed else None
    if parsed is None or found is None:
        abort(404)
    response = make_response(_page(found, parsed))
    response.headers["Cache-Control"] = "private, no-cache"  # kept by the page itself, for the door
    return response


@bp.get("/T/sw.js")
@access.public
def ticket_worker() -> Response:
    """The script that opens tickets without a network; its scope is /T/ and nothing else."""
    text = (Path(current_app.static_folder or "") / "js/ticket/sw.js").read_text()
    response = Response(text, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page(found: Ticket, code: str) -> str:
    registration, meetup = found.registration, found.registration.meetup
    called_off = meetup.state is MeetupState.CALLED_OFF
    # On the waitlist with a ticket: their seat was released at the door, and they may still come.
    released = registration.status is Status.WAITLISTED
    holds = released or registration.status is Status.CONFIRMED
    valid = holds and found.revoked_at is None and not called_off
    return render_template(
        "rsvp/ticket.html",
        registration=registration,
        name=masked(registration.person.name),
        meetup=meetup,
        code=code,
        qr=qr.svg(payload_of(found), quiet=2) if valid else None,
        table=tables.number_of(registration) if valid else None,
        called_off=called_off,
        released=released,
        replaced=registration.status is Status.CONFIRMED and found.revoked_at is not None,
        may_check_in=_may_check_in(meetup),
        day_has_come=meetup.day_has_come(now()),
        at_door=f"door-{meetup.id}" in request.cookies or f"__Host-door-{meetup.id}" in request.cookies,
    )


def _may_check_in(meetup: Meetup) -> bool:
    account = access.current_account()
    if account is None:
        return False
    role = rights.at(account.id, meetup)
    return role is not None and role.includes(Role.ORGANIZER)
