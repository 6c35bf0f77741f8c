"""How many people come with an attendee, on the attendee's page."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.seating.seats import MOST_COMPANIONS
from app.models import Program, Role
from app.refusals import explain
from app.services.registering import companions


class CompanionsForm(FlaskForm):
    """The number of companions. `over` says yes to more people than seats."""

    number = IntegerField(
        _l("Number of companions"),
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(0, MOST_COMPANIONS, _l("A number from %(min)s to %(max)s, please.")),
        ],
    )
    over = HiddenField()
    asks_over = False  # whether the seats don't suffice, and it takes a second yes


@bp.post(f"{attendee.ONE}/companions")
@access.member(Role.ORGANIZER)
def set_companions(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), CompanionsForm()
    registration = attendee.registration_of(meetup, reference)
    if not form.validate():
        return attendee.page(program, meetup, registration, accompanying=form), 422
    try:
        over_by = companions.set_number(
            registration.id, form.number.data or 0, access.current_actor(), over=bool(form.over.data)
        )
    except DomainError as refusal:
        form.asks_over = refusal.code in {"companions_over", "companions_kept"}
        form.number.errors = [explain(refusal)]
        return attendee.page(program, meetup, registration, accompanying=form), 422
    flash(_("Saved."))
    if over_by:
        flash(
            ngettext("%(num)d more person than seats.", "%(num)d more people than seats.", over_by), "warning"
        )
    return redirect(attendee.address_of(program, slug, reference), 303)
