"""Somebody on the waitlist gets the seat of somebody absent: from a supervisor's phone, and from the desk."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.blueprints.checkin import answers
from app.blueprints.checkin.access import shown_hashes, tells
from app.blueprints.checkin.forms import DeskCheckInForm
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.models import Program, Role
from app.refusals import explain
from app.services.door import door_counts, door_release


@bp.post("/door/<slug>/api/release")
@tells
def release(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Let one in; supervisors only. `over` says yes to a seat that is not there, for somebody who had one."""
    door, admitted = door_release.admit(shown_hashes(), slug, body)
    told = answers.outcome(admitted.outcome, door.zone)
    told["person"]["note"] = _note(admitted.over_by)
    counts = answers.counts(door_counts.of(door.meetup_id))
    return answers.answer(told | {"over_by": admitted.over_by, "counts": counts})


@bp.post("/desk/<program>/meetups/<slug>/releases")
@access.member(Role.ORGANIZER)
def desk_release(program: Program, slug: str) -> ResponseReturnValue:
    """The same at the desk, for `reference`; then back to `next`."""
    meetup, form = access.meetup_of(program, slug), DeskCheckInForm()
    if not form.validate():
        abort(400)
    wish = {
        "id": form.id.data or str(uuid.uuid4()),
        "registration": form.reference.data,
        "over": bool(request.form.get("over")),
    }
    try:
        admitted = door_release.admit_at_desk(meetup.id, access.me().id, wish)
    except DomainError as refusal:
        flash(explain(refusal), "error")
    else:
        person = admitted.outcome.person
        flash(_("%(name)s is checked in.", name=person.name if person else ""), "success")
        if admitted.over_by:
            flash(_over(admitted.over_by), "warning")
    there = url_for("checkin.door", program=program.slug, slug=slug)
    return redirect(local_path(request.form.get("next")) or there, 303)


def _note(over_by: int) -> str:
    got = str(_("Has the seat of an absent guest."))
    return f"{got} {_over(over_by)}" if over_by else got


def _over(over_by: int) -> str:
    return str(ngettext("%(num)d more person than seats.", "%(num)d more people than seats.", over_by))
