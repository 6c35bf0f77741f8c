"""Badges as PDFs: all, those that are new, those of some, one. Each print is noted, and its files can be opened again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, people_choice
from app.blueprints.badges import content, routes
from app.blueprints.badges.forms import PrintForm, StartForm
from app.blueprints.badges.routes import bp
from app.domain.errors import DomainError
from app.domain.printing.designs import Design
from app.domain.registering.registrations import Status
from app.files import download_name
from app.i18n import current_locale
from app.models import BadgePrint, Meetup, Program, Role
from app.numbers import query_number
from app.printing.pdf import Pdf
from app.printing.sheets import print_labels
from app.refusals import explain
from app.searches import searched
from app.services.organizing import attendee, looks, people_pages
from app.services.organizing.filters import Filter
from app.services.printing import badge_people, badge_prints
from app.services.printing.badge_people import Piece
from app.services.printing.badge_prints import SEATED, Chosen

FOUND = 20


@bp.post("/prints")
@access.member(Role.ORGANIZER)
def print_badges(program: Program, slug: str) -> ResponseReturnValue:
    """Note a print and lead to its file, or to its files where there are several."""
    meetup = access.meetup_of(program, slug)
    form = routes.print_form(meetup)
    if not form.validate():
        return routes.page(program, meetup, printing=form), 422
    try:
        chosen, why = _chosen(meetup, form), form.reason.data.strip()
        made = badge_prints.begin(meetup.id, chosen, access.current_actor(), form.first(), why)
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return routes.page(program, meetup, printing=form), 422
    return to_file(program, slug, made)


@bp.get("/prints/<int:print_id>.pdf")
@access.member(Role.ORGANIZER)
def badges_pdf(program: Program, slug: str, print_id: int) -> ResponseReturnValue:
    """The badges of a print that was noted, by its design and with what is known of its people now.

    A file whose people have no place any more leads back and says so.
    """
    meetup = access.meetup_of(program, slug)
    made = badge_prints.find(meetup.id, print_id) or abort(404)
    part = query_number("part", 1)
    if not 1 <= part <= len(routes.parts_of(made)):
        abort(404)
    pieces = _pieces(made, part)
    if not pieces:
        flash(_("Nobody whose badge was in this file has a place any more."), "info")
        return redirect(url_for(".badges", program=program.slug, slug=slug, _anchor="prints"))
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    day, words = meetup.local(made.at), _("name badges")
    name = f"{day:%Y-%m-%d} {meetup.title(current_locale())} {words} {made.id}-{part}"
    file = io.BytesIO(_pdf(meetup, made, pieces, made.start if part == 1 else 0, name))
    answer = send_file(file, "application/pdf", download_name=download_name(name, "pdf"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/one")
@access.member(Role.ORGANIZER)
def finder(program: Program, slug: str) -> ResponseReturnValue:
    """One badge: for whom a search finds, or who came last."""
    meetup, search = access.meetup_of(program, slug), searched()
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    wanted = Filter(SEATED.statuses, search=search, given_only=not access.runs_program())
    newest = badge_people.newest(meetup.id, FOUND)
    found = people_pages.page(meetup.id, wanted, size=FOUND + 1).rows if search else newest
    return render_template(
        "badges/finder.html",
        program=program,
        meetup=meetup,
        rows=found[:FOUND],
        more=len(found) > FOUND,
        search=search,
        start=query_number("start", 0, most=badge_prints.MOST_START),
        printed=badge_prints.printed_of(meetup.id, [row.id for row in found]),
    )


@bp.post("/one/<reference>")
@access.member(Role.ORGANIZER)
def print_badge(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """One person's badge and those of their companions: at the door nobody is asked why."""
    meetup, form = access.meetup_of(program, slug), StartForm()
    registration = attendee.find(meetup.id, reference) or abort(404)
    try:
        chosen = Chosen(registration=registration.id)
        made = badge_prints.begin(meetup.id, chosen, access.current_actor(), form.first())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return redirect(url_for(".finder", program=program.slug, slug=slug), 303)
    return to_file(program, slug, made)


def to_file(program: Program, slug: str, made: BadgePrint) -> ResponseReturnValue:
    at: dict[str, Any] = {"program": program.slug, "slug": slug}
    if len(routes.parts_of(made)) > 1:
        return redirect(url_for(".badges", **at, _anchor="prints"), 303)
    return redirect(url_for(".badges_pdf", print_id=made.id, **at), 303)


def _chosen(meetup: Meetup, form: PrintForm) -> Chosen:
    wanted, only_new = people_choice.of(meetup).printed, form.which.data == "new"
    if wanted is not None:
        return Chosen(wanted, only_new=only_new)
    if form.which.data == "extras":
        return Chosen(wanted=None, extras=True)
    if form.which.data != "some":
        return Chosen(SEATED, only_new=only_new, extras=True)
    statuses = frozenset(Status(status) for status in form.statuses.data or ())
    return Chosen(Filter(statuses or SEATED.statuses, frozenset(form.cohorts.data or ())))


def _pieces(made: BadgePrint, part: int) -> list[Piece]:
    _number, first, last = routes.parts_of(made)[part - 1]
    return badge_prints.printed_pieces(made, first - 1, last - first + 1)


def _pdf(meetup: Meetup, made: BadgePrint, pieces: Sequence[Piece], start: int, title: str) -> bytes:
    design = Design.of(made.design)
    pdf = Pdf(title=title, locale=design.locale)
    print_labels(pdf, design.layout, content.designs(meetup, design, pieces), len(pieces), start)
    return pdf.finished()
