"""Whether somebody keeps their seat without answering if they still come: one press, on their page or in the list."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.models import Program, Role
from app.refusals import explain
from app.services.seating import seat_release


@bp.post(f"{attendee.ONE}/seat-kept")
@access.member(Role.ORGANIZER)
def keep_seat(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """Let them keep the seat without an answer; with `kept=no`, not any more."""
    registration = attendee.registration_of(access.meetup_of(program, slug), reference)
    kept = request.form.get("kept") != "no"
    try:
        seat_release.keep(registration.id, access.current_actor(), kept=kept)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("They keep the seat.") if kept else _("Without an answer, the seat is released."))
    there = url_for(".attendee", program=program.slug, slug=slug, reference=reference)
    return redirect(local_path(request.form.get("next")) or there, 303)
