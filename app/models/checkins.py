"""The door: enrolled phones and the ledger of check-ins."""

from __future__ import annotations

import enum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import EnumText
from app.domain.door.admission import Verdict
from app.domain.door.moments import ClockFault
from app.domain.registering.registrations import Status
from app.models.base import BigId, CreatedAt, Id, Instant, Line, MaybeInstant, MaybeLine, Model, Short, link
from app.models.meetups import Meetup

# Partial, and none where nothing asks: every check-in pays for each index with a page on disk.
_OF_A_PERSON, _REFERS = text("registration_id IS NOT NULL"), text("refers_to_id IS NOT NULL")


class DeviceRole(enum.StrEnum):
    SCAN = "scan"
    SUPERVISE = "supervise"  # also undo, walk-ins, overrides
    KIOSK = "kiosk"  # a locked tablet for self check-in: learns no more than it shows


class CheckInKind(enum.StrEnum):
    ENTRY = "entry"
    EXIT = "exit"
    UNDO = "undo"
    OVERRIDE = "override"  # a supervisor let in whom the entry it refers to did not
    PARTY = "party"  # says how many of a party the entry or exit it refers to let in or out
    LET_IN = (
        "let_in"  # notes when the phone told, after the entry it refers to was stored, how many it had let in
    )


class Enrolment(Model):
    """The organizer's QR that turns one phone into a staff phone: single use, 15 minutes."""

    __tablename__ = "enrolment"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    role: Mapped[DeviceRole] = mapped_column(EnumText(DeviceRole))
    gate: Mapped[MaybeLine]
    uid: Mapped[Short] = mapped_column(unique=True)  # the seed of its token
    token_hash: Mapped[Short] = mapped_column(unique=True)
    created_by_id: Mapped[int | None] = link("account.id")
    # Whoever made it joins with their own phone by their own right: losing the right, they lose the phone.
    is_own: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    used_at: Mapped[MaybeInstant]


class Device(Model):
    """A staff phone, enrolled for one meetup's door; its token is stored only as a hash."""

    __tablename__ = "device"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    enrolment_id: Mapped[int | None] = link("enrolment.id")
    name: Mapped[Line]
    role: Mapped[DeviceRole] = mapped_column(EnumText(DeviceRole))
    token_hash: Mapped[Short] = mapped_column(unique=True)
    gate: Mapped[MaybeLine]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[MaybeInstant]
    last_seen_at: Mapped[MaybeInstant]
    # What the phone said at its last contact: how old its list is, and how many scans it has not sent.
    list_made_at: Mapped[MaybeInstant]
    scans_waiting: Mapped[int | None]

    meetup: Mapped[Meetup] = relationship()


class CheckIn(Model):
    """One row of the door's ledger: a scan, tap or undo and the answer it got. Append-only, but for `let_in`, and
    `admits` of whom a tablet says that it sent them to the staff.

    `scan_id` is made by the phone and unique within the meetup; the same id with the same body gets
    the stored answer again. `body_hash` tells a repeat from a different scan under a used id.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("meetup_id", "scan_id"),
        Index(None, "registration_id", sqlite_where=_OF_A_PERSON, postgresql_where=_OF_A_PERSON),
        Index(None, "refers_to_id", sqlite_where=_REFERS, postgresql_where=_REFERS),
    )

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    scan_id: Mapped[str] = mapped_column(String(36))
    kind: Mapped[CheckInKind] = mapped_column(EnumText(CheckInKind))
    verdict: Mapped[Verdict] = mapped_column(EnumText(Verdict))
    # The registration's state that the verdict rests on, so that a repeat gets the same words.
    status: Mapped[Status | None] = mapped_column(EnumText(Status))
    registration_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("registration.id"))
    ticket_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("ticket.id"))
    device_id: Mapped[int | None] = link("device.id", index=False)
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    method: Mapped[str] = mapped_column(String(12), default="camera")  # camera, typed, list, desk
    gate: Mapped[MaybeLine]
    payload: Mapped[str | None] = mapped_column(String(200))
    scanned_at: Mapped[Instant]  # the phone's clock
    clock_offset_ms: Mapped[int] = mapped_column(
        BigId, default=0
    )  # server minus phone, by which scanned_at was corrected
    corrected_at: Mapped[Instant]  # scanned_at by the server's clock: what orders the ledger
    clock_fault: Mapped[ClockFault | None] = mapped_column(EnumText(ClockFault))
    received_at: Mapped[Instant]
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    # For "already in": the check-in that came first. For an undo: the one that it takes back.
    # For an entry after an exit, and for an exit of somebody who is out: the exit by which they went.
    refers_to_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("check_in.id"))
    reason: Mapped[MaybeLine]
    admits: Mapped[int] = mapped_column(default=1)  # how many of a party this scan lets in or out, at most
    # How many the phone let in by its own list before it had an answer. None: it didn't say, and may at its next try.
    let_in: Mapped[int | None]


class TickMark(Model):
    """One tick of a person at the door (their badge, their meal), or its taking back. Append-only.

    `tick` is the name that the organizer gave it. The newest row of a person and tick counts.
    """

    __tablename__ = "tick_mark"
    __table_args__ = (UniqueConstraint("meetup_id", "mark_id"), Index(None, "registration_id", "tick"))

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    mark_id: Mapped[str] = mapped_column(String(36))  # made by the phone
    registration_id: Mapped[int] = link("registration.id", index=False)
    tick: Mapped[Short]
    given: Mapped[bool]
    device_id: Mapped[int | None] = link("device.id", index=False)
    account_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("account.id"))
    at: Mapped[CreatedAt]


__all__ = ["CheckIn", "CheckInKind", "Device", "DeviceRole", "Enrolment", "TickMark", "Verdict"]
