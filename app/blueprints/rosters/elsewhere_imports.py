"""An import of form answers, once it is done: what became of whom it brought in, and its way back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app import access, message_words
from app.blueprints.rosters import elsewhere_words as words
from app.blueprints.rosters.routes import bp
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.seating.modes import Mode
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.alumni import roster_uploads
from app.services.elsewhere import taking_back
from app.services.elsewhere.taking_back import Import, Stays, TakenBack, Written
from app.services.organizing import attendee, looks

ONE = "/meetups/<slug>/elsewhere/imports/<int:import_id>"
MOST_SHOWN = 500
STAYS = {
    Stays.ENDED: _l("Their place has ended already."),
    Stays.TOLD: _l("They were told by mail, which can't be untold. Cancel their place where you have to."),
    Stays.SEEN: _l("They have proved their address here since."),
    Stays.TOUCHED: _l("Something was written or changed at them since."),
}


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def answers_brought_in(program: Program, slug: str, import_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _page(program, meetup, _import(meetup, import_id))


@bp.post(f"{ONE}/undoing")
@access.program_member(Role.ORGANIZER)
def take_answers_back(program: Program, slug: str, import_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    of = _import(meetup, import_id)
    try:
        gone = taking_back.take_back(meetup.id, of.id, access.current_actor())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), of, explain(refusal)), 422
    flash(*_told(gone))
    return redirect(url_for(".elsewhere", program=program.slug, slug=slug), 303)


def _told(gone: TakenBack) -> tuple[str, str]:
    """What a press did, with the kind of notice that it is."""
    done, forgotten = gone.registrations, gone.declined
    places = ngettext("%(num)s registration was taken back.", "%(num)s registrations were taken back.", done)
    noes = ngettext(
        "It is no longer kept of %(num)s person that they can't come.",
        "It is no longer kept of %(num)s people that they can't come.",
        forgotten,
    )
    said = [*([places] if done else ()), *([noes] if forgotten else ())]
    if not said:
        return _("Nothing was changed."), "info"
    return " ".join([*said, _("Nobody of them was mailed.")]), "success"


def _page(program: Program, meetup: Meetup, of: Import, error: str = "") -> str:
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = taking_back.written(db.session(), of)
    going, staying = ([row for row in rows if (row.stays is None) is stays] for stays in (True, False))
    at: dict[str, Any] = {"program": program.slug, "slug": meetup.slug}
    return render_template(
        "rosters/elsewhere_import.html",
        program=program,
        meetup=meetup,
        of=of,
        who=attendee.names_of([of.actor]).get(of.actor, ""),
        error=error,
        figures=_figures(meetup, rows, at),
        going=going,
        staying=staying,
        declining=taking_back.declining(db.session(), of),
        shown=MOST_SHOWN,
        stays=STAYS,
        statuses=message_words.STATUSES,
        may_undo=now() < of.until,
        file=_file(program, at),
    )


def _figures(meetup: Meetup, rows: list[Written], at: dict[str, Any]) -> list[tuple[str, int, str]]:
    """How many stand how now, and where they are."""
    there = {
        Status.APPLIED: url_for("meetups.draw" if meetup.mode is Mode.DRAW else "meetups.applicants", **at),
        Status.WAITLISTED: url_for("meetups.waitlist", **at),
        Status.PENDING: url_for("meetups.claims", **at),
    }
    counts = {each: sum(row.status is each for row in rows) for each in Status}
    return [
        (
            str(message_words.STATUSES[each]),
            counts[each],
            there.get(each) or url_for("exports.attendees_list", status=each.value, **at),
        )
        for each in sorted(Status, key=lambda each: each not in ACTIVE)
        if counts[each]
    ]


def _file(program: Program, at: dict[str, Any]) -> str:
    """The page with the fate of every row, while the file is here."""
    reference = request.args.get("file", "")
    if not reference or roster_uploads.find(program.id, access.me().id, reference) is None:
        return ""
    kept: dict[str, Any] = words.columns_chosen(request.args)
    return url_for(".form_answers", reference=reference, **at, **kept)


def _import(meetup: Meetup, import_id: int) -> Import:
    return taking_back.find(meetup.id, import_id) or abort(404)
