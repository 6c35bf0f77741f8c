"""How often each option of a question was chosen, counted from what stands in the answers as it was kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.registering.questions import CHOOSING, Option, Question
from app.domain.surveys import FEWEST


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option of a question: chosen by so many who are confirmed, and by so many who are not yet."""

    option: Option
    confirmed: int
    others: int

    @property
    def all(self) -> int:
        return self.confirmed + self.others


@dataclass(frozen=True, slots=True)
class Tally:
    """A question's options in their order, and how many answered it. One who chose two counts in both. `hides`: options are
    left out that too few chose, and with them how many answered."""

    question: Question
    options: tuple[Chosen, ...]
    answered: int
    hides: bool = False


def tally(question: Question, kept: Iterable[tuple[str, bool, int]]) -> Tally:
    """From (what was kept, whether it is of somebody who is confirmed, by how many); what is no option of it is nobody's business."""
    confirmed, others, answered = Counter[str](), Counter[str](), 0
    for text, is_confirmed, number in kept:
        keys = {key for key in _keys(text) if question.option(key)}
        answered += number if keys else 0
        for key in keys:
            (confirmed if is_confirmed else others)[key] += number
    chosen = (Chosen(each, confirmed[each.key], others[each.key]) for each in question.options)
    return Tally(question, tuple(each for each in chosen if each.all or not each.option.retired), answered)


def in_groups(found: Tally) -> Tally:
    """As whoever sees numbers alone is told it: of what is sensitive no group of fewer than `FEWEST`, and nothing from which one
    could be reckoned."""
    if not found.question.consent:
        return found
    shown = tuple(each for each in found.options if _is_group(each.confirmed) and _is_group(each.others))
    if len(shown) == len(found.options):
        return found
    return Tally(found.question, shown, 0, hides=True)


def _is_group(number: int) -> bool:
    return number == 0 or number >= FEWEST


def counts(question: Question) -> bool:
    """Whether its answers can be counted: of those, nothing is told that somebody wrote."""
    return question.kind in CHOOSING


def _keys(text: str) -> list[str]:
    """The options in a stored answer: a key, or a list of them."""
    if not text.startswith("["):
        return [text.strip('"')]
    found = json.loads(text)
    return [key for key in found if isinstance(key, str)]
