"""What a staff phone needs to judge tickets without a network: the sealed list, and who is in."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from math import ceil

from app.domain.door.sealing import BUCKETS, TAG_LENGTH
from app.domain.errors import DomainError
from app.services.door import door_arrivals, door_list
from app.services.door.devices import DoorPass
from app.services.door.door_arrivals import Arrival, Cursor, Ledger
from app.services.door.door_list import Face, Label

FORMAT = 1
_TAGS = re.compile(rf"[A-Za-z0-9_-]{{{ceil(BUCKETS * TAG_LENGTH / 3 * 4)}}}={{0,2}}")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a phone says that it holds."""

    tags: bytes | None
    after: Cursor | None


@dataclass(frozen=True, slots=True)
class Glance:
    """The list and the ledger as they are, before anything is sealed or told."""

    face: Face
    ledger: Ledger

    @property
    def etag(self) -> str:
        """The same while neither the tags nor the ledger change."""
        told = f"{self.ledger.rows}.{self.ledger.newest}".encode()
        return hashlib.sha256(self.face.tags + told).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one phone is told."""

    face: Face
    buckets: dict[str, str]
    arrivals: list[Arrival]
    cursor: Cursor


def holding(have: str, after: str) -> Holding:
    """Read a request's `have` and `after`, "" for none; refuses what we never gave out."""
    return Holding(_tags(have) if have else None, door_arrivals.cursor_of(after) if after else None)


def glance(door: DoorPass, label: Label, held: Holding) -> Glance:
    """Two statements at most, however many tickets; one while the list was read a moment ago.

    `label` puts a cohort's ordinal into words.
    """
    face = door_list.of(door.meetup_id, door.called_off, label, held.tags, masked=door.is_kiosk)
    return Glance(face, door_arrivals.ledger(door.meetup_id))


def told(seen: Glance, held: Holding) -> Manifest:
    """The buckets that the phone lacks, and the arrivals since it last asked."""
    face = seen.face
    buckets = {f"{number:02x}": face.sealed(number) for number in face.lacking(held.tags)}
    arrivals, cursor = door_arrivals.since(face.meetup_id, seen.ledger, face.reissued, held.after)
    return Manifest(face, buckets, arrivals, cursor)


def _tags(text: str) -> bytes:
    if not _TAGS.fullmatch(text):
        raise DomainError("unreadable_list")
    return base64.urlsafe_b64decode(text.rstrip("=") + "==")
