"""What a meetup says about personal data: one notice, and the consents that are optional.

What the registration needs is a notice and has no box. Only what a person may refuse, and register
all the same, is a consent. docs/privacy.md says which article asks for what.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.words import NO_WORDS, Words

MOST_CONSENTS = 10
LONGEST_TEXT = 1000
MOST_DAYS = 3650
AGE = "age_14"
"""The key under which the declared age is recorded among the consents."""


class ConsentKind(enum.StrEnum):
    PHOTOS = "photos"
    MARKETING = "marketing"
    THIRD_PARTY = "third_party"  # to a recipient by name
    SENSITIVE = "sensitive"  # diet, health, belief
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One optional thing, with a box of its own that nobody has ticked before."""

    key: str
    kind: ConsentKind
    label: Words
    recipient: Words = NO_WORDS
    purpose: Words = NO_WORDS
    items: Words = NO_WORDS
    period: Words = NO_WORDS
    refusal: Words = NO_WORDS

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Consent:
        words = {name: Words.of(stored.get(name)) for name in CONSENT_WORDS}
        return cls(key=stored["key"], kind=ConsentKind(stored["kind"]), **words)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """개인정보 수집·이용 안내: purpose, items, how long, and what refusing means."""

    purpose: Words = NO_WORDS
    items: Words = NO_WORDS
    refusal: Words = NO_WORDS
    period: Words = NO_WORDS  # what there is to say beyond the number of days
    kept_days: int = 0  # after the meetup's end
    asks_age: bool = False  # whether people declare that they are 14 or older
    consents: tuple[Consent, ...] = ()

    def kept_until(self, ends: dt.datetime) -> dt.date:
        """The day on which everything is destroyed; `ends` in the meetup's own zone."""
        return ends.date() + dt.timedelta(days=self.kept_days)

    def consent(self, key: str) -> Consent | None:
        return next((consent for consent in self.consents if consent.key == key), None)

    @property
    def boxes(self) -> tuple[str, ...]:
        """The keys of everything that a person may tick."""
        return (*((AGE,) if self.asks_age else ()), *(consent.key for consent in self.consents))

    def stored(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Notice:
        return cls(
            **{name: Words.of(stored.get(name)) for name in NOTICE_WORDS},
            kept_days=stored["kept_days"],
            asks_age=stored["asks_age"],
            consents=tuple(Consent.of(each) for each in stored["consents"]),
        )


NOTICE_WORDS = ("purpose", "items", "refusal", "period")
CONSENT_WORDS = ("label", "recipient", "purpose", "items", "period", "refusal")
NEEDED = ("purpose", "items", "refusal")
NEEDED_OF_CONSENT = ("label", "purpose", "items", "period", "refusal")


@dataclass
class _Check:
    problems: dict[str, DomainError] = field(default_factory=dict)

    def refuse(self, where: str, code: str, **params: object) -> None:
        self.problems.setdefault(where, DomainError(code, **params))

    def words(self, where: str, words: Words, *, needed: str = "") -> None:
        """`needed`: the code of the refusal where there is nothing in either language."""
        if needed and not words:
            self.refuse(f"{where}_ko", needed)
        for locale in ("ko", "en"):
            if len(getattr(words, locale)) > LONGEST_TEXT:
                self.refuse(f"{where}_{locale}", "text_too_long", limit=LONGEST_TEXT)

    def consent(self, number: int, consent: Consent) -> None:
        needed = {*NEEDED_OF_CONSENT, *(["recipient"] if consent.kind is ConsentKind.THIRD_PARTY else [])}
        for name in CONSENT_WORDS:
            code = f"consent_needs_{name}" if name in needed else ""
            self.words(f"consents-{number}-{name}", getattr(consent, name), needed=code)


def require_whole(notice: Notice) -> None:
    """Refuse, with everything that is missing, a notice that the law would not call one: `Unusable`."""
    check = _Check()
    for name in NOTICE_WORDS:
        check.words(name, getattr(notice, name), needed=f"notice_needs_{name}" if name in NEEDED else "")
    if not 0 < notice.kept_days <= MOST_DAYS:
        check.refuse("kept_days", "notice_needs_days", limit=MOST_DAYS)
    if len(notice.consents) > MOST_CONSENTS:
        check.refuse("consents", "too_many_consents", limit=MOST_CONSENTS)
    for number, consent in enumerate(notice.consents):
        check.consent(number, consent)
    if check.problems:
        raise Unusable(check.problems)


def free_key(kind: ConsentKind, taken: set[str]) -> str:
    """A key for a new consent of that kind: "photos", then "photos-2"."""
    return next(key for key in _numbered(kind.value) if key not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
