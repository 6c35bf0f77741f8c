"""Whether attendees introduce themselves to each other, and what they wrote."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from app import access
from app.domain.errors import DomainError
from app.domain.introductions import SHOWN_AFTER
from app.models import Meetup, Program, Role
from app.numbers import query_number
from app.services.meeting import introductions as service
from app.services.organizing import attendee, looks
from app.typed_texts import no_resident_number

from .routes import bp

INTRODUCTIONS = "/desk/<program>/meetups/<slug>/introductions"
PAGE = 60


class HidingForm(FlaskForm):
    hidden = StringField()
    reason = StringField(validators=[Length(max=200), no_resident_number])


@bp.get(INTRODUCTIONS)
@access.member(Role.ORGANIZER)
def introductions(program: Program, slug: str) -> ResponseReturnValue:
    meetup, start = access.meetup_of(program, slug), query_number("start", 0)
    cards = service.all_cards(meetup.id, start=start, size=PAGE)
    page = render_template(
        "meetups/introductions.html",
        program=program,
        meetup=meetup,
        cards=cards[:PAGE],
        start=start,
        step=PAGE,
        more=len(cards) > PAGE,
        number=service.number(meetup.id),
        until=meetup.ends_at + SHOWN_AFTER,
    )
    if cards:
        looks.at_attendees(program.id, meetup.id, access.current_actor())
    return page


@bp.post(f"{INTRODUCTIONS}/setting")
@access.member(Role.ORGANIZER)
def allow_introductions(program: Program, slug: str) -> ResponseReturnValue:
    meetup, allowed = access.meetup_of(program, slug), request.form.get("allowed") == "yes"
    service.allow(meetup.id, allowed, access.current_actor())
    flash(_("Attendees may introduce themselves now.") if allowed else _("Nobody sees the cards any more."))
    return redirect(url_for(".introductions", program=program.slug, slug=slug), 303)


@bp.post(f"{INTRODUCTIONS}/<reference>/visibility")
@access.member(Role.ORGANIZER)
def hide_introduction(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), HidingForm()
    found = attendee.find(meetup.id, reference) or abort(404)
    if form.validate():
        _hide(meetup, found.id, form)
    else:
        flash(next(iter(form.reason.errors), _("Press it again, please.")), "warning")
    return redirect(url_for(".introductions", program=program.slug, slug=slug), 303)


def _hide(meetup: Meetup, registration_id: int, form: HidingForm) -> None:
    hidden = form.hidden.data == "yes"
    try:
        service.hide(registration_id, hidden, access.current_actor(), (form.reason.data or "").strip())
    except DomainError:
        flash(_("That card is deleted meanwhile."), "warning")
        return
    flash(_("The card is hidden.") if hidden else _("The card is shown again."))
