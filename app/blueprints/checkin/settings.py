"""The door's settings at the desk."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.checkin import desk
from app.blueprints.checkin.forms import DoorSettingsForm
from app.blueprints.checkin.routes import bp
from app.domain.meetup_drafts import Unusable
from app.models import Program, Role
from app.services.door import door_settings


@bp.post(f"{desk.DOOR}/settings")
@access.member(Role.ORGANIZER)
def save_settings(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), DoorSettingsForm()
    try:
        if not form.validate():
            return desk.page(program, meetup, settings=form), 422
        door_settings.save(meetup.id, form.draft(), access.current_actor())
    except Unusable as refusal:
        form.note(refusal)
        return desk.page(program, meetup, settings=form), 422
    flash(_("Saved."))
    return redirect(url_for("checkin.door", program=program.slug, slug=slug, _anchor="settings"), 303)
