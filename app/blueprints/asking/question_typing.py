"""A question as an organizer types it. Answers to choose from stand one a line: "채식 | Vegetarian"."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from app.blueprints.asking.blueprint import text, words
from app.domain.registering.questions import (
    CHOOSING,
    Condition,
    Question,
    QuestionKind,
    QuestionSet,
    options_from,
)
from app.domain.writing.kept_texts import one_line
from app.domain.writing.words import Words
from app.numbers import number

BETWEEN = "|"


def question_of(given: MultiDict[str, str], before: QuestionSet, key: str, *, keep: bool) -> Question:
    """What the form says. `keep`: answers may be there, so options that are gone stay readable."""
    old = before.question(key)
    kind = old.kind if old else kind_of(given.get("kind", ""))
    lines = [_line(line) for line in text(given, "options").split("\n") if line.strip(f" {BETWEEN}")]
    options = options_from(lines, old.options if old else (), keep=keep) if kind in CHOOSING else ()
    return Question(
        key=key,
        kind=kind,
        label=words(given, "label"),
        hint=words(given, "hint"),
        options=options,
        required="required" in given,
        cohorts=tuple(sorted(set(filter(None, map(number, given.getlist("cohorts")))))),
        only_if=_condition(given.getlist("only_if")),
        of_companions="of_companions" in given,
        consent=text(given, "consent"),
        retired=bool(old and old.retired),
    )


def kind_of(typed: str) -> QuestionKind:
    return QuestionKind(typed) if typed in set(QuestionKind) else QuestionKind.TEXT


def lines_of(question: Question) -> str:
    """The options as they are typed."""
    return "\n".join(
        f" {BETWEEN} ".join(part for part in (option.label.ko, option.label.en) if part)
        if option.label.ko
        else f"{BETWEEN} {option.label.en}"
        for option in question.offered
    )


def _line(line: str) -> Words:
    ko, _, en = line.partition(BETWEEN)
    return Words(one_line(ko), one_line(en))


def _condition(chosen: list[str]) -> Condition | None:
    """From "q1:o2", "q1:o3". Answers of two questions are none that can be asked after; the rules refuse it."""
    pairs = [each.partition(":")[::2] for each in chosen if each]
    if not pairs:
        return None
    deciding = {question for question, _ in pairs}
    return Condition(deciding.pop() if len(deciding) == 1 else "", tuple(answer for _, answer in pairs))
