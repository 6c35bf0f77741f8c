"""Columns with what people answered: a question a column, or an answer a column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from flask_babel import gettext as _

from app import answer_words
from app.domain.registering.questions import Question, QuestionKind, QuestionSet
from app.domain.revising.cells import folded
from app.i18n import current_locale
from app.models import Meetup
from app.services.organizing.exports import ByRegistration, Column, Value
from app.services.registering import answer_sheets, question_sets

PREFIX = "answer:"


def offered(meetup: Meetup, taken: Collection[str] = ()) -> list[Column]:
    """A column for every question, the retired ones too, in which each answer stands in its own words.

    `taken`: the headings of other columns, folded. A question that is called like one of them is headed apart, as
    a file that comes back is read by its headings.
    """
    told, questions = _Told(meetup.id), question_sets.current(meetup).questions
    return [
        Column(
            PREFIX + question.key,
            _heading(question, taken),
            told.reader(question.key),
            told,
            is_text=question.kind is not QuestionKind.NUMBER,
        )
        for question in questions
    ]


def apart(meetup: Meetup, columns: Sequence[Column]) -> list[Column]:
    """The same columns, with one for each answer in the place of a question that takes several."""
    told, questions = _Told(meetup.id), question_sets.current(meetup)
    found: list[Column] = []
    for column in columns:
        key = column.key.removeprefix(PREFIX) if column.key.startswith(PREFIX) else ""
        question = questions.question(key)
        if question is None or question.kind is not QuestionKind.CHOICES:
            found.append(column)
            continue
        found += [
            Column(
                f"{column.key}:{option.key}",
                f"{column.heading}: {option.label.read(current_locale())}",
                told.chosen(key, option.key),
                told,
            )
            for option in question.options
        ]
    return found


def _heading(question: Question, taken: Collection[str]) -> str:
    label = question.label.read(current_locale())
    if folded(label) in taken:
        label = _("%(question)s (answer)", question=label)
    return _("%(question)s (no longer asked)", question=label) if question.retired else label


class _Told:
    """What the people of a chunk answered; each in the words of its version."""

    def __init__(self, meetup_id: int) -> None:
        self._meetup_id = meetup_id
        self._sheets = ByRegistration(answer_sheets.newest_of)
        self._versions: dict[int, QuestionSet] = {}

    def prepare(self, rows: Sequence[Any], /) -> None:
        self._sheets.prepare(rows)
        sheets = (self._sheets.of(row) for row in rows)
        fresh = {sheet.questions_version for sheet in sheets if sheet} - self._versions.keys()
        if fresh:
            self._versions |= question_sets.versions(self._meetup_id, fresh)

    def reader(self, key: str) -> Callable[[Any], Value]:
        def read(row: Any) -> Value:
            sheet = self._sheets.of(row)
            answer = sheet.answers.get(key) if sheet else None
            if sheet is None or answer is None:
                return None
            question = self._versions[sheet.questions_version].question(key)
            if question is None:
                return str(answer)
            number = question.kind is QuestionKind.NUMBER
            return answer if number else answer_words.in_words(question, answer)

        return read

    def chosen(self, key: str, option: str) -> Callable[[Any], Value]:
        def read(row: Any) -> Value:
            sheet = self._sheets.of(row)
            return 1 if sheet and option in sheet.answers.get(key, ()) else None

        return read
