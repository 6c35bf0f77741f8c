"""A meetup's badges at the desk: how they look, shown as they are changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, people_choice
from app.blueprints.badges import content, words
from app.blueprints.badges.forms import DesignForm, ExtraForm, PrintForm, shown
from app.domain.errors import DomainError
from app.domain.printing.designs import Design, require_sound
from app.i18n import current_locale
from app.models import BadgePrint, Cohort, Meetup, Program, Role
from app.numbers import query_number
from app.printing.sheets import show_sheet
from app.refusals import explain
from app.services.organizing import attendee, attendees, looks
from app.services.printing import badge_designs, badge_people, badge_prints, extra_badges

bp = Blueprint("badges", __name__, url_prefix="/desk/<program>/meetups/<slug>/badges")
SHOWN_PRINTS = 20
LONGEST_FIRST = 4
MOST_SHOWN = 12
PREVIEW_WIDTH = 720  # pixels, about
PART = 1_000
"""Badges in one file: what a browser opens at once, and what the server holds in memory."""


@bp.get("")
@access.member(Role.ORGANIZER)
def badges(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return page(program, meetup)


@bp.post("/design")
@access.member(Role.ORGANIZER)
def save_design(program: Program, slug: str) -> ResponseReturnValue:
    """Keep the design, or only show it (`act` is "show"): what the preview does without a script."""
    meetup = access.meetup_of(program, slug)
    form = DesignForm(badge_people.tags_of(meetup.id))
    if not form.validate():
        return page(program, meetup, form), 422
    try:
        design = form.design(request.form, cohorts_of(meetup))
        require_sound(design)
        if request.form.get("act") == "show":
            return page(program, meetup, form, design)
        badge_designs.save(meetup.id, design, access.current_actor())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return page(program, meetup, form), 422
    flash(_("Saved."))
    return redirect(url_for(".badges", program=program.slug, slug=slug), 303)


@bp.get("/preview.png")
@access.member(Role.ORGANIZER)
def preview(program: Program, slug: str) -> ResponseReturnValue:
    """The first sheet by the design in the address, or by the one that is kept; 422 for what can't be printed."""
    meetup = access.meetup_of(program, slug)
    try:
        design = _asked(meetup)
        require_sound(design)
    except DomainError as refusal:
        return explain(refusal), 422, {"Content-Type": "text/plain; charset=utf-8"}
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    layout = design.layout
    most = min(layout.a_page, MOST_SHOWN)
    pieces = badge_people.to_show(meetup.id, most, LONGEST_FIRST)
    extras = [(row.id, badge_people.EXTRA) for row in extra_badges.of_meetup(meetup.id)]
    pieces += extras[: most - len(pieces)]
    drawn = list(content.designs(meetup, design, pieces)) if pieces else content.invented(meetup, design)
    dots = max(2, round(PREVIEW_WIDTH / layout.page[0]))
    return Response(show_sheet(layout, drawn, dots=dots).png(), mimetype="image/png")


def page(
    program: Program,
    meetup: Meetup,
    form: DesignForm | None = None,
    design: Design | None = None,
    printing: PrintForm | None = None,
    extra: ExtraForm | None = None,
) -> str:
    """The page, with a form as it was sent where one was refused; `design`: one that is shown and not kept."""
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    kept = badge_designs.of_meetup(meetup.id)
    cohorts = cohorts_of(meetup)
    form = form or DesignForm(badge_people.tags_of(meetup.id), formdata=None, data=shown(kept))
    choice = people_choice.of(meetup)
    total, new = badge_prints.numbers(meetup.id, kept, choice.printed)
    before = query_number("before", 0) or None
    prints = badge_prints.latest(meetup.id, SHOWN_PRINTS + 1, before)
    return render_template(
        "badges/badges.html",
        program=program,
        meetup=meetup,
        form=form,
        kept=kept,
        is_shown_only=design is not None and design != kept,
        preview=_preview(program, meetup, design),
        cohorts=cohorts,
        colours=words.COLOURS,
        chosen_colours=_colours(kept, cohorts),
        printing=printing or print_form(meetup),
        choice=choice,
        total=total,
        new=new,
        part=PART,
        prints=prints[:SHOWN_PRINTS],
        before=before,
        older=prints[SHOWN_PRINTS - 1].id if len(prints) > SHOWN_PRINTS else None,
        parts_of=parts_of,
        to_write=content.to_be_written(meetup),
        extras=extra_badges.of_meetup(meetup.id),
        removed_extras=extra_badges.removed(meetup.id),
        printed_extras=badge_prints.printed_extras(meetup.id),
        extra_kinds=words.EXTRAS,
        extra=extra or ExtraForm(formdata=None),
        names=attendee.names_of(each.actor for each in prints),
    )


def print_form(meetup: Meetup, **more: Any) -> PrintForm:
    form = PrintForm(**more)
    form.statuses.choices = [(status.value, name) for status, name in words.STATUSES.items()]
    form.cohorts.choices = [
        (each.ordinal, words.cohort_of(each, current_locale())) for each in cohorts_of(meetup)
    ]
    return form


def cohorts_of(meetup: Meetup) -> list[Cohort]:
    """Those that may come, and those that did all the same."""
    found = {each.id: each for each in (*meetup.cohorts, *attendees.cohorts_of(meetup.id))}
    return sorted(found.values(), key=lambda cohort: cohort.ordinal)


def parts_of(made: BadgePrint) -> list[tuple[int, int, int]]:
    """The files of a print: each one's number, and which badges it has; every one but the last ends with a full sheet."""
    a_file = file_of(Design.of(made.design))
    ends = [*range(a_file - made.start, made.badges, a_file), made.badges]
    return [
        (number, first + 1, last)
        for number, (first, last) in enumerate(zip([0, *ends[:-1]], ends, strict=True), start=1)
    ]


def file_of(design: Design) -> int:
    """Labels in one file: whole sheets."""
    return max(1, PART // design.layout.a_page) * design.layout.a_page


def _asked(meetup: Meetup) -> Design:
    if "paper" not in request.args:
        return badge_designs.of_meetup(meetup.id)
    form = DesignForm(badge_people.tags_of(meetup.id), formdata=request.args, meta={"csrf": False})
    if not form.validate():
        raise DomainError("badge_design_unknown")
    return form.design(request.args, cohorts_of(meetup))


def _preview(program: Program, meetup: Meetup, design: Design | None) -> str:
    """The picture's address, of the kept design or of this one."""
    query: dict[str, Any] = {"at": meetup.version}
    if design:
        query = {name: value for name, value in shown(design).items() if value not in (False, [])}
        query |= {f"colour-{cohort}": key for cohort, key in design.colours.items()}
    return url_for(".preview", program=program.slug, slug=meetup.slug, **query)


def _colours(kept: Design, cohorts: Sequence[Cohort]) -> dict[int, str]:
    """By cohort: what was sent just now, what is kept, or the usual."""
    sent = request.form
    return {each.id: sent.get(f"colour-{each.id}") or kept.key_of(each.id, each.ordinal) for each in cohorts}
