"""What a meetup asks of those who register: its questions, in their order, and how they may be changed.

A set is a value; every change makes another one. A question and its options keep their keys for good, so
that an answer of before stays readable: what is no longer asked is retired, not removed.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.words import NO_WORDS, Words

MOST_QUESTIONS, MOST_OPTIONS = 40, 60
LONGEST_LABEL, LONGEST_HINT = 300, 500
YES = "yes"
"""What stands for a ticked box where a condition names answers."""


class QuestionKind(enum.StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    CONSENT = "consent"  # a box, such as "I have read the house rules"


CHOOSING = frozenset({QuestionKind.CHOICE, QuestionKind.CHOICES})


@dataclass(frozen=True)
class Option:
    key: str
    label: Words
    retired: bool = False


@dataclass(frozen=True)
class Condition:
    """Asked only after one of these answers to an earlier question."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Question:
    key: str
    kind: QuestionKind
    label: Words
    hint: Words = NO_WORDS
    options: tuple[Option, ...] = ()
    required: bool = False
    cohorts: tuple[int, ...] = ()  # ids; empty: everybody is asked
    only_if: Condition | None = None
    of_companions: bool = False
    consent: str = ""  # the key of the consent without which it must not be answered: it is sensitive
    retired: bool = False

    @property
    def offered(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if not option.retired)

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Question:
        condition = stored.get("only_if")
        return cls(
            key=stored["key"],
            kind=QuestionKind(stored["kind"]),
            label=Words.of(stored["label"]),
            hint=Words.of(stored["hint"]),
            options=tuple(
                Option(each["key"], Words.of(each["label"]), each["retired"]) for each in stored["options"]
            ),
            required=stored["required"],
            cohorts=tuple(stored["cohorts"]),
            only_if=Condition(condition["question"], tuple(condition["answers"])) if condition else None,
            of_companions=stored["of_companions"],
            consent=stored["consent"],
            retired=stored["retired"],
        )


@dataclass(frozen=True)
class QuestionSet:
    """Questions in the order in which they are asked, the retired ones among them."""

    questions: tuple[Question, ...] = ()

    @property
    def asked(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if not question.retired)

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def before(self, key: str) -> tuple[Question, ...]:
        """The questions that are asked before that one; all of them for a new one."""
        keys = [question.key for question in self.questions]
        earlier = self.questions[: keys.index(key)] if key in keys else self.questions
        return tuple(question for question in earlier if not question.retired)

    def free_key(self) -> str:
        numbers = [int(question.key[1:]) for question in self.questions]
        return f"q{max(numbers, default=0) + 1}"

    def with_one(self, question: Question) -> QuestionSet:
        """This question in the place of the one with its key, or at the end."""
        if self.question(question.key) is None:
            return QuestionSet((*self.questions, question))
        return QuestionSet(tuple(question if q.key == question.key else q for q in self.questions))

    def without(self, key: str) -> QuestionSet:
        return QuestionSet(tuple(question for question in self.questions if question.key != key))

    def moved(self, key: str, by: int) -> QuestionSet:
        """Before or after the next question that is asked."""
        keys = [question.key for question in self.asked]
        if key not in keys or not 0 <= keys.index(key) + by < len(keys):
            return self
        beside, rest = keys[keys.index(key) + by], [q for q in self.questions if q.key != key]
        at = [question.key for question in rest].index(beside) + (1 if by > 0 else 0)
        mover = self.question(key)
        return QuestionSet((*rest[:at], mover, *rest[at:])) if mover else self

    def extended(self, more: Iterable[Question]) -> QuestionSet:
        """With the questions of another set at the end, under keys of their own."""
        found, keys = self, dict[str, str]()
        for question in more:
            keys[question.key] = found.free_key()
            condition = question.only_if and Condition(
                keys[question.only_if.question], question.only_if.answers
            )
            options = tuple(option for option in question.options if not option.retired)
            copied = dataclasses.replace(question, key=keys[question.key], only_if=condition, options=options)
            found = found.with_one(copied)
        return found

    def stored(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> QuestionSet:
        return cls(tuple(Question.of(each) for each in stored["questions"]))


NO_QUESTIONS = QuestionSet()


def options_from(lines: Sequence[Words], before: Sequence[Option], *, keep: bool) -> tuple[Option, ...]:
    """The options that these lines mean. A line that was there keeps its key; a new wording is a new option.

    `keep`: somebody may have answered already, so that options which are gone are kept as retired.
    """
    known = {option.label: option for option in before}
    number = max((int(option.key[1:]) for option in before), default=0)
    found = {}
    for line in lines:
        if line in known:
            found[line] = Option(known[line].key, line)
        elif line not in found:
            number += 1
            found[line] = Option(f"o{number}", line)
    gone = [dataclasses.replace(option, retired=True) for option in before if option.label not in found]
    return (*found.values(), *(gone if keep else ()))


def require_question(question: Question, all_: QuestionSet) -> None:
    """Refuse what cannot be asked; `Unusable` by the field of the form."""
    problems: dict[str, DomainError] = {}
    if not question.label:
        problems["label_ko"] = DomainError("question_unworded")
    for name, words, most in (
        ("label", question.label, LONGEST_LABEL),
        ("hint", question.hint, LONGEST_HINT),
    ):
        for locale in ("ko", "en"):
            if len(getattr(words, locale)) > most:
                problems[f"{name}_{locale}"] = DomainError("text_too_long", limit=most)
    if question.kind in CHOOSING and not 2 <= len(question.offered) <= MOST_OPTIONS:
        problems["options"] = DomainError("options_missing", limit=MOST_OPTIONS)
    if any(len(text) > LONGEST_LABEL for o in question.offered for text in (o.label.ko, o.label.en)):
        problems["options"] = DomainError("text_too_long", limit=LONGEST_LABEL)
    if question.required and question.consent:
        problems["required"] = DomainError("sensitive_not_required")
    if question.only_if and not _can_decide(question.only_if, all_.before(question.key)):
        problems["only_if"] = DomainError("condition_not_earlier")
    if problems:
        raise Unusable(problems)


def require_set(questions: QuestionSet) -> None:
    """Refuse a set in which a question depends on none, on a later one, or on an answer that nobody can give."""
    if len(questions.questions) > MOST_QUESTIONS:
        raise DomainError("too_many_questions", limit=MOST_QUESTIONS)
    for question in questions.asked:
        if question.only_if and not _can_decide(question.only_if, questions.before(question.key)):
            raise DomainError("question_needed")


def answers_of(question: Question) -> tuple[str, ...]:
    """What a condition may name of a question."""
    if question.kind is QuestionKind.CONSENT:
        return (YES,)
    return tuple(option.key for option in question.offered) if question.kind in CHOOSING else ()


def _can_decide(condition: Condition, earlier: Sequence[Question]) -> bool:
    deciding = next((question for question in earlier if question.key == condition.question), None)
    return deciding is not None and any(key in answers_of(deciding) for key in condition.answers)
