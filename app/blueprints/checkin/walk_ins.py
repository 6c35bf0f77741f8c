"""Letting in somebody without a registration: from a supervisor's phone, and from the desk."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.blueprints.checkin import answers, desk
from app.blueprints.checkin.access import shown_hashes, tells
from app.blueprints.checkin.forms import WalkInForm
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.door import door_counts, walk_ins

AT_FIELD = {
    "unnamed": "name",
    "name_too_long": "name",
    "resident_number_typed": "name",
    "walk_in_cohort_unknown": "cohort",
}


@bp.post("/door/<slug>/api/walk-in")
@tells
def walk_in(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Register and check in at once; supervisors only. `over` says yes to a seat that is not there."""
    door, walked_in = walk_ins.admit(shown_hashes(), slug, body)
    told = answers.outcome(walked_in.outcome, door.zone)
    told["person"]["note"] = note(walked_in.over_by)
    counts = answers.counts(door_counts.of(door.meetup_id))
    return answers.answer(told | {"over_by": walked_in.over_by, "counts": counts})


@bp.post("/desk/<program>/meetups/<slug>/walk-ins")
@access.member(Role.ORGANIZER)
def desk_walk_in(program: Program, slug: str) -> ResponseReturnValue:
    """The same at the desk. The form holds the id, so that pressing its button twice admits once."""
    meetup = access.meetup_of(program, slug)
    form = WalkInForm(walk_ins.cohorts(program.id))
    try:
        walked_in = walk_ins.admit_at_desk(meetup.id, access.me().id, form.told())
    except DomainError as refusal:
        return _again(program, meetup, form, refusal), 422
    _tell(walked_in)
    return redirect(url_for("checkin.door", program=program.slug, slug=slug, _anchor="walk-in"), 303)


def note(over_by: int) -> str:
    """What whoever let them in should know."""
    unverified = _("Walk-in, not verified.")
    return f"{unverified} {_over(over_by)}" if over_by else unverified


def _again(program: Program, meetup: Meetup, form: WalkInForm, refusal: DomainError) -> str:
    form.asks_over = refusal.code in {"walk_in_over", "walk_in_kept"}
    if refusal.code in {"malformed", "conflicting_body", "walk_in_undone"}:
        form.id.data = str(uuid.uuid4())
    where = AT_FIELD.get(refusal.code)
    if where:
        form[where].errors = [explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))
    return desk.page(program, meetup, walking_in=form)


def _tell(walked_in: walk_ins.WalkedIn) -> None:
    person = walked_in.outcome.person
    flash(_("%(name)s is checked in.", name=person.name if person else ""), "success")
    if walked_in.over_by:
        flash(_over(walked_in.over_by), "warning")


def _over(over_by: int) -> str:
    return str(ngettext("%(num)d more person than seats.", "%(num)d more people than seats.", over_by))
