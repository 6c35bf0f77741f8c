"""When personal data goes: all meetups of a programme on one page, for owners."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.programs.blueprint import bp
from app.domain.errors import DomainError
from app.models import Program, Role
from app.refusals import explain
from app.services.organizing import kept_days
from app.services.personal import keeping


@bp.get("/desk/<program>/dates")
@access.member(Role.OWNER)
def dates(program: Program) -> ResponseReturnValue:
    return _page(program, str(kept_days.of_new_meetups(program)))


@bp.post("/desk/<program>/dates")
@access.member(Role.OWNER)
def set_kept_days(program: Program) -> ResponseReturnValue:
    typed = request.form.get("kept_days", "").strip()
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None
    try:
        kept_days.set_for_new_meetups(program.id, days, access.current_actor())
    except DomainError as refusal:
        return _page(program, typed, explain(refusal)), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".dates", program=program.slug), 303)


def _page(program: Program, typed: str, error: str = "") -> str:
    meetups = kept_days.meetups(program.id)
    return render_template(
        "programs/dates.html",
        program=program,
        lines=[(meetup, keeping.last_day(meetup), keeping.is_near(meetup)) for meetup in meetups],
        typed=typed,
        error=error,
    )
