"""An organizer's own subject and words for a kind of mail, with fields that each mail fills in.

They open the mail. What it has to say (until when to answer, the ticket, how to cancel) stays below them in the product's
own words, so that nothing that is written here can leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.words import NO_WORDS, Words

FIELDS = {"name": "이름", "meetup": "밋업", "when": "일시", "place": "장소", "program": "과정"}
"""What may stand in braces, in English or in Korean, whatever language the text is in."""

LONGEST_SUBJECT, LONGEST_WORDS = 150, 2000
_MORE = {
    "프로그램": "program",
    "기수": "cohort",
    "cohort": "cohort",
    "내 링크": "link",
    "link": "link",
    "my link": "link",
}
_KEYS = _MORE | {korean: key for key, korean in FIELDS.items()} | {key: key for key in FIELDS}
_FIELD = re.compile(r"\{([^{}\n]{1,40})\}")


@dataclass(frozen=True, slots=True)
class MailText:
    """Empty where the mail says the usual; each language for itself."""

    subject: Words = NO_WORDS
    words: Words = NO_WORDS

    def __bool__(self) -> bool:
        return bool(self.subject or self.words)


NO_TEXT = MailText()


def in_language(words: Words, locale: str) -> str:
    """What is written in this language; a Korean mail is no place for a paragraph that is there in English only."""
    return words.ko if locale == "ko" else words.en


def filled(text: str, values: Mapping[str, str]) -> str:
    """With what the fields stand for; what the meetup hasn't got leaves nothing behind."""
    return _FIELD.sub(lambda found: values.get(_KEYS.get(found[1].strip(), ""), ""), text)


def require_sound(text: MailText) -> None:
    """Raises `Unusable`, with the places as "subject_ko", "words_en"."""
    if problems := problems_of(text, FIELDS, LONGEST_WORDS):
        raise Unusable(problems)


def problems_of(text: MailText, fields: Collection[str], longest_words: int) -> dict[str, DomainError]:
    """By place. `fields`: the keys of those that what is written has values for."""
    problems = {}
    for name, words, longest in (
        ("subject", text.subject, LONGEST_SUBJECT),
        ("words", text.words, longest_words),
    ):
        for locale, written in (("ko", words.ko), ("en", words.en)):
            if problem := _problem(written, longest, fields):
                problems[f"{name}_{locale}"] = problem
    return problems


def _problem(written: str, longest: int, fields: Collection[str]) -> DomainError | None:
    if len(written) > longest:
        return DomainError("mail_text_too_long", longest=longest, length=len(written))
    unknown = [found for found in _FIELD.findall(written) if _KEYS.get(found.strip()) not in fields]
    return DomainError("unknown_mail_field", field=f"{{{unknown[0]}}}") if unknown else None
