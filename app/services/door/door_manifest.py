"""What a staff phone needs to judge tickets without a network: the sealed list, and who is in."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from math import ceil

from app.db import db
from app.domain.door.scans import read_id
from app.domain.door.sealing import BUCKETS, TAG_LENGTH
from app.domain.errors import DomainError
from app.services.door import door_arrivals, door_list, door_rows
from app.services.door.devices import DoorPass
from app.services.door.door_arrivals import Arrival, Cursor, Ledger
from app.services.door.door_list import Face, Label

FORMAT = 1
MOST_ASKED = 40
_TAGS = re.compile(rf"[A-Za-z0-9_-]{{{ceil(BUCKETS * TAG_LENGTH / 3 * 4)}}}={{0,2}}")


@dataclass(frozen=True, slots=True)
class Holding:
    """What a phone says that it holds, and of which of its scans it has no answer."""

    tags: bytes | None
    after: Cursor | None
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """The list and the ledger as they are, before anything is sealed or told."""

    face: Face
    ledger: Ledger
    stored: tuple[str, ...] = ()  # of the scans that the phone asks about, those in the ledger

    @property
    def etag(self) -> str:
        """The same while neither the tags nor the ledger change, nor what it says of the phone's scans."""
        told = ".".join([str(self.ledger.rows), str(self.ledger.newest), *self.stored]).encode()
        return hashlib.sha256(self.face.tags + told).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one phone is told."""

    face: Face
    buckets: dict[str, str]
    arrivals: list[Arrival]
    cursor: Cursor
    stored: tuple[str, ...]


def holding(have: str, after: str, asks: str = "") -> Holding:
    """Read a request's `have`, `after` and `asks`, "" for none; refuses what we never gave out."""
    ids = (read_id(each) for each in asks.split(",")[:MOST_ASKED])
    return Holding(
        _tags(have) if have else None,
        door_arrivals.cursor_of(after) if after else None,
        tuple(each for each in ids if each),
    )


def glance(door: DoorPass, label: Label, held: Holding) -> Glance:
    """Two statements at most, however many tickets; one while the list was read a moment ago; one more where the phone asks.

    `label` puts a cohort's ordinal into words. What is stored is read first: what comes to the ledger after it may be
    among the arrivals, and the phone adds it once more until it asks again.
    """
    stored = door_rows.stored(db.session.connection(), door.meetup_id, held.asks)
    face = door_list.of(door.meetup_id, door.called_off, label, held.tags, masked=door.is_kiosk)
    return Glance(face, door_arrivals.ledger(door.meetup_id), tuple(sorted(stored)))


def told(seen: Glance, held: Holding) -> Manifest:
    """The buckets that the phone lacks, and the arrivals since it last asked."""
    face = seen.face
    buckets = {f"{number:02x}": face.sealed(number) for number in face.lacking(held.tags)}
    arrivals, cursor = door_arrivals.since(face.meetup_id, seen.ledger, face.reissued, held.after)
    return Manifest(face, buckets, arrivals, cursor, seen.stored)


def _tags(text: str) -> bytes:
    if not _TAGS.fullmatch(text):
        raise DomainError("unreadable_list")
    return base64.urlsafe_b64decode(text.rstrip("=") + "==")
