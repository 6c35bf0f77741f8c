"""Staff phones: the organizer opens the door, a phone enrols once, works its shift, can be revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.keys import keys
from app.models import Device, DeviceRole, Enrolment, Meetup
from app.services import audit
from app.services.door import door_rows
from app.services.door.door_rows import AnyRow

LINK_LASTS = dt.timedelta(minutes=15)
SHIFT_LASTS = dt.timedelta(hours=6)  # after the meetup's end
LATE = dt.timedelta(days=7)  # after the shift: what was scanned in it may still be sent


@dataclass(frozen=True, slots=True)
class DoorPass:
    """A staff phone that may work this meetup's door right now, or did: then `shift_over` is when its right ended,
    and all that it may do is send what it has from before.
    """

    device_id: int
    name: str
    role: DeviceRole
    gate: str | None
    enrolled_at: dt.datetime
    last_seen_at: dt.datetime | None
    scans_waiting: int | None
    meetup_id: int
    program_id: int
    zone: str
    called_off_at: dt.datetime | None
    has_ticks: bool
    tracks_exits: bool
    shows_tables: bool  # the plan of tables is published
    expires_at: dt.datetime
    shift_over: dt.datetime | None = None

    @property
    def called_off(self) -> bool:
        return self.called_off_at is not None

    @property
    def may_supervise(self) -> bool:
        return self.role is DeviceRole.SUPERVISE

    @property
    def is_kiosk(self) -> bool:
        return self.role is DeviceRole.KIOSK


def was_opened(meetup_id: int) -> bool:
    """Whether there was a link for a staff phone of this door; a self check-in tablet's asks for no list."""
    staff = Enrolment.role.in_((DeviceRole.SCAN, DeviceRole.SUPERVISE))
    return (
        db.session.scalar(
            select(exists().where(Enrolment.meetup_id == meetup_id, staff, Enrolment.is_own.is_(False)))
        )
        or False
    )


def open_door(
    meetup_id: int,
    role: DeviceRole,
    account_id: int,
    gate: str | None = None,
    *,
    lists: bool | None = None,
    is_own: bool = False,
) -> Enrolment:
    """Make the single-use link by which one phone becomes a staff phone. Refused once the shift is over.

    `lists`: what the organizer answers when asked whether the list of names may lie on the phones.
    `is_own`: for whoever asks, by their own right, and only as long as they have it.
    """
    with transaction() as session:
        meetup = session.get_one(Meetup, meetup_id)
        asked: dict[str, Any] = {} if lists is None else {"lists": lists}
        meetup.door_lists_people = asked.get("lists", meetup.door_lists_people)
        if _shift_ends(meetup) <= now():
            raise DomainError("door_over")
        if role is DeviceRole.KIOSK and meetup.door_kiosk_code is None:
            raise DomainError("kiosk_code_missing")
        uid = tokens.uid()
        enrolment = Enrolment(
            meetup_id=meetup_id,
            role=role,
            gate=gate,
            uid=uid,
            token_hash=tokens.hashed(tokens.enrolment_token(keys().link, uid)),
            created_by_id=account_id,
            is_own=is_own,
            expires_at=now() + LINK_LASTS,
        )
        session.add(enrolment)
        audit.record(
            session,
            "door.opened",
            enrolment,
            f"account:{account_id}",
            program_id=meetup.program_id,
            meetup=meetup_id,
            role=role.value,
            **asked,
        )
    return enrolment


def link_token(enrolment: Enrolment) -> str:
    """The secret part of the link that `open_door` made."""
    return tokens.enrolment_token(keys().link, enrolment.uid)


def open_enrolment(token: str) -> Enrolment:
    """The enrolment that a link opens, if a phone may still use it; refused otherwise."""
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.token_hash == tokens.hashed(token))
    ).one_or_none()
    if enrolment is None:
        raise DomainError("enrolment_unknown")
    if enrolment.used_at is not None:
        raise DomainError("enrolment_used")
    if enrolment.expires_at <= now():
        raise DomainError("enrolment_expired")
    return enrolment


def enrol(token: str, name: str, gate: str | None = None) -> tuple[Device, str]:
    """Turn the phone that presents `token` into a staff phone; its own token is handed out here only.

    `gate`: the one that the phone chose, else the one that the organizer meant it for.

    Of two phones with one link, one wins: the link is used up by a guarded UPDATE.
    """
    secret = tokens.mint(tokens.DEVICE)
    with transaction() as session:
        enrolment = open_enrolment(token)
        if not _use_up(session, enrolment.id):
            raise DomainError("enrolment_used")
        meetup = session.get_one(Meetup, enrolment.meetup_id)
        device = Device(
            meetup_id=meetup.id,
            enrolment_id=enrolment.id,
            name=name,
            role=enrolment.role,
            gate=gate or enrolment.gate,
            token_hash=tokens.hashed(secret),
            expires_at=_shift_ends(meetup),
            last_seen_at=now(),
        )
        session.add(device)
        session.flush()
        audit.record(
            session,
            "device.enrolled",
            device,
            f"device:{device.id}",
            program_id=meetup.program_id,
            enrolment=enrolment.id,
            role=device.role.value,
        )
    return device, secret


def door_opened_by(token: str, hashes: Sequence[str]) -> str | None:
    """The slug of the meetup whose door this link opened, for the very phone that used it."""
    return db.session.scalars(
        select(Meetup.slug)
        .join(Device, Device.meetup_id == Meetup.id)
        .join(Enrolment, Enrolment.id == Device.enrolment_id)
        .where(Enrolment.token_hash == tokens.hashed(token), Device.token_hash.in_(hashes))
    ).first()


def revoke(meetup_id: int, device_id: int, actor: str) -> Device:
    """Take a phone its right at once. Doing it twice is harmless; another meetup's device is unknown."""
    with transaction() as session:
        device = session.scalars(
            select(Device).where(Device.id == device_id, Device.meetup_id == meetup_id)
        ).one_or_none()
        if device is None:
            raise DomainError("no_such_device")
        if device.revoked_at is None:
            device.revoked_at = now()
            program_id = session.get_one(Meetup, meetup_id).program_id
            audit.record(session, "device.revoked", device, actor, program_id=program_id)
    return device


def authenticate(hashes: Sequence[str], slug: str, *, kiosk: bool = False) -> DoorPass:
    """The staff phone with one of these token hashes at the door of `slug`; refused otherwise."""
    return admitted(db.session.connection(), hashes, slug, kiosk=kiosk)


_known: set[str] = set()
_KNOWN_LIMIT = 10_000


def recognise(hashes: Sequence[str], slug: str) -> None:
    """Refuse strangers before they queue for the write lock. Only a look: `admitted` decides."""
    if _known.isdisjoint(hashes):
        admitted(db.session.connection(), hashes, slug, late=True, kiosk=True)
        if len(_known) >= _KNOWN_LIMIT:
            _known.clear()
        _known.update(hashes)


def admitted(
    connection: Connection, hashes: Sequence[str], slug: str, *, late: bool = False, kiosk: bool = False
) -> DoorPass:
    """`authenticate` on a connection of the caller's, as in a transaction that goes on to write.

    `late`: also a phone whose shift is over, for what it has not sent yet. `kiosk`: also a self check-in tablet,
    which is refused wherever nobody says that it may.
    """
    return pass_of(door_rows.by_token(connection, hashes, slug), late=late, kiosk=kiosk)


def pass_of(row: AnyRow | None, *, late: bool = False, kiosk: bool = False) -> DoorPass:
    """The right of the phone that was found, or the refusal."""
    if row is None:
        raise DomainError("device_unknown")
    if row.device_revoked_at is not None:
        raise DomainError("device_revoked")
    if row.device_role is DeviceRole.KIOSK and not kiosk:
        raise DomainError("kiosk_only")
    over = row.expires_at <= now()
    if over and not (late and now() < row.expires_at + LATE):
        raise DomainError("device_expired")
    return DoorPass(
        device_id=row.device_id,
        name=row.device_name,
        role=row.device_role,
        gate=row.device_gate,
        enrolled_at=row.enrolled_at,
        last_seen_at=row.last_seen_at,
        scans_waiting=row.scans_waiting,
        meetup_id=row.door_meetup_id,
        program_id=row.program_id,
        zone=row.zone,
        called_off_at=row.called_off_at,
        has_ticks=bool(row.door_ticks),
        tracks_exits=row.door_tracks_exits,
        shows_tables=row.shows_tables,
        expires_at=row.expires_at,
        shift_over=row.expires_at if over else None,
    )


def follow(session: Session, meetup: Meetup) -> None:
    """The meetup ends at another time: so does the right of its phones, also of those whose shift was over."""
    of_meetup = update(Device).where(Device.meetup_id == meetup.id, Device.revoked_at.is_(None))
    session.execute(of_meetup.values(expires_at=_shift_ends(meetup)))


def _use_up(session: Session, enrolment_id: int) -> bool:
    used = session.connection().execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.used_at.is_(None))
        .values(used_at=now())
    )
    return used.rowcount == 1


def _shift_ends(meetup: Meetup) -> dt.datetime:
    return meetup.ends_at + SHIFT_LASTS
