"""A notice as typed, and what a press on "add" or "remove" makes of it. Needs no script."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

from app.blueprints.asking.blueprint import text, words
from app.domain.registering import notice_texts
from app.domain.registering.notices import (
    CONSENT_WORDS,
    MOST_CONSENTS,
    NOTICE_WORDS,
    Consent,
    ConsentKind,
    Notice,
    free_key,
)
from app.domain.writing.words import Words
from app.numbers import number

_ROW = re.compile(r"consents-(\d{1,3})-key")
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")


def notice_of(given: Mapping[str, str]) -> Notice:
    """What the form says, whole or not."""
    rows = sorted(int(match[1]) for name in given if (match := _ROW.fullmatch(name)))
    return Notice(
        **{name: words(given, name) for name in NOTICE_WORDS},
        kept_days=number(text(given, "kept_days")) or 0,
        asks_age="asks_age" in given,
        consents=_each_once([_consent(given, row) for row in rows[: MOST_CONSENTS + 1]]),
    )


def rearranged(notice: Notice, action: str, program: Words) -> Notice:
    """The notice after a press on "add-photos" or "remove-2"."""
    act, _, what = action.partition("-")
    consents = list(notice.consents)
    if act == "add" and what in set(ConsentKind) and len(consents) < MOST_CONSENTS:
        key = free_key(ConsentKind(what), {consent.key for consent in consents})
        consents.append(notice_texts.consent(ConsentKind(what), program, key))
    elif act == "remove" and (row := number(what)) is not None and row < len(consents):
        del consents[row]
    return dataclasses.replace(notice, consents=tuple(consents))


def _consent(given: Mapping[str, str], row: int) -> Consent:
    name = f"consents-{row}"
    kind = text(given, f"{name}-kind")
    return Consent(
        key=text(given, f"{name}-key"),
        kind=ConsentKind(kind) if kind in set(ConsentKind) else ConsentKind.OTHER,
        **{part: words(given, f"{name}-{part}") for part in CONSENT_WORDS},
    )


def _each_once(consents: list[Consent]) -> tuple[Consent, ...]:
    """A key means one consent; one that no page of ours wrote gets a key of ours."""
    kept: dict[str, Consent] = {}
    for consent in consents:
        good = _KEY.fullmatch(consent.key) and consent.key not in kept
        key = consent.key if good else free_key(consent.kind, set(kept))
        kept[key] = dataclasses.replace(consent, key=key)
    return tuple(kept.values())
