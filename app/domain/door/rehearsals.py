"""Practising at the door before the meetup: tickets that are none, and until when a phone may practise.

A practice ticket's code ends in a letter with which no ticket's code can end: 26 base32 characters hold 130 bits and
a code has 128, so that the last two bits of its last character are nought. Those of Z are not.
Phones know such a code by its form (static/js/door/rehearsal-model.js) and judge it by `SAMPLES`, which the
scanner's page brings along: nothing of a rehearsal ever reaches the server. tests/contract/rehearsal.json binds both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.door.admission import Verdict
from app.domain.door.doors import ANYTHING
from app.domain.door.sealing import ADMITTED
from app.domain.door.tickets import CODE_LENGTH

PREFIX, FILLER, END = "REHEARSAL", "2", "Z"
ENDS_BEFORE = dt.timedelta(minutes=30)  # before the start, when the first guests come
LASTS = dt.timedelta(hours=1)
HOST_WORD = "REHEARSAL"


@dataclass(frozen=True, slots=True)
class Sample:
    """A ticket to practise with. `state` is what a list's record would say of it; None: it is on no list."""

    word: str
    verdict: Verdict
    state: str | None
    name: str = ""
    cohort: int | None = None
    people: int = 1
    inside: int = 0

    @property
    def code(self) -> str:
        return (PREFIX + self.word).ljust(CODE_LENGTH - 1, FILLER) + END

    @property
    def reference(self) -> str:
        """No registration has it: references are made without L."""
        return PREFIX + self.word


SAMPLES = (
    Sample("GOOD", Verdict.OK, ADMITTED, "김연습", 1),
    Sample("SECOND", Verdict.OK, ADMITTED, "이예행", 2),
    Sample("PARTY", Verdict.OK, ADMITTED, "박세명", 2, people=3),
    Sample("USED", Verdict.ALREADY_REDEEMED, ADMITTED, "최먼저", 3, inside=1),
    Sample("CANCEL", Verdict.CANCELED, "canceled", "정취소", 1),
    Sample("WAIT", Verdict.WAITLISTED, "waitlisted", "강대기", 3),
    Sample("OLD", Verdict.REVOKED, "revoked", "조옛표", 1),
    Sample("OTHER", Verdict.WRONG_MEETUP, "wrong_meetup"),
    Sample("FALSE", Verdict.INVALID, "invalid"),
    Sample("ODD", Verdict.UNKNOWN, None),
)


def is_practice(code: str) -> bool:
    """Whether this is the code of a practice ticket; no real ticket's ever is."""
    return len(code) == CODE_LENGTH and code.startswith(PREFIX) and code.endswith(END)


def ends_at(starts_at: dt.datetime) -> dt.datetime:
    """From when on no phone of a meetup practises any more."""
    return starts_at - ENDS_BEFORE


def host_text(patterns: Sequence[str]) -> str | None:
    """The text of a QR that looks like the surrounding event's; None where none is known. `patterns` are whole."""
    return patterns[0].replace(ANYTHING, HOST_WORD) if patterns else None
