"""A form's cells as answers to the meetup's questions; what fits none of its answers is left out and said."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from app.domain.elsewhere.columns import says_coming
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Answer, Answering, asked_of, read
from app.domain.registering.questions import CHOOSING, YES, Question, QuestionKind, QuestionSet
from app.domain.rosters.fields import compact

_AGREED = ("동의합니다", "동의함", "동의", "agree", "iagree", "확인", "확인했습니다")


def answers_of(
    questions: QuestionSet, cells: Mapping[str, str], who: Answering
) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """The answers, and the keys of the questions whose cell is none: no such option, or a consent is needed."""
    answers: dict[str, Answer] = {}
    left_out = []
    for question in asked_of(questions, who):
        if not (cell := cells.get(question.key, "")):
            continue
        alone = QuestionSet((dataclasses.replace(question, required=False, only_if=None),))
        try:
            answers |= read(alone, {question.key: _typed(question, cell)}, who)
        except Unusable:
            left_out.append(question.key)
    return answers, tuple(left_out)


def _typed(question: Question, cell: str) -> Sequence[str]:
    """As our own form would have sent it."""
    if question.kind is QuestionKind.CONSENT:
        return [YES] if says_coming(cell) or compact(cell) in _AGREED else []
    if question.kind not in CHOOSING:
        return [cell]
    keys = {
        compact(label): option.key
        for option in question.offered
        for label in (option.label.ko, option.label.en)
        if label
    }
    if whole := keys.get(compact(cell)):
        return [whole]
    parts = [part for part in cell.replace(";", ",").split(",") if part.strip()]
    return [keys.get(compact(part), part) for part in parts]
