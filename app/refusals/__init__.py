"""The sentence for every reason code, in Korean and English; one file an area.

A sentence says what happened and what to do, and blames nobody.
"""

from __future__ import annotations

from flask_babel import LazyString

from app.domain.errors import DomainError
from app.refusals import accounts, checkin, exports, meetups, registrations, rosters

SENTENCES: dict[str, LazyString] = {
    **accounts.SENTENCES,
    **checkin.SENTENCES,
    **exports.SENTENCES,
    **meetups.SENTENCES,
    **registrations.SENTENCES,
    **rosters.SENTENCES,
}


def sentence(code: str, **params: object) -> str:
    """The sentence for `code` in the current language, with its values filled in."""
    return str(SENTENCES[code]) % params


def explain(refusal: DomainError) -> str:
    """The sentence for a refusal in the current language."""
    return sentence(refusal.code, **refusal.params)
