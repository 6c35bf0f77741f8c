"""The door's list of people by name, for phones of a door whose organizer allows it: no ticket needed to read it.

The list lies in 256 buckets by a digest of each registration's reference, so that a phone fetches what changed
and nothing else. Who is in is not on it: that, the sealed list's arrivals say (door_arrivals).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import bindparam, case, select

from app.clock import now
from app.db import db, transaction
from app.domain.door import sealing
from app.domain.door.sealing import BUCKETS, TAG_LENGTH
from app.domain.errors import DomainError
from app.domain.hosting.matching import worth_a_word
from app.domain.registering.registrations import ENDED, Status
from app.domain.writing.names import name_key
from app.keys import keys
from app.models import Cohort, Device, DeviceRole, Meetup, Person, Registration, Ticket
from app.recent import Recent
from app.services import audit
from app.services.door import door_list
from app.services.door.devices import DoorPass
from app.services.door.door_released import RELEASED_AT
from app.services.door.door_rows import AnyRow
from app.services.meeting.tables import SHOWN_TABLE
from app.services.organizing.attendees_search import hint_of, once_each

FRESH_SECONDS = 2.0
FACES_KEPT = 20
MAY_LIST = frozenset({DeviceRole.SCAN, DeviceRole.SUPERVISE})

Label = Callable[[int | None], str]
Line = dict[str, object]
_FIRST = {Status.CONFIRMED: 0, **dict.fromkeys(ENDED, 2)}
_ALLOWED = (
    select(Meetup.door_lists_people, Device.expires_at)
    .join_from(Device, Meetup, Meetup.id == Device.meetup_id)
    .where(Device.id == bindparam("device"))
)
_PEOPLE = (
    select(
        Registration.person_id,
        Registration.reference,
        Registration.status,
        Registration.companions,
        Registration.companion_names,
        Registration.address,
        Registration.phone,
        Registration.host_listed,
        Person.name,
        Cohort.ordinal.label("cohort"),
        Ticket.uid,
        Ticket.revision,
        RELEASED_AT,
        SHOWN_TABLE,
    )
    .join(Person, Person.id == Registration.person_id)
    .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    .outerjoin(Ticket, (Ticket.registration_id == Registration.id) & Ticket.revoked_at.is_(None))
    .where(Registration.meetup_id == bindparam("meetup"))
    .order_by(case(_FIRST, value=Registration.status, else_=1), Person.name, Registration.id.desc())
)
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class People:
    """The list as one language shows it, as of `made_at`."""

    made_at: dt.datetime
    count: int
    tags: bytes
    buckets: tuple[list[Line], ...] = field(repr=False)

    @property
    def etag(self) -> str:
        return hashlib.sha256(self.tags).hexdigest()[:16]

    def lacking(self, have: bytes | None) -> dict[str, list[Line]]:
        """The buckets that a phone with these tags does not hold as they are, by name."""
        at = range(0, BUCKETS * TAG_LENGTH, TAG_LENGTH)
        mine = (self.tags[i : i + TAG_LENGTH] for i in at)
        theirs = ((have or b"")[i : i + TAG_LENGTH] for i in at)
        differ = (n for n, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one != other)
        return {f"{n:02x}": self.buckets[n] for n in differ}


def of(door: DoorPass, label: Label) -> tuple[People, dt.datetime]:
    """The list, two seconds old at most, and when this phone has to forget it.

    Refused from the moment on in which the organizer takes the list from the phones.
    """
    allowed, until = db.session.execute(_ALLOWED, {"device": door.device_id}).one()
    if not allowed or door.role not in MAY_LIST:
        raise DomainError("lists_not_allowed")
    kept: Recent[People] = current_app.extensions.setdefault("door_people", Recent(FACES_KEPT, FRESH_SECONDS))
    key = (door.meetup_id, door.called_off, label(None))
    return kept.get(key, lambda: _made(door, label)), until


def shift_key(door: DoorPass) -> bytes:
    """What this phone keeps its list under. Another phone, or the same enrolled again, has another one."""
    told = f"people-list|{door.meetup_id}|{door.device_id}|{door.enrolled_at.isoformat()}"
    return hmac.digest(keys().link, told.encode(), "sha256")


def note_taken(door: DoorPass, count: int) -> None:
    """A phone got the whole list: names of people left the server, and the audit trail says so."""
    with transaction() as session:
        audit.record(
            session,
            "door.list_taken",
            session.get_one(Device, door.device_id),
            f"device:{door.device_id}",
            program_id=door.program_id,
            people=count,
        )


def _made(door: DoorPass, label: Label) -> People:
    made_at = now()
    rows = once_each(db.session.execute(_PEOPLE, {"meetup": door.meetup_id}).all())
    namesakes = Counter(name_key(row.name) for row in rows)
    buckets: list[list[Line]] = [[] for _ in range(BUCKETS)]
    for row in rows:
        line = _line(door, row, label, twin=namesakes[name_key(row.name)] > 1)
        buckets[hashlib.sha256(row.reference.encode()).digest()[0]].append(line)
    for bucket in buckets:
        bucket.sort(key=lambda line: str(line["r"]))
    return People(made_at, len(rows), b"".join(map(_tag, buckets)), tuple(buckets))


def _tag(bucket: list[Line]) -> bytes:
    """Every process makes the same one of the same people; without our key it says nothing about them."""
    secret = hmac.digest(keys().link, b"people-list-tags", "sha256")
    return hmac.digest(secret, _compact(bucket).encode(), "sha256")[:TAG_LENGTH]


def _line(door: DoorPass, row: AnyRow, label: Label, *, twin: bool) -> Line:
    lookup = door_list.lookup(row.uid, row.revision, door.meetup_id) if row.uid else None
    released = {"v": row.released_at.isoformat()} if row.released_at else {}
    host = {"x": listed.value} if (listed := worth_a_word(row.host_listed)) else {}
    table = {"b": row.table} if row.table else {}
    names = [name for name in row.companion_names if name]
    return (
        released
        | host
        | table
        | ({"w": names} if names else {})
        | {
            "r": row.reference,
            "n": row.name,
            "c": label(row.cohort),
            "o": "none" if row.cohort is None else str(row.cohort),
            "t": row.status.value,
            "s": sealing.state(row.status, revoked=False, called_off=door.called_off),
            "p": 1 + row.companions,
            "h": hint_of(row) if twin else None,
            "k": base64.urlsafe_b64encode(lookup).decode().rstrip("=") if lookup else None,
        }
    )
