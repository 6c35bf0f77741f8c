"""Whether the organizers want to be told when an attendee comes in, on the attendee's page."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.writing.kept_texts import one_line
from app.models import Program, Role
from app.services.door import arrival_alerts
from app.typed_texts import no_resident_number


class AlertForm(FlaskForm):
    """What the guest is, in a word: "speaker"."""

    alert = StringField(
        filters=[one_line],
        validators=[
            no_resident_number,
            Length(max=arrival_alerts.LONGEST, message=_l("At most %(max)d characters, please.")),
        ],
    )


@bp.post(f"{attendee.ONE}/arrival-alert")
@access.member(Role.ORGANIZER)
def set_arrival_alert(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), AlertForm()
    registration = attendee.registration_of(meetup, reference)
    if not form.validate():
        return attendee.page(program, meetup, registration, alerting=form), 422
    arrival_alerts.set_alert(registration.id, form.alert.data or "", access.current_actor())
    flash(_("Saved."))
    return redirect(attendee.address_of(program, slug, reference), 303)
