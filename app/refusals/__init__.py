"""The sentence for every reason code, in Korean and English; one file an area.

A sentence says what happened and what to do, and blames nobody.
"""

from __future__ import annotations

from flask_babel import LazyString

from app.domain.errors import DomainError
from app.refusals import (
    accounts,
    checkin,
    draws,
    exports,
    fees,
    meetups,
    messages,
    notices,
    printing,
    questions,
    registrations,
    rosters,
    stories,
    surveys,
    tables,
)

AREAS = (
    accounts,
    checkin,
    draws,
    exports,
    fees,
    meetups,
    messages,
    notices,
    printing,
    questions,
    registrations,
    rosters,
    stories,
    surveys,
    tables,
)


def _merged() -> dict[str, LazyString]:
    """All areas' sentences. A code that two areas claim stops the application from starting."""
    found: dict[str, LazyString] = {}
    for area in AREAS:
        if claimed_twice := found.keys() & area.SENTENCES.keys():
            raise ValueError(f"two areas have a sentence for {sorted(claimed_twice)}")
        found |= area.SENTENCES
    return found


SENTENCES = _merged()


def sentence(code: str, **params: object) -> str:
    """The sentence for `code` in the current language, with its values filled in."""
    if code == "unsupported_file":
        params["kind"] = rosters.FILE_KINDS.get(str(params["kind"]), params["kind"])
    return str(SENTENCES[code]) % params


def explain(refusal: DomainError) -> str:
    """The sentence for a refusal in the current language."""
    return sentence(refusal.code, **refusal.params)
