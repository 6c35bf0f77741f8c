"""On an attendee's page: a seat for somebody who applied or waits, and the undo of a cancellation."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.attendee import ONE, ReasonForm
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.models import Program, Role
from app.refusals import explain
from app.services.organizing import one_place
from app.services.organizing.bulk_acts import WANTS_REASON


@bp.post(f"{ONE}/seat")
@access.member(Role.ORGANIZER)
def seat_attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """Give them a seat, as the page showed it: the act on many, for one."""
    meetup, form = access.meetup_of(program, slug), ReasonForm()
    registration = attendee.registration_of(meetup, reference)
    act = one_place.ACTS.get(registration.status)
    is_sound = form.validate() or (act not in WANTS_REASON and not form.reason.data)
    if act is not None and not is_sound:
        return attendee.page(program, meetup, registration, seating=form), 422
    reason, mark = form.reason.data or "", request.form.get("mark", "")
    try:
        one_place.seat(registration, reason, access.current_actor(), mark)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        told = _("They have a seat. The ticket goes out by mail.")
        flash(told if registration.address else _("They have a seat. No mail goes out: there is no address."))
    return attendee.back(program, slug, reference)


@bp.post(f"{ONE}/cancellation/undo")
@access.member(Role.ORGANIZER)
def undo_cancelling(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    registration = attendee.registration_of(meetup, reference)
    try:
        one_place.take_back(registration, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("Taken back. The person is told by mail.") if registration.address else _("Taken back."))
    return attendee.back(program, slug, reference)
