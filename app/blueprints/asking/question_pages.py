"""A meetup's questions at the desk: listed, previewed, added, edited, moved, retired. Needs no script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import access
from app.blueprints.asking.blueprint import bp, text
from app.blueprints.asking.question_typing import kind_of, lines_of, question_of
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.notices import ConsentKind
from app.domain.registering.questions import Question, QuestionKind, QuestionSet, answers_of
from app.domain.writing.local_times import instant, zone_of
from app.domain.writing.words import NO_WORDS
from app.models import Meetup, Program, Role
from app.numbers import number
from app.refusals import explain
from app.services.organizing import notices
from app.services.registering import answer_sheets, answers, question_sets

KINDS = {
    QuestionKind.TEXT: _l("A line of text"),
    QuestionKind.LONG_TEXT: _l("A longer text"),
    QuestionKind.CHOICE: _l("One of several answers"),
    QuestionKind.CHOICES: _l("Any of several answers"),
    QuestionKind.NUMBER: _l("A number"),
    QuestionKind.DATE: _l("A date"),
    QuestionKind.PHONE: _l("A phone number"),
    QuestionKind.CONSENT: _l("A box to tick"),
}
ONE = "/questions/<key>"


@bp.get("/questions")
@access.member(Role.ORGANIZER)
def questions(program: Program, slug: str) -> ResponseReturnValue:
    return list_page(program, access.meetup_of(program, slug))


@bp.get("/questions/new")
@access.member(Role.ORGANIZER)
def new_question(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    kind = kind_of(request.args.get("kind", ""))
    blank = Question(key=question_sets.current(meetup).free_key(), kind=kind, label=NO_WORDS)
    return _form_page(program, meetup, blank)


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def edit_question(program: Program, slug: str, key: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _form_page(program, meetup, question_sets.current(meetup).question(key) or abort(404))


@bp.post("/questions/new")
@access.member(Role.ORGANIZER)
def add_question(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _save(program, meetup, question_sets.current(meetup).free_key())


@bp.post(ONE)
@access.member(Role.ORGANIZER)
def save_question(program: Program, slug: str, key: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if question_sets.current(meetup).question(key) is None:
        abort(404)
    return _save(program, meetup, key)


@bp.post(f"{ONE}/position")
@access.member(Role.ORGANIZER)
def move_question(program: Program, slug: str, key: str) -> ResponseReturnValue:
    by = -1 if request.form.get("to") == "up" else 1
    return _pressed(program, slug, key, lambda meetup, **more: question_sets.move(meetup, key, by, **more))


@bp.post(f"{ONE}/retirement")
@access.member(Role.ORGANIZER)
def retire_question(program: Program, slug: str, key: str) -> ResponseReturnValue:
    act = question_sets.ask_again if request.form.get("retired") == "no" else question_sets.retire
    return _pressed(program, slug, key, lambda meetup, **more: act(meetup, key, **more))


@bp.post("/questions/deadline")
@access.member(Role.ORGANIZER)
def set_answers_deadline(program: Program, slug: str) -> ResponseReturnValue:
    """Until when people may change their answers; empty: until registration closes."""
    meetup, typed = access.meetup_of(program, slug), text(request.form, "until")
    try:
        until = instant(_local(typed), zone_of(meetup.zone)) if typed else None
    except DomainError as refusal:
        return list_page(program, meetup, typed, explain(refusal)), 422
    question_sets.set_deadline(meetup.id, until, access.current_actor())
    flash(_("Saved."))
    return redirect(url_for(".questions", program=program.slug, slug=slug, _anchor="deadline"), 303)


def based_on() -> int:
    """The version that the page showed."""
    return number(text(request.form, "based_on")) or 0


def list_page(program: Program, meetup: Meetup, typed: str | None = None, problem: str = "") -> str:
    asked = question_sets.current(meetup)
    notice = notices.current(meetup)
    at = meetup.local(meetup.answers_until) if meetup.answers_until else None
    return render_template(
        "asking/questions.html",
        program=program,
        meetup=meetup,
        questions=asked,
        kinds=KINDS,
        consents={consent.key: consent for consent in notice.consents},
        answered=answer_sheets.any_of_meetup(db.session(), meetup.id),
        until=typed if typed is not None else (f"{at:%Y-%m-%dT%H:%M}" if at else ""),
        open_until=answers.open_until(meetup),
        until_problem=problem,
    )


def _save(program: Program, meetup: Meetup, key: str) -> ResponseReturnValue:
    before = question_sets.current(meetup)
    keep = answer_sheets.any_of_meetup(db.session(), meetup.id)
    question = question_of(request.form, before, key, keep=keep)
    try:
        question_sets.save(meetup.id, question, access.current_actor(), based_on=based_on())
    except Unusable as refusal:
        return _form_page(program, meetup, question, refusal.problems), 422
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return _form_page(program, access.meetup_of(program, meetup.slug), question), 422
    flash(_("Saved."))
    return redirect(url_for(".questions", program=program.slug, slug=meetup.slug, _anchor=key), 303)


def _pressed(program: Program, slug: str, key: str, act: Callable[..., None]) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if question_sets.current(meetup).question(key) is None:
        abort(404)
    try:
        act(meetup.id, actor=access.current_actor(), based_on=based_on())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return redirect(url_for(".questions", program=program.slug, slug=slug, _anchor=key), 303)


def _form_page(
    program: Program,
    meetup: Meetup,
    question: Question,
    problems: Mapping[str, DomainError] | None = None,
) -> str:
    asked = question_sets.current(meetup)
    sensitive = [c for c in notices.current(meetup).consents if c.kind is ConsentKind.SENSITIVE]
    return render_template(
        "asking/question.html",
        program=program,
        meetup=meetup,
        question=question,
        is_new=asked.question(question.key) is None,
        lines=lines_of(question),
        kinds=KINDS,
        deciding=_deciding(asked, question),
        sensitive=sensitive,
        problems={where: explain(problem) for where, problem in (problems or {}).items()},
    )


def _deciding(asked: QuestionSet, question: Question) -> list[tuple[Question, tuple[str, ...]]]:
    """The earlier questions on whose answers this one may depend, with those answers."""
    earlier = asked.before(question.key)
    return [(other, answers_of(other)) for other in earlier if answers_of(other)]


def _local(typed: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(typed).replace(tzinfo=None)
    except ValueError as error:
        raise DomainError("time_missing") from error
