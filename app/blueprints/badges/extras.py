"""Badges for those who have no registration: a small list of the meetup's, printed with the others or one at a time."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.badges import printing, routes
from app.blueprints.badges.forms import ExtraForm, StartForm
from app.blueprints.badges.routes import bp
from app.domain.errors import DomainError
from app.models import ExtraBadge, Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import looks
from app.services.printing import badge_prints, extra_badges
from app.services.printing.badge_prints import Chosen


@bp.post("/extras")
@access.member(Role.ORGANIZER)
def add_extra(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), ExtraForm()
    if form.validate():
        try:
            extra_badges.add(meetup.id, form.typed(), access.current_actor())
            return _back(program, slug)
        except DomainError as refusal:
            form.form_errors.append(explain(refusal))
    return routes.page(program, meetup, extra=form), 422


@bp.route("/extras/<int:extra_id>", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def extra(program: Program, slug: str, extra_id: int) -> ResponseReturnValue:
    """Change what stands on one."""
    meetup = access.meetup_of(program, slug)
    row = _row(meetup, extra_id)
    form = ExtraForm(data={"name": row.name, "line": row.line, "kind": row.kind.value})
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    if request.method == "POST" and form.validate():
        try:
            changed = extra_badges.change(meetup.id, row.id, form.typed(), access.current_actor())
        except DomainError as refusal:
            form.form_errors.append(explain(refusal))
        else:
            flash(_("Saved.") if changed else _("Nothing changed."), "message" if changed else "info")
            return _back(program, slug)
    page = render_template("badges/extra.html", program=program, meetup=meetup, row=row, form=form)
    return page, 200 if request.method == "GET" else 422


@bp.post("/extras/<int:extra_id>/remove")
@access.member(Role.ORGANIZER)
def remove_extra(program: Program, slug: str, extra_id: int) -> ResponseReturnValue:
    """Take one off the list; for a day it can be put back."""
    meetup = access.meetup_of(program, slug)
    extra_badges.remove(meetup.id, _row(meetup, extra_id).id, access.current_actor())
    return _back(program, slug)


@bp.post("/extras/<int:extra_id>/put-back")
@access.member(Role.ORGANIZER)
def put_back_extra(program: Program, slug: str, extra_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        extra_badges.put_back(meetup.id, _row(meetup, extra_id).id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return _back(program, slug)


@bp.post("/extras/<int:extra_id>/print")
@access.member(Role.ORGANIZER)
def print_extra(program: Program, slug: str, extra_id: int) -> ResponseReturnValue:
    """One alone: nobody is asked why, as at the door."""
    meetup, form = access.meetup_of(program, slug), StartForm()
    chosen = Chosen(wanted=None, extra=_row(meetup, extra_id).id)
    try:
        made = badge_prints.begin(meetup.id, chosen, access.current_actor(), form.first())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return _back(program, slug)
    return printing.to_file(program, slug, made)


def _row(meetup: Meetup, extra_id: int) -> ExtraBadge:
    return extra_badges.find(meetup.id, extra_id) or abort(404)


def _back(program: Program, slug: str) -> ResponseReturnValue:
    return redirect(url_for(".badges", program=program.slug, slug=slug, _anchor="extras"), 303)
