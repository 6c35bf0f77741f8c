"""Answers in the reader's language, with the words in which they were asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from app.domain.registering.answers import Answer
from app.domain.registering.questions import CHOOSING, Question, QuestionSet
from app.i18n import current_locale
from app.models import AnswerSheet, Meetup, Registration
from app.services.registering import answer_sheets, question_sets


@dataclass(frozen=True, slots=True)
class Told:
    """One question and its answer in words."""

    question: Question
    label: str
    answer: str


def in_words(question: Question, answer: Answer) -> str:
    """The answer as its person would say it."""
    if isinstance(answer, bool):
        return str(_("yes") if answer else _("no"))
    if question.kind in CHOOSING:
        keys = answer if isinstance(answer, list) else [str(answer)]
        found = (question.option(key) for key in keys)
        return ", ".join(option.label.read(current_locale()) for option in found if option)
    return str(answer)


def of_sheet(sheet: AnswerSheet | Row[int, int, dict[str, Any]], questions: QuestionSet) -> list[Told]:
    """A sheet, in the order and the words of the version that it answers."""
    return [
        Told(question, question.label.read(current_locale()), in_words(question, sheet.answers[question.key]))
        for question in questions.questions
        if question.key in sheet.answers
    ]


def to_choose_by(meetup: Meetup, registration_ids: Collection[int]) -> dict[int, list[Told]]:
    """Each person's own answers but those that only a consent allows to be kept; two queries for all of them."""
    if not meetup.questions_version:
        return {}
    sheets = answer_sheets.newest_of(registration_ids)
    asked = question_sets.versions(meetup.id, {sheet.questions_version for sheet in sheets.values()})
    told = {number: of_sheet(sheet, asked[sheet.questions_version]) for number, sheet in sheets.items()}
    return {number: [line for line in lines if not line.question.consent] for number, lines in told.items()}


def of_party(registration: Registration) -> dict[int, list[Told]]:
    """What counts, by companion; 0 is the person. No query where the meetup never asked anything."""
    if not registration.meetup.questions_version:
        return {}
    sheets = answer_sheets.newest(registration.id)
    asked = question_sets.versions(
        registration.meetup_id, {sheet.questions_version for sheet in sheets.values()}
    )
    told = {who: of_sheet(sheet, asked[sheet.questions_version]) for who, sheet in sorted(sheets.items())}
    return {who: lines for who, lines in told.items() if lines}
