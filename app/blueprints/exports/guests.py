"""A guest on no roster: that an organizer knows who they are, and their name as it should be written."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.writing.kept_texts import one_line
from app.models import Program, Role
from app.refusals import explain
from app.services.door import known_guests


class NameForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the name.")), Length(max=400)],
    )


@bp.post(f"{attendee.ONE}/confirmation")
@access.member(Role.ORGANIZER)
def confirm_guest(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """The guest is who they said; with `known=no`, it is not known any more."""
    registration = attendee.registration_of(access.meetup_of(program, slug), reference)
    is_known = request.form.get("known") != "no"
    try:
        known_guests.confirm(registration.id, access.current_actor(), is_known=is_known)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(
            _("Confirmed: it is noted that you know them.")
            if is_known
            else _("The confirmation is taken back.")
        )
    return redirect(attendee.address_of(program, slug, reference), 303)


@bp.post(f"{attendee.ONE}/name")
@access.member(Role.ORGANIZER)
def rename_guest(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), NameForm()
    registration = attendee.registration_of(meetup, reference)
    if not form.validate():
        return attendee.page(program, meetup, registration, renaming=form), 422
    try:
        name, actor = form.name.data or "", access.current_actor()
        known_guests.rename(registration.id, name, actor, also_elsewhere=access.runs_program())
    except DomainError as refusal:
        form.name.errors = [explain(refusal)]
        return attendee.page(program, meetup, registration, renaming=form), 422
    flash(_("The name is corrected."))
    return redirect(attendee.address_of(program, slug, reference), 303)
