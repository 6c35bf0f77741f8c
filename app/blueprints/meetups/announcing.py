"""Lines of the programme that are announced later: by a press, or hidden again."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.domain.errors import DomainError
from app.models import Program, Role
from app.services.organizing import announcements

from .routes import bp


@bp.post("/desk/<program>/meetups/<slug>/talks/<int:talk_id>/announcement")
@access.member(Role.ORGANIZER)
def announce_talk(program: Program, slug: str, talk_id: int) -> ResponseReturnValue:
    meetup, hides = access.meetup_of(program, slug), request.form.get("announced") == "no"
    act = announcements.hide if hides else announcements.announce
    try:
        act(meetup.id, talk_id, access.current_actor())
    except DomainError:
        abort(404)
    flash(_("It is hidden again.") if hides else _("It is announced: the public page shows it now."))
    return redirect(url_for(".preview", program=program.slug, slug=slug), 303)
