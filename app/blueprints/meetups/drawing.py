"""The draw at the desk: how it stands, and entering the public value once it is known."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.clock import now
from app.domain.errors import DomainError
from app.domain.seating import draw as rules
from app.models import Draw, Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import attendees
from app.services.organizing.attendee import names_of
from app.services.seating import approvals, draw_holding, draws

from .routes import bp
from .seat_forms import DrawValueForm

DRAW = "/desk/<program>/meetups/<slug>/draw"


@bp.get(DRAW)
@access.member(Role.ORGANIZER)
def draw(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug), DrawValueForm(formdata=None))


@bp.post(f"{DRAW}/result")
@access.member(Role.ORGANIZER)
def hold_draw(program: Program, slug: str) -> ResponseReturnValue:
    """The value, typed twice: it can't be changed later."""
    meetup, form = access.meetup_of(program, slug), DrawValueForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    try:
        if rules.digits(form.value.data or "") != rules.digits(form.again.data or ""):
            raise DomainError("draw_values_differ")
        draw_id = request.form.get("draw", 0, type=int)
        draw_holding.hold(meetup.id, draw_id, form.value.data or "", access.current_actor())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _page(program, access.meetup_of(program, slug), form), 422
    flash(_("Drawn. Everybody who entered is told by mail."))
    return redirect(url_for(".draw", program=program.slug, slug=slug), 303)


def _page(program: Program, meetup: Meetup, form: DrawValueForm) -> str:
    found = draws.all_of(meetup.id)
    latest = found[0] if found else None
    return render_template(
        "meetups/draw.html",
        program=program,
        meetup=meetup,
        draw=latest,
        rules=latest.rules if latest else None,
        earlier=found[1:],
        step=_step(latest) if latest else 1,
        by_cohort=approvals.counts_by_cohort(meetup.id),
        cohorts=attendees.cohorts_of(meetup.id),
        seated=(latest.result or "").count(",seat\n") if latest else 0,
        held_by=names_of([latest.held_by]).get(latest.held_by, "") if latest and latest.held_by else "",
        form=form,
    )


def _step(draw: Draw) -> int:
    """Which step is next: entering, waiting for the value, entering it, or none."""
    if draw.held_at:
        return 5
    if not draw.is_due(now()):
        return 2
    return 3 if now() < draw.known_at else 4
