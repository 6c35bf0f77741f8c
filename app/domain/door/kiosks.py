"""The code that ends a self check-in tablet's lock, and how a tablet without a network knows it.

The database holds a keyed hash of the code; the key is derived for the meetup and in no database. A tablet is told
that key and a slow hash of the hash, by which it checks what somebody types, also offline. It guards the screen and
no data: a tablet that is unlocked has no more rights than one that is locked.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from app.domain.door.sealing import ADMITTED, Record
from app.domain.errors import DomainError
from app.domain.writing.masking import masked

SHORTEST, LONGEST = 6, 10
TO_STAFF = "ask_staff"  # whatever is not green: why is between the guest and the staff
ROUNDS = 200_000  # of PBKDF2: about a quarter of a second on a tablet


@dataclass(frozen=True, slots=True)
class Lock:
    """What a tablet checks a typed code by. Bytes are in hex."""

    salt: str
    verifier: str
    rounds: int = ROUNDS


def read_code(typed: str) -> str:
    """The digits that somebody chose, blanks and hyphens aside; refused where they are too few or none."""
    code = "".join(typed.split()).replace("-", "")
    if not (code.isascii() and code.isdigit() and SHORTEST <= len(code) <= LONGEST):
        raise DomainError("kiosk_code_unreadable", least=SHORTEST, most=LONGEST)
    return code


def told(record: Record) -> Record:
    """What a tablet's list says of a ticket: the same as it shows."""
    state = record.state if record.state == ADMITTED else TO_STAFF
    return Record(masked(record.name), "", "", state, people=record.people, table=record.table)


def salt_of(key: bytes, meetup: int) -> bytes:
    """The meetup's own key for codes."""
    return hmac.digest(key, f"kiosk|{meetup}".encode(), "sha256")


def kept(salt: bytes, code: str) -> str:
    """What the database holds of a code."""
    return hmac.digest(salt, code.encode(), "sha256").hex()


def lock(salt: bytes, stored: str) -> Lock:
    """What a tablet is told: enough to know the code when it is typed, and little to guess it by."""
    verifier = hashlib.pbkdf2_hmac("sha256", stored.encode(), salt, ROUNDS)
    return Lock(salt.hex(), verifier.hex())
