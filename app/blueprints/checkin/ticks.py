"""What people get at the door (badge, meal, souvenir): ticked by phones and at the desk."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from app import access
from app.blueprints.checkin import answers
from app.blueprints.checkin.access import shown_hashes, tells
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.models import Program, Role
from app.refusals import explain
from app.services.door import door_ticks

BATCH_LIMIT = 200


class TickForm(FlaskForm):
    """One tick by a button at the desk; `given` is "" to take it back."""

    id = HiddenField()
    reference = HiddenField()
    tick = HiddenField()
    given = HiddenField()


@bp.post("/door/<slug>/api/ticks")
@tells
def mark_ticks(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Store a batch of marks. Each gets its own answer: how that tick stands now."""
    items = body.get("marks")
    if not isinstance(items, list):
        raise DomainError("unreadable_body")
    if len(items) > BATCH_LIMIT:
        raise DomainError("too_many_scans", limit=BATCH_LIMIT)
    _door, marked = door_ticks.record(shown_hashes(), slug, items, body.get("sent_at"))
    return answers.answer({"outcomes": [answers.marked(each) for each in marked]})


@bp.post("/desk/<program>/meetups/<slug>/ticks")
@access.member(Role.ORGANIZER)
def desk_tick(program: Program, slug: str) -> ResponseReturnValue:
    """Tick for one attendee, or take it back; then back to `next`."""
    meetup, form = access.meetup_of(program, slug), TickForm()
    if not form.validate() or form.tick.data not in meetup.door_ticks:
        abort(400)
    mark = {
        "id": form.id.data or str(uuid.uuid4()),
        "registration": form.reference.data,
        "tick": form.tick.data,
        "given": bool(form.given.data),
    }
    try:
        marked = door_ticks.record_at_desk(meetup.id, access.me().id, mark)
    except DomainError as refusal:
        flash(explain(refusal), "error")
    else:
        given = marked.standing and marked.standing.given
        flash(
            _("Ticked: %(tick)s.", tick=marked.tick)
            if given
            else _("Taken back: %(tick)s.", tick=marked.tick)
        )
    there = url_for("checkin.door", program=program.slug, slug=slug)
    return redirect(local_path(request.form.get("next")) or there, 303)
