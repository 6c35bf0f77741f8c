"""What the door reads and writes, as statements made once: a queue of people waits for each of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    exists,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.engine import Row

from app.domain.registering.registrations import Status
from app.models import (
    CheckIn,
    CheckInKind,
    Cohort,
    Device,
    Meetup,
    Person,
    Registration,
    RegistrationEvent,
    TablePlan,
    Ticket,
)
from app.prepared import Appending, KeyedSelect, Prepared

AnyRow: TypeAlias = Row[*tuple[Any, ...]]


_registration, _person, _cohort, _ticket, _meetup = (
    Registration.__table__,
    Person.__table__,
    Cohort.__table__,
    Ticket.__table__,
    Meetup.__table__,
)
_check_in, _device, _plan = CheckIn.__table__, Device.__table__, TablePlan.__table__
_first, _first_device = _check_in.alias("first"), _device.alias("first_device")
_moved, _event = _check_in.alias("moved"), RegistrationEvent.__table__
# After which a ticket that was used may enter again; written out, so that no list is unfolded for every scan.
_TURNS: list[ColumnElement[str]] = [
    literal_column(f"'{kind.value}'") for kind in (CheckInKind.UNDO, CheckInKind.EXIT)
]
_COLUMNS = (
    _registration.c.id,
    _registration.c.meetup_id,
    _registration.c.reference,
    _registration.c.status,
    _registration.c.status_at,
    _registration.c.admitted_at,
    _registration.c.admitted_by_id,
    _registration.c.admitted_count,
    _registration.c.left_count,
    _registration.c.companions,
    _registration.c.arrival_alert,
    _registration.c.host_listed,
    _registration.c.source,
    _person.c.name,
    _cohort.c.ordinal.label("cohort"),
    exists()
    .where(_moved.c.registration_id == _registration.c.id, _moved.c.kind.in_(_TURNS))
    .label("has_turned"),
    _first.c.scan_id.label("first_scan_id"),
    _first.c.let_in.label("first_let_in"),
    _first.c.gate.label("first_gate"),
    _first.c.account_id.label("first_account_id"),
    _first_device.c.name.label("first_device"),
    _first_device.c.role.label("first_role"),
)
_WHOLE = (
    _registration.join(_person, _person.c.id == _registration.c.person_id)
    .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
    .outerjoin(_first, _first.c.id == _registration.c.admitted_by_id)
    .outerjoin(_first_device, _first_device.c.id == _first.c.device_id)
)
_TICKET = (_ticket.c.id.label("ticket_id"), _ticket.c.issued_at, _ticket.c.revoked_at, _ticket.c.digest)
_NO_TICKET = tuple(null().label(column.name) for column in _TICKET)
_TICKETS = select(*_COLUMNS, *_TICKET).select_from(
    _WHOLE.join(_ticket, _ticket.c.registration_id == _registration.c.id)
)
_DOOR_COLUMNS = (
    _device.c.id.label("device_id"),
    _device.c.name.label("device_name"),
    _device.c.role.label("device_role"),
    _device.c.gate.label("device_gate"),
    _device.c.created_at.label("enrolled_at"),
    _device.c.expires_at,
    _device.c.revoked_at.label("device_revoked_at"),
    _device.c.last_seen_at,
    _device.c.scans_waiting,
    _device.c.meetup_id.label("door_meetup_id"),
    _meetup.c.program_id,
    _meetup.c.called_off_at,
    _meetup.c.zone,
    _meetup.c.door_ticks,
    _meetup.c.door_tracks_exits,
    exists()
    .where(_plan.c.meetup_id == _device.c.meetup_id, _plan.c.published_at.is_not(None))
    .label("shows_tables"),
)
_BY_TOKEN = KeyedSelect(
    select(*_DOOR_COLUMNS)
    .join_from(_device, _meetup, _meetup.c.id == _device.c.meetup_id)
    .where(_meetup.c.slug == bindparam("slug")),
    _device.c.token_hash,
)
# Not a join: planned while the ledger is empty, PostgreSQL goes on reading all of it for each scan of an evening.
_STORED_ID = (
    select(_check_in.c.id)
    .where(_check_in.c.meetup_id == _device.c.meetup_id, _check_in.c.scan_id == bindparam("scan"))
    .limit(1)
    .scalar_subquery()
)
_GLANCE = Prepared(
    select(*_DOOR_COLUMNS, *_COLUMNS, *_TICKET, _STORED_ID.label("stored_id"))
    .select_from(
        _device.join(_meetup, _meetup.c.id == _device.c.meetup_id)
        .outerjoin(_ticket, _ticket.c.digest == bindparam("digest"))
        .outerjoin(_registration, _registration.c.id == _ticket.c.registration_id)
        .outerjoin(_person, _person.c.id == _registration.c.person_id)
        .outerjoin(_cohort, _cohort.c.id == _registration.c.cohort_id)
        .outerjoin(_first, _first.c.id == _registration.c.admitted_by_id)
        .outerjoin(_first_device, _first_device.c.id == _first.c.device_id)
    )
    .where(_device.c.token_hash == bindparam("token"), _meetup.c.slug == bindparam("slug"))
)
_REGISTRATIONS = select(*_COLUMNS, *_NO_TICKET).select_from(_WHOLE)
_HERE = _registration.c.meetup_id == bindparam("meetup")
_BY_DIGEST = KeyedSelect(_TICKETS, _ticket.c.digest)
_BY_REFERENCE = KeyedSelect(_REGISTRATIONS.where(_HERE), _registration.c.reference)
_BY_ID = KeyedSelect(_REGISTRATIONS, _registration.c.id)
_STORED = KeyedSelect(
    select(_check_in).where(_check_in.c.meetup_id == bindparam("meetup")), _check_in.c.scan_id
)
_REFERRED = KeyedSelect(
    select(
        _check_in.c.id,
        _check_in.c.kind,
        _check_in.c.corrected_at,
        _check_in.c.gate,
        _check_in.c.account_id,
        _check_in.c.let_in,
        _device.c.name.label("device"),
        _device.c.role.label("device_role"),
    ).select_from(_check_in.outerjoin(_device, _device.c.id == _check_in.c.device_id)),
    _check_in.c.id,
)
_APPEND = Appending(_check_in)
_ADMIT = Prepared(
    update(cast("Table", _registration))
    .where(
        _registration.c.id == bindparam("registration"),
        _registration.c.admitted_at.is_(None),
        _registration.c.status == Status.CONFIRMED,
    )
    .values(admitted_at=bindparam("at"), admitted_by_id=bindparam("by"), admitted_count=1)
)
_SET_ADMISSION = (
    update(Registration)
    .where(_registration.c.id == bindparam("registration"))
    .values(
        admitted_at=bindparam("at"),
        admitted_by_id=bindparam("by"),
        admitted_count=bindparam("people"),
        left_at=bindparam("left_at"),
        left_count=bindparam("left"),
    )
)
# Not FOR UPDATE: every new row of the ledger holds a key share of its registration.
_LOCK = (
    select(_registration.c.id)
    .where(_registration.c.id == bindparam("registration"))
    .with_for_update(key_share=True)
)
HISTORIES = (
    select(
        _check_in.c.registration_id,
        (1 + _registration.c.companions).label("size"),
        _check_in.c.admits,
        _check_in.c.id,
        _check_in.c.scan_id,
        _check_in.c.kind,
        _check_in.c.verdict,
        _check_in.c.corrected_at,
        _check_in.c.refers_to_id,
        _check_in.c.device_id,
        _check_in.c.let_in,
        _check_in.c.gate,
        _check_in.c.account_id,
        _device.c.name.label("device"),
        _device.c.role.label("device_role"),
    )
    .join_from(_check_in, _registration, _registration.c.id == _check_in.c.registration_id)
    .outerjoin(_device, _device.c.id == _check_in.c.device_id)
)
_HISTORY = HISTORIES.where(_check_in.c.registration_id == bindparam("registration"))
_NEXT_CHANGE = (
    select(_event.c.before)
    .where(_event.c.registration_id == bindparam("registration"), _event.c.at > bindparam("at"))
    .order_by(_event.c.at, _event.c.id)
    .limit(1)
)
_UNDO_OF = select(_check_in).where(
    _check_in.c.refers_to_id == bindparam("target"), _check_in.c.kind == CheckInKind.UNDO
)


def by_token(connection: Connection, hashes: Collection[str], slug: str) -> AnyRow | None:
    """The phone with one of these token hashes that stands at the door of `slug`."""
    return max(_BY_TOKEN.rows(connection, hashes, slug=slug), key=lambda row: row.device_id, default=None)


def glance(connection: Connection, token: str, slug: str, scan_id: str, digest: bytes) -> AnyRow | None:
    """`by_token`, `stored` and `by_digest` in one question; what is not there is None."""
    given = {"token": token, "slug": slug, "scan": scan_id, "digest": digest}
    row: AnyRow | None = _GLANCE.first(connection, given)
    return row


def by_digest(connection: Connection, digests: Collection[bytes]) -> dict[bytes, AnyRow]:
    """Tickets with the registration, person, cohort and first entry behind each, by their digest."""
    return {row.digest: row for row in _BY_DIGEST.rows(connection, digests)}


def by_reference(connection: Connection, meetup_id: int, references: Collection[str]) -> dict[str, AnyRow]:
    """Registrations of this meetup by their public reference."""
    return {row.reference: row for row in _BY_REFERENCE.rows(connection, references, meetup=meetup_id)}


def by_id(connection: Connection, ids: Collection[int]) -> dict[int, AnyRow]:
    return {row.id: row for row in _BY_ID.rows(connection, ids)}


def stored(connection: Connection, meetup_id: int, scan_ids: Collection[str]) -> dict[str, AnyRow]:
    """The ledger's rows of these scan ids."""
    return {row.scan_id: row for row in _STORED.rows(connection, scan_ids, meetup=meetup_id)}


def referred(connection: Connection, ids: Collection[int]) -> dict[int, AnyRow]:
    """Time, gate and phone of the check-ins that others refer to."""
    return {row.id: row for row in _REFERRED.rows(connection, ids)}


def append(connection: Connection, values: dict[str, Any]) -> int:
    """Add a row to the ledger; its id."""
    return _APPEND.add(connection, values)


def admit(connection: Connection, registration_id: int, at: Any, by: int) -> bool:
    """Let the person in unless another scan has, or the seat is gone, since the row was read."""
    given = {"registration": registration_id, "at": at, "by": by}
    return _ADMIT.count(connection, given) == 1


def lock(connection: Connection, registration_id: int) -> None:
    """Others wait from here to the end of the transaction. SQLite's writers take turns anyway."""
    if connection.dialect.name != "sqlite":
        connection.execute(_LOCK, {"registration": registration_id})


def history(connection: Connection, registration_id: int) -> list[AnyRow]:
    """Everything the ledger holds on one registration."""
    return list(connection.execute(_HISTORY, {"registration": registration_id}))


def status_at(connection: Connection, registration_id: int, at: Any) -> Status | None:
    """The registration's state at that time, if it has changed since; None as well if there was none yet."""
    status: Status | None = connection.execute(
        _NEXT_CHANGE, {"registration": registration_id, "at": at}
    ).scalar()
    return status


def undo_of(connection: Connection, check_in_id: int) -> AnyRow | None:
    return connection.execute(_UNDO_OF, {"target": check_in_id}).first()


def set_admission(connection: Connection, registration_id: int, **given: Any) -> None:
    """Write what the ledger comes to: `at`, `by`, `people`, and of these `left`, the last of them at `left_at`."""
    connection.execute(_SET_ADMISSION, {"registration": registration_id} | given)
