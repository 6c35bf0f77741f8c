"""Walk-ins to be verified, at the desk: who said what, whom on the roster they may be, and deciding it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.models import Meetup, Program, Registration, Role
from app.numbers import query_number
from app.searches import searched
from app.services.door import walk_in_checks as checks
from app.services.organizing import looks

from .deciding import decided
from .routes import bp
from .seat_forms import LONGEST_REASON, LinkForm, ReasonForm

CHECKS = "/desk/<program>/meetups/<slug>/walk-in-checks"
ONE = f"{CHECKS}/<reference>"
PAGE, DECIDED = 20, 20


@bp.get(CHECKS)
@access.program_member(Role.ORGANIZER)
def walk_in_checks(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    start = query_number("start", 0)
    found = checks.waiting(meetup, start=start, size=PAGE)
    return _page(program, meetup, found[:PAGE], start=start, more=len(found) > PAGE)


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def walk_in_check(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """One of them alone, with a search of the roster."""
    meetup = access.meetup_of(program, slug)
    return _page(program, meetup, [_named(meetup, reference)], one=True)


@bp.post(f"{ONE}/match")
@access.program_member(Role.ORGANIZER)
def match_walk_in(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), LinkForm()
    found = _named(meetup, reference)

    def act() -> str:
        checks.match(found.id, form.person_id, access.current_actor())
        return str(_("Found on the roster. The registration is theirs now."))

    return decided(
        form,
        act,
        page=lambda form: _page(program, meetup, [_named(meetup, reference)], form=form, one=True),
        back=_list(program, slug),
    )


@bp.post(f"{ONE}/absence")
@access.program_member(Role.ORGANIZER)
def refuse_walk_in(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """The roster has nobody like them."""
    meetup, form = access.meetup_of(program, slug), ReasonForm()
    found = _named(meetup, reference)

    def act() -> str:
        checks.not_listed(found.id, form.reason.data or "", access.current_actor())
        return str(_("Noted: not on the roster."))

    return decided(
        form,
        act,
        page=lambda form: _page(program, meetup, [_named(meetup, reference)], form=form, one=True),
        back=_list(program, slug),
    )


@bp.post(f"{ONE}/undo")
@access.program_member(Role.ORGANIZER)
def undo_walk_in_check(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    checks.take_back(_named(meetup, reference).id, access.current_actor())
    flash(_("Taken back. They are to be verified again."))
    return redirect(_list(program, slug), 303)


def _page(
    program: Program,
    meetup: Meetup,
    rows: list[Registration],
    *,
    form: LinkForm | ReasonForm | None = None,
    one: bool = False,
    start: int = 0,
    more: bool = False,
) -> str:
    asked = searched() if one else ""
    found = checks.alike(meetup, rows, asked)
    people = {person for ids in found.values() for person in ids}
    looks.at_walk_ins(program.id, found, people, access.current_actor())
    waiting = checks.told(meetup, found)
    return render_template(
        "meetups/walk_in_checks.html",
        program=program,
        meetup=meetup,
        waiting=waiting,
        total=checks.number_waiting(meetup),
        decided=[] if one else checks.decided(meetup.id, DECIDED),
        form=form,
        one=one,
        check=checks.of_registration(waiting[0].registration.id) if one else None,
        asked=asked,
        start=start,
        step=PAGE,
        more=more,
        longest_reason=LONGEST_REASON,
    )


def _named(meetup: Meetup, reference: str) -> Registration:
    return checks.find(meetup.id, reference) or abort(404)


def _list(program: Program, slug: str) -> str:
    return url_for(".walk_in_checks", program=program.slug, slug=slug)
