"""Answers to a meetup's questions: who is asked what, and what counts as an answer."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.questions import YES, Condition, Question, QuestionKind, QuestionSet
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.korean_phones import korean_phone
from app.domain.writing.resident_numbers import holds_resident_number

Answer = str | int | bool | list[str]
Answers = Mapping[str, Answer]
Typed = Mapping[str, Sequence[str]]
"""What the form sent, by the question's key."""

LONGEST = {QuestionKind.TEXT: 200, QuestionKind.LONG_TEXT: 2000}
LARGEST = 10**9


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Who answers: their cohort's id, the consents that they give, and what they answered before."""

    cohort: int | None = None
    consents: Collection[str] = ()
    before: Answers = field(default_factory=dict)
    companion: bool = False


def read(questions: QuestionSet, typed: Typed, who: Answering) -> dict[str, Answer]:
    """The answers that somebody gave; raises `Unusable` by question with everything that is wrong.

    What was typed for a question that they are not asked is left out.
    """
    answers: dict[str, Answer] = {}
    problems: dict[str, DomainError] = {}
    for question in asked_of(questions, who):
        if question.only_if and not holds(question.only_if, answers):
            continue
        try:
            given = _read(question, typed.get(question.key, ()), who)
        except DomainError as refusal:
            problems[question.key] = refusal
            continue
        if given is not None:
            answers[question.key] = given
    if problems:
        raise Unusable(problems)
    return answers


def asked_of(questions: QuestionSet, who: Answering) -> tuple[Question, ...]:
    """The questions for these people, those included whose condition is still open."""
    return tuple(
        question
        for question in questions.asked
        if (not question.cohorts or who.cohort in question.cohorts)
        and (question.of_companions or not who.companion)
    )


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether one of the answers was given after which the question is asked."""
    given = answers.get(condition.question)
    if isinstance(given, bool):
        return given and YES in condition.answers
    return any(each in condition.answers for each in (given if isinstance(given, list) else [given]))


def texts_of(typed: Sequence[str]) -> list[str]:
    """What was typed in a field, as it would be read; a field left empty has nothing."""
    return [text for text in map(several_lines, typed) if text]


def caught_up(typed: Typed, seen: Typed, now: Typed) -> Typed:
    """What stands now, and in the fields that say something else than what was `seen` there: what was typed."""

    def is_changed(key: str) -> bool:
        return texts_of(typed.get(key, ())) != texts_of(seen.get(key, ()))

    return {key: typed.get(key, ()) if is_changed(key) else stands for key, stands in now.items()}


def typed_as(answer: Answer | None) -> list[str]:
    """An answer as the form would send it, to show it there again."""
    if answer is None or isinstance(answer, bool):
        return [YES] if answer else []
    return list(answer) if isinstance(answer, list) else [str(answer)]


def _read(question: Question, typed: Sequence[str], who: Answering) -> Answer | None:
    texts = texts_of(typed)
    if question.consent and question.consent not in who.consents:
        if texts:
            raise DomainError("answer_needs_consent")
        return None
    if question.kind is QuestionKind.CONSENT:
        return _box(question, texts)
    if not texts:
        if question.required:
            raise DomainError("answer_missing")
        return None
    return _READERS[question.kind](question, texts, who.before.get(question.key))


def _box(question: Question, texts: Sequence[str]) -> bool:
    if question.required and YES not in texts:
        raise DomainError("answer_not_ticked")
    return YES in texts


def _text(question: Question, texts: Sequence[str], _before: Answer | None) -> str:
    text = texts[0] if question.kind is QuestionKind.LONG_TEXT else one_line(texts[0])
    if len(text) > LONGEST[question.kind]:
        raise DomainError("text_too_long", limit=LONGEST[question.kind])
    if holds_resident_number(text):
        raise DomainError("resident_number_typed")
    return text


def _choice(question: Question, texts: Sequence[str], before: Answer | None) -> str:
    return _choices(question, texts[:1], before)[0]


def _choices(question: Question, texts: Sequence[str], before: Answer | None) -> list[str]:
    """A retired option stands where it stood before, and cannot be chosen anew."""
    kept = before if isinstance(before, list) else [before]
    known = {option.key for option in question.options if not option.retired or option.key in kept}
    if not known.issuperset(texts):
        raise DomainError("answer_not_offered")
    return [option.key for option in question.options if option.key in texts]


def _number(_question: Question, texts: Sequence[str], _before: Answer | None) -> int:
    plain = unicodedata.normalize("NFKC", texts[0]).replace(",", "").replace(" ", "")
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 11 and int(digits) <= LARGEST):
        raise DomainError("answer_no_number")
    return int(plain)


def _date(_question: Question, texts: Sequence[str], _before: Answer | None) -> str:
    plain = texts[0].rstrip(".").replace(".", "-").replace("/", "-").replace(" ", "")
    try:
        return dt.date.fromisoformat("-".join(part.zfill(2) for part in plain.split("-"))).isoformat()
    except ValueError as error:
        raise DomainError("answer_no_date") from error


def _phone(_question: Question, texts: Sequence[str], _before: Answer | None) -> str:
    phone = korean_phone(texts[0])
    if phone is None:
        raise DomainError("bad_phone")
    return phone


_READERS: dict[QuestionKind, Callable[[Question, Sequence[str], Answer | None], Answer]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.CHOICE: _choice,
    QuestionKind.CHOICES: _choices,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.PHONE: _phone,
}
