"""A short survey after a meetup: what it may ask, how an answer is read, and how answers are kept apart from names.

Answers are never kept as sheets. What was chosen is counted by question, and what was written lies in a shuffled heap by
question: not even two answers of one person can be put together again.

What is shown grows by whole groups (`Held`): who looks before and after one answer sees the same.
"""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.kept_texts import several_lines
from app.domain.writing.resident_numbers import holds_resident_number
from app.domain.writing.words import Words

MOST_QUESTIONS, MOST_OPTIONS = 8, 8
LONGEST_LABEL, LONGEST_TEXT = 200, 500
FEWEST = 5
"""A group: with fewer answers nothing is shown, nor ever so few more: one could tell who said what."""
WRITTEN = "written"
"""Counts how many wrote something to a question that asks for a text."""
RATINGS = ("1", "2", "3", "4", "5")
USUAL_DAYS = 14
LONGEST_OPEN = dt.timedelta(days=366)


class SurveyKind(enum.StrEnum):
    RATING = "rating"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class SurveyQuestion:
    key: str
    kind: SurveyKind
    label: Words
    options: tuple[Words, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen, by key: a rating, or the number of an option."""
        if self.kind is SurveyKind.RATING:
            return RATINGS
        return tuple(str(n) for n in range(1, len(self.options) + 1))

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> SurveyQuestion:
        options = tuple(map(Words.of, stored.get("options", ())))
        return cls(stored["key"], SurveyKind(stored["kind"]), Words.of(stored["label"]), options)

    @property
    def digest(self) -> str:
        """The same as long as nothing about the question is changed but its place."""
        said = {**self.stored(), "key": ""}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def stored(self) -> dict[str, Any]:
        options = [{"ko": each.ko, "en": each.en} for each in self.options]
        label = {"ko": self.label.ko, "en": self.label.en}
        return {"key": self.key, "kind": self.kind.value, "label": label, "options": options}


def checked(questions: Sequence[SurveyQuestion]) -> tuple[SurveyQuestion, ...]:
    """The questions of a survey, numbered in their order; raises `Unusable` by the number of the row, from 0."""
    problems: dict[str, DomainError] = {}
    for number, each in enumerate(questions):
        if not each.label:
            problems[f"label_ko-{number}"] = DomainError("survey_question_unnamed")
        elif any(
            holds_resident_number(text)
            for words in (each.label, *each.options)
            for text in (words.ko, words.en)
        ):
            problems[f"label_ko-{number}"] = DomainError("resident_number_typed")
        if each.kind is SurveyKind.CHOICE and not 2 <= len(each.options) <= MOST_OPTIONS:
            problems[f"options-{number}"] = DomainError("survey_options", most=MOST_OPTIONS)
    if not questions:
        problems["label_ko-0"] = DomainError("survey_asks_nothing")
    if problems:
        raise Unusable(problems)
    return tuple(
        SurveyQuestion(
            f"q{number}", each.kind, each.label, each.options if each.kind is SurveyKind.CHOICE else ()
        )
        for number, each in enumerate(questions[:MOST_QUESTIONS], start=1)
    )


def read(questions: Iterable[SurveyQuestion], typed: Mapping[str, str]) -> dict[str, str]:
    """One person's answers by question; whatever they left out is left out. Raises `Unusable` by question."""
    found: dict[str, str] = {}
    problems: dict[str, DomainError] = {}
    for question in questions:
        said = several_lines(typed.get(question.key))
        if not said:
            continue
        if question.kind is not SurveyKind.TEXT:
            if said in question.choices:
                found[question.key] = said
        elif len(said) > LONGEST_TEXT:
            problems[question.key] = DomainError("survey_text_too_long", most=LONGEST_TEXT, length=len(said))
        elif holds_resident_number(said):
            problems[question.key] = DomainError("resident_number_typed")
        else:
            found[question.key] = said
    if problems:
        raise Unusable(problems)
    if not found:
        raise DomainError("survey_empty")
    return found


@dataclass(frozen=True)
class Tally:
    """What some people answered, together. `texts` are in no order."""

    answers: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def add(
        self,
        questions: Iterable[SurveyQuestion],
        said: Mapping[str, str],
        shuffle: Callable[[list[str]], None],
    ) -> Tally:
        """The tally with one person's answers more; everything that was written is shuffled anew."""
        one = Tally(1)
        for question in questions:
            answer = said.get(question.key)
            if answer is None:
                continue
            is_text = question.kind is SurveyKind.TEXT
            one.counts[question.key] = {WRITTEN if is_text else answer: 1}
            if is_text:
                one.texts[question.key] = [answer]
        together = self.plus(one)
        for heap in together.texts.values():
            shuffle(heap)
        return together

    def plus(self, more: Tally) -> Tally:
        counts = {key: dict(each) for key, each in self.counts.items()}
        for key, each in more.counts.items():
            of_question = counts.setdefault(key, {})
            for choice, number in each.items():
                of_question[choice] = of_question.get(choice, 0) + number
        keys = (*self.texts, *(key for key in more.texts if key not in self.texts))
        texts = {key: [*self.texts.get(key, ()), *more.texts.get(key, ())] for key in keys}
        return Tally(self.answers + more.answers, counts, texts)

    def stored(self) -> dict[str, Any]:
        return {"answers": self.answers, "counts": self.counts, "texts": self.texts}


@dataclass(frozen=True)
class Held:
    """Answers that nobody sees yet: a whole group that `waits`, and the `newest`, fewer than a group. So whatever is shown
    next, with the next group or at the end of the survey, is a group at least, and nobody's answer alone."""

    waits: Tally = Tally()
    newest: Tally = Tally()

    @classmethod
    def of(cls, stored: Sequence[Mapping[str, Any]]) -> Held:
        return cls(*(Tally(**each) for each in stored))

    def stored(self) -> list[dict[str, Any]]:
        return [self.waits.stored(), self.newest.stored()]

    def add(self, one: Tally) -> tuple[Tally, Held]:
        """What is shown now, mostly nothing, and what is held; `one` is the newest with an answer more."""
        if one.answers < FEWEST:
            return Tally(), Held(self.waits, one)
        return self.waits, Held(one)

    def settled(self) -> tuple[Tally, Held]:
        """The same when the survey is over: all of it, or nothing where it would be fewer than a group."""
        if not self.waits.answers:
            return Tally(), self
        return self.waits.plus(self.newest), Held()


def average(counts: Mapping[str, int]) -> float | None:
    """Of ratings; None where nobody rated."""
    rated = sum(counts.values())
    return sum(int(rating) * many for rating, many in counts.items()) / rated if rated else None


def ready_made() -> tuple[SurveyQuestion, ...]:
    """To begin with: seven questions, a minute."""
    rating, choice, text = SurveyKind
    return (
        SurveyQuestion(
            "q1", rating, Words("이번 밋업은 전체적으로 어땠나요?", "How was the meetup as a whole?")
        ),
        SurveyQuestion(
            "q2", rating, Words("발표와 프로그램은 어땠나요?", "How were the talks and the programme?")
        ),
        SurveyQuestion(
            "q3", rating, Words("장소와 진행은 어땠나요?", "How were the place and the organization?")
        ),
        SurveyQuestion(
            "q4",
            choice,
            Words("다음 밋업에도 오고 싶나요?", "Would you come to the next meetup?"),
            (Words("네", "Yes"), Words("아직 모르겠어요", "Not sure yet"), Words("아니요", "No")),
        ),
        SurveyQuestion(
            "q5",
            choice,
            Words("다음에는 무엇이 더 있으면 좋을까요?", "What would you like more of next time?"),
            (
                Words("발표", "Talks"),
                Words("이야기 나누는 시간", "Time to talk with each other"),
                Words("함께 해 보는 시간", "Hands-on sessions"),
                Words("지금이 딱 좋아요", "It is right as it is"),
            ),
        ),
        SurveyQuestion("q6", text, Words("무엇이 가장 좋았나요?", "What did you like best?")),
        SurveyQuestion(
            "q7", text, Words("아쉬웠던 점이나 바라는 점이 있나요?", "What should be better next time?")
        ),
    )
