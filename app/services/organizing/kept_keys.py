"""What a kept view or set of columns calls a question, an option or a consent: by key and by its words.

Keys are a meetup's own: "q1" is the size of a shirt here and the state of somebody's health elsewhere. What is kept for a
whole programme therefore names each by a digest of its words in both languages too, and holds where they are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.registering.notices import AGE, Notice
from app.domain.registering.questions import Question
from app.domain.writing.words import Words
from app.models import Meetup
from app.services.organizing import notices
from app.services.registering import question_sets

ANSWER, CONSENT, UNANSWERED = "answer", "consent", "unanswered"
OF_CONSENTS = frozenset({CONSENT, "unconsented", "refused", "unasked"})
_OF_QUESTIONS = (ANSWER, "companion_answer")
NOWHERE = "-"
"""No question and no consent has this key: a restriction to it finds nobody."""
_MARK = "#"


@dataclass(frozen=True)
class Labels:
    """A meetup's questions, and the words of its consents by key."""

    questions: Sequence[Question]
    consents: Mapping[str, Words]

    def kept_column(self, key: str) -> str:
        kind, _, name = key.partition(":")
        if kind in _OF_QUESTIONS:
            words = {question.key: question.label for question in self.questions}
        else:
            words = dict(self.consents) if kind == CONSENT else {}
        return f"{key}{_MARK}{digest(words[name])}" if name in words else key

    def column(self, kept: str) -> str | None:
        """The key that it has here; None where nothing here has these words, or none were kept."""
        kind, _, name = kept.partition(":")
        if kind not in {*_OF_QUESTIONS, CONSENT}:
            return kept
        name, _, mark = name.partition(_MARK)
        if kind in _OF_QUESTIONS:
            question = self._question(name, mark)
            return f"{kind}:{question.key}" if question else None
        key = self._consent(name, mark)
        return f"{kind}:{key}" if key else None

    def columns(self, kept: Iterable[str]) -> list[str]:
        return [key for each in kept if (key := self.column(each)) is not None]

    def kept_view(self, arguments: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        return {name: [self._keep(name, each) for each in values] for name, values in arguments.items()}

    def view(self, kept: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        """The arguments here. Columns that aren't here are left out; what nobody is asked here still restricts."""
        found = {name: [self._read(name, each) for each in values] for name, values in kept.items()}
        return {name: [each for each in values if each is not None] for name, values in found.items()}

    def _keep(self, name: str, value: str) -> str:
        if name == "col":
            return self.kept_column(value)
        if name in OF_CONSENTS and value in self.consents:
            return f"{value}{_MARK}{digest(self.consents[value])}"
        if name == UNANSWERED:
            asked = next((question for question in self.questions if question.key == value), None)
            return f"{value}{_MARK}{digest(asked.label)}" if asked else value
        if name == ANSWER:
            key, _, option = value.partition(":")
            for question in self.questions:
                chosen = question.option(option) if question.key == key else None
                if chosen:
                    return f"{value}{_MARK}{digest(question.label)}.{digest(chosen.label)}"
        return value

    def _read(self, name: str, kept: str) -> str | None:
        if name == "col":
            return self.column(kept)
        value, _, mark = kept.partition(_MARK)
        if name == UNANSWERED:
            question = self._question(value, mark)
            return question.key if question else NOWHERE
        if name in OF_CONSENTS:
            return self._consent(value, mark) or NOWHERE
        return self._option(value, mark) if name == ANSWER else kept

    def _option(self, value: str, mark: str) -> str:
        of_question, _, of_option = mark.partition(".")
        question = self._question(value.partition(":")[0], of_question)
        for option in question.options if question else ():
            if question and digest(option.label) == of_option:
                return f"{question.key}:{option.key}"
        return f"{NOWHERE}:{NOWHERE}"

    def _question(self, key: str, mark: str) -> Question | None:
        same = [question for question in self.questions if digest(question.label) == mark]
        return next((question for question in same if question.key == key), same[0] if same else None)

    def _consent(self, key: str, mark: str) -> str | None:
        same = [each for each, words in self.consents.items() if digest(words) == mark]
        return key if key in same else (same[0] if same else None)


def of_meetup(meetup: Meetup) -> Labels:
    """With the consents of earlier versions, as lists and files have them."""
    consents: dict[str, Words] = {}
    for row in reversed(notices.versions(meetup.id)):
        notice = Notice.of(row.content)
        consents |= {each.key: each.label for each in notice.consents}
        if notice.asks_age:
            consents[AGE] = Words(AGE, AGE)
    return Labels(question_sets.current(meetup).questions, consents)


def digest(words: Words) -> str:
    """Never empty, so that what was kept without one matches nothing."""
    return hashlib.blake2b(f"{words.ko}\0{words.en}".encode(), digest_size=5).hexdigest()
