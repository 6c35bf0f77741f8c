"""Self check-in tablets: the code that unlocks them."""

from __future__ import annotations

from functools import lru_cache

from app.db import transaction
from app.domain.door import kiosks
from app.domain.door.kiosks import Lock
from app.keys import keys
from app.models import Meetup
from app.services import audit


def set_code(meetup_id: int, typed: str, actor: str) -> None:
    """Choose the code by which staff unlock the tablets of this door; tablets in use learn of it within seconds."""
    code = kiosks.read_code(typed)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        meetup.door_kiosk_code = kiosks.kept(_salt(meetup_id), code)
        audit.record(session, "door.kiosk_code_set", meetup, actor, program_id=meetup.program_id)


def lock_of(meetup_id: int, stored: str | None) -> Lock | None:
    """What this meetup's tablets check a typed code by."""
    return _lock(_salt(meetup_id), stored) if stored else None


@lru_cache(maxsize=64)
def _lock(salt: bytes, stored: str) -> Lock:
    """Remembered: it is slow on purpose, and tablets ask every few seconds."""
    return kiosks.lock(salt, stored)


def _salt(meetup_id: int) -> bytes:
    return kiosks.salt_of(keys().link, meetup_id)
