"""What a meetup's pages say and ask: read once a version, since a version never changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import current_app, request

from app.answer_forms import prefix, typed
from app.blueprints.rsvp.routes import public_meetup
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Answer, Answering, read
from app.domain.registering.notices import AGE, Notice
from app.domain.registering.questions import NO_QUESTIONS, QuestionSet
from app.domain.registering.said import Said
from app.models import Meetup
from app.recent import Recent
from app.services.organizing import notices
from app.services.registering import question_sets

MOST, SECONDS = 200, 3600.0
BOX = "box-"
T = TypeVar("T")


def notice_of(meetup: Meetup) -> Notice:
    """The notice as this process read it for the meetup's version; no query where there is none."""
    number = meetup.notice_version
    if not number:
        return notices.NONE
    return _kept("rsvp.notices", (meetup.id, number), lambda: notices.version(meetup.id, number))


def questions_of(meetup: Meetup) -> QuestionSet:
    """The questions, likewise."""
    number = meetup.questions_version
    if not number:
        return NO_QUESTIONS
    return _kept("rsvp.questions", (meetup.id, number), lambda: question_sets.version(meetup.id, number))


def shown_in_the_request(meetup: Meetup) -> Meetup:
    """The meetup as this process saw it, or as it is where the page showed other texts than those."""
    same = _shown("notice") == meetup.notice_version and _shown("questions") == meetup.questions_version
    return meetup if same else public_meetup(meetup.slug)


def ticked(notice: Notice) -> dict[str, bool]:
    """Every box of the notice, as the request has it."""
    return {key: BOX + key in request.form for key in notice.boxes}


def said(meetup: Meetup, cohort: Callable[[], int | None]) -> Said:
    """What the request says to the texts that its page showed; refuses other ones' (`texts_changed`), and
    what is missing or cannot be read (`Unusable`, by the box's or the question's id).

    `cohort`: asked only where it decides about questions.
    """
    notice, problems = notice_of(meetup), dict[str, DomainError]()
    boxes = ticked(notice)
    Said(notice=_shown("notice"), questions=_shown("questions")).require_current(
        notice=meetup.notice_version, questions=meetup.questions_version
    )
    if not boxes.get(AGE, True):
        problems[BOX + AGE] = DomainError("age_not_declared")
    answers: dict[str, Answer] = {}
    try:
        answers = _answers(meetup, boxes, cohort)
    except Unusable as refusal:
        problems |= {prefix(0) + key: problem for key, problem in refusal.problems.items()}
    if problems:
        raise Unusable(problems)
    return Said(
        notice=meetup.notice_version, boxes=boxes, questions=meetup.questions_version, answers=answers
    )


def _answers(meetup: Meetup, boxes: dict[str, bool], cohort: Callable[[], int | None]) -> dict[str, Answer]:
    questions = questions_of(meetup)
    if not questions.asked:
        return {}
    given = {key for key, value in boxes.items() if value}
    decides = any(question.cohorts for question in questions.asked)
    who = Answering(cohort=cohort() if decides else None, consents=given)
    return read(questions, typed(questions), who)


def _shown(what: str) -> int:
    """The version of the notice, or of the questions, on the page that sent this request."""
    return request.form.get(what, 0, type=int)


def _kept(name: str, key: tuple[int, int], make: Callable[[], T]) -> T:
    kept: Recent[T] | None = current_app.extensions.get(name)
    if kept is None:
        kept = current_app.extensions[name] = Recent(MOST, SECONDS)
    return kept.get(key, make)
