"""Columns with what people answered: a question a column, or an answer a column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from app import answer_words
from app.domain.registering.questions import Question, QuestionKind, QuestionSet
from app.domain.revising.cells import folded
from app.i18n import current_locale
from app.models import Meetup
from app.services.organizing.exports import ByRegistration, Column
from app.services.registering import answer_sheets, question_sets
from app.workbooks import Value

PREFIX = "answer:"
OF_COMPANIONS = "companion_answer:"


def offered(meetup: Meetup, taken: Collection[str] = ()) -> list[Column]:
    """A column for every question, the retired ones too, in which each answer stands in its own words.

    `taken`: the headings of other columns, folded. A question that is called like one of them is headed apart, as
    a file that comes back is read by its headings.
    """
    told, with_them = _Told(meetup.id), _ToldByCompanions(meetup.id)
    found: list[Column] = []
    for question in question_sets.current(meetup).questions:
        key, heading = question.key, _heading(question, taken)
        is_text = question.kind is not QuestionKind.NUMBER
        found.append(Column(PREFIX + key, heading, told.reader(key), (told,), is_text=is_text))
        if question.of_companions:
            label, read = _("%(question)s (companions)", question=heading), with_them.reader(key)
            code = with_them.by_number(key)
            found.append(Column(OF_COMPANIONS + key, label, read, (with_them,), code, is_text=True))
    return found


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
                (told,),
            )
            for option in question.options
        ]
    return found


def _heading(question: Question, taken: Collection[str]) -> str:
    label = question.label.read(current_locale())
    if folded(label) in taken:
        label = _("%(question)s (answer)", question=label)
    return _("%(question)s (no longer asked)", question=label) if question.retired else label


class _Versions:
    """The questions of a meetup in the versions that answers refer to."""

    def __init__(self, meetup_id: int) -> None:
        self._meetup_id = meetup_id
        self._versions: dict[int, QuestionSet] = {}

    def prepare(self, sheets: Iterable[Any]) -> None:
        fresh = {sheet.questions_version for sheet in sheets} - self._versions.keys()
        if fresh:
            self._versions |= question_sets.versions(self._meetup_id, fresh)

    def told(self, sheet: Any, key: str) -> str | int | None:
        """The answer in the words of its version."""
        answer = sheet.answers.get(key)
        if answer is None:
            return None
        question = self._versions[sheet.questions_version].question(key)
        if question is None:
            return str(answer)
        return answer if question.kind is QuestionKind.NUMBER else answer_words.in_words(question, answer)


class _ToldByCompanions:
    """What those who come with the people of a chunk answered."""

    def __init__(self, meetup_id: int) -> None:
        self._sheets = ByRegistration(answer_sheets.newest_of_companions)
        self._versions = _Versions(meetup_id)

    def prepare(self, rows: Sequence[Any], /) -> None:
        self._sheets.prepare(rows)
        parties = (self._sheets.of(row) or {} for row in rows)
        self._versions.prepare(sheet for party in parties for sheet in party.values())

    def by_number(self, key: str) -> Callable[[Any], dict[int, str | int] | None]:
        """By the companion's number, for JSON; of those who answered."""

        def read(row: Any) -> dict[int, str | int] | None:
            party = sorted((self._sheets.of(row) or {}).items())
            told = {number: self._versions.told(sheet, key) for number, sheet in party}
            return {number: answer for number, answer in told.items() if answer is not None} or None

        return read

    def reader(self, key: str) -> Callable[[Any], Value]:
        """In one cell: "1: …" and "2: …", by the companion's number."""
        answers = self.by_number(key)
        return lambda row: " / ".join(f"{n}: {told}" for n, told in (answers(row) or {}).items()) or None


class _Told:
    """What the people of a chunk answered; each in the words of its version."""

    def __init__(self, meetup_id: int) -> None:
        self._sheets = ByRegistration(answer_sheets.newest_of)
        self._versions = _Versions(meetup_id)

    def prepare(self, rows: Sequence[Any], /) -> None:
        self._sheets.prepare(rows)
        sheets = (self._sheets.of(row) for row in rows)
        self._versions.prepare(sheet for sheet in sheets if sheet)

    def reader(self, key: str) -> Callable[[Any], Value]:
        def read(row: Any) -> Value:
            sheet = self._sheets.of(row)
            return self._versions.told(sheet, key) if sheet else None

        return read

    def chosen(self, key: str, option: str) -> Callable[[Any], Value]:
        def read(row: Any) -> Value:
            sheet = self._sheets.of(row)
            return 1 if sheet and option in sheet.answers.get(key, ()) else None

        return read
