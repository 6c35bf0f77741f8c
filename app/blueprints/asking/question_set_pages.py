"""Questions that were asked before: copied from another meetup or from a set that the programme keeps."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app import access
from app.blueprints.asking.blueprint import bp, text
from app.blueprints.asking.question_pages import based_on
from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.questions import QuestionSet
from app.domain.writing.kept_texts import one_line
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.registering import question_sets

OF_MEETUP, OF_SET = "meetup:", "set:"


@bp.get("/questions/sets")
@access.program_member(Role.ORGANIZER)
def question_sources(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post("/questions/sets/copies")
@access.program_member(Role.ORGANIZER)
def copy_questions(program: Program, slug: str) -> ResponseReturnValue:
    """Add the questions of a set or of another meetup after those that are there."""
    meetup = access.meetup_of(program, slug)
    more = _source(program, text(request.form, "source"))
    if more is None or not more.asked:
        return _page(program, meetup, _("Choose a set or a meetup to copy from.")), 422
    try:
        question_sets.extend(meetup.id, more, access.current_actor(), based_on=based_on())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), explain(refusal)), 422
    number = len(more.asked)
    flash(ngettext("%(num)d question was added.", "%(num)d questions were added.", number))
    return redirect(url_for(".questions", program=program.slug, slug=slug), 303)


@bp.post("/questions/sets")
@access.program_member(Role.ORGANIZER)
def keep_questions(program: Program, slug: str) -> ResponseReturnValue:
    """Keep this meetup's questions as a set of the programme."""
    meetup, name = access.meetup_of(program, slug), one_line(request.form.get("name"))
    try:
        question_sets.keep(program.id, name, question_sets.current(meetup), access.current_actor())
    except DomainError as refusal:
        return _page(program, meetup, keeping=explain(refusal)), 422
    flash(_("Kept. Every meetup of the programme can use this set."))
    return redirect(url_for(".question_sources", program=program.slug, slug=slug), 303)


@bp.post("/questions/sets/removals")
@access.program_member(Role.ORGANIZER)
def discard_questions(program: Program, slug: str) -> ResponseReturnValue:
    access.meetup_of(program, slug)
    question_sets.discard(program.id, text(request.form, "name"), access.current_actor())
    flash(_("The set is gone. Meetups that use its questions keep them."))
    return redirect(url_for(".question_sources", program=program.slug, slug=slug), 303)


def _page(program: Program, meetup: Meetup, problem: str = "", keeping: str = "") -> str:
    return render_template(
        "asking/question_sets.html",
        program=program,
        meetup=meetup,
        sets=question_sets.kept(program.id),
        others=_others(program, meetup),
        asked=question_sets.current(meetup).asked,
        problem=problem,
        keeping=keeping,
        of_meetup=OF_MEETUP,
        of_set=OF_SET,
    )


def _others(program: Program, meetup: Meetup) -> list[Meetup]:
    query = select(Meetup).where(
        Meetup.program_id == program.id, Meetup.id != meetup.id, Meetup.questions_version > 0
    )
    return list(db.session.scalars(query.order_by(Meetup.starts_at.desc())))


def _source(program: Program, chosen: str) -> QuestionSet | None:
    if chosen.startswith(OF_SET):
        return question_sets.kept(program.id).get(chosen.removeprefix(OF_SET))
    if chosen.startswith(OF_MEETUP):
        return question_sets.current(access.meetup_of(program, chosen.removeprefix(OF_MEETUP)))
    return None
