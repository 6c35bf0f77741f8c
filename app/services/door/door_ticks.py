"""Door ticks: who got their badge, their meal. Marks go into a table of their own, once each; the newest counts."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from app.clock import now
from app.db import db, statements
from app.domain.door.scans import Malformed
from app.domain.door.ticks import Mark, Standing, newest, read_mark
from app.domain.errors import DomainError
from app.models import Registration, TickMark
from app.prepared import KeyedSelect
from app.services.door import devices, door_contacts
from app.services.door.devices import DoorPass
from app.services.door.door_rows import AnyRow
from app.services.door.door_station import Station, station_of
from app.services.races import once_more

_mark, _registration = TickMark.__table__, Registration.__table__
_KNOWN = KeyedSelect(
    select(_mark, _registration.c.reference)
    .join_from(_mark, _registration, _registration.c.id == _mark.c.registration_id)
    .where(_mark.c.meetup_id == bindparam("meetup")),
    _mark.c.mark_id,
)
_OF = KeyedSelect(
    select(_mark.c.registration_id, _mark.c.at, _mark.c.mark_id, _mark.c.tick, _mark.c.given),
    _mark.c.registration_id,
)
_NAMED = KeyedSelect(
    select(_registration.c.id, _registration.c.reference).where(
        _registration.c.meetup_id == bindparam("meetup")
    ),
    _registration.c.reference,
)
_OF_ONE = (
    select(_registration.c.reference, _mark.c.at, _mark.c.mark_id, _mark.c.tick, _mark.c.given)
    .join_from(_registration, _mark, _mark.c.registration_id == _registration.c.id)
    .where(
        _registration.c.meetup_id == bindparam("meetup"), _registration.c.reference == bindparam("reference")
    )
)
_RANKED = select(
    _mark.c.registration_id,
    _mark.c.tick,
    _mark.c.at,
    _mark.c.given,
    func.row_number()
    .over(
        partition_by=(_mark.c.registration_id, _mark.c.tick),
        order_by=(_mark.c.at.desc(), _mark.c.mark_id.desc()),
    )
    .label("age"),
).where(_mark.c.meetup_id == bindparam("meetup"))
_newest = _RANKED.subquery()
_GIVEN = select(_newest.c.registration_id, _newest.c.tick, _newest.c.at).where(
    _newest.c.age == 1, _newest.c.given
)

Given = dict[str, dt.datetime]  # what somebody has, by tick: since when


@dataclass(frozen=True, slots=True)
class Marked:
    """The answer to one mark: how that tick stands now, or the code of what kept it from being stored."""

    id: str | None
    error: str | None = None
    registration: str | None = None
    tick: str | None = None
    replayed: bool = False
    standing: Standing | None = None


@once_more
def record(
    hashes: Sequence[str], slug: str, items: Sequence[object], sent_at: object
) -> tuple[DoorPass, list[Marked]]:
    """Store a phone's marks: one answer for each, in their order. A repeat changes nothing."""
    devices.recognise(hashes, slug)
    read, at = [read_mark(item) for item in items], now()
    with statements() as connection:
        door = devices.admitted(connection, hashes, slug, late=True)
        answers = _store(connection, station_of(door), read, sent_at, at)
        door_contacts.note_contact(connection, door, at)
    return door, answers


@once_more
def record_at_desk(meetup_id: int, account_id: int, item: Mapping[str, Any]) -> Marked:
    """One tick by an organizer; raises what a phone would be told."""
    at = now()
    mark = read_mark({**item, "at": at.isoformat()})
    with statements() as connection:
        station = Station(meetup_id, account_id=account_id)
        (answer,) = _store(connection, station, [mark], at.isoformat(), at)
    if answer.error:
        raise DomainError(answer.error)
    return answer


def given(meetup_id: int, references: Collection[str]) -> dict[str, Given]:
    """What these people have, by their reference."""
    connection = db.session.connection()
    if len(references) == 1:  # a scan: one question
        rows = connection.execute(_OF_ONE, {"meetup": meetup_id, "reference": next(iter(references))})
        return {reference: _had(ticks) for reference, ticks in _folded(rows, "reference").items()}
    people = {row.id: row.reference for row in _NAMED.rows(connection, references, meetup=meetup_id)}
    return {people[registration]: has for registration, has in given_to(people).items()}


def given_to(registration_ids: Collection[int]) -> dict[int, Given]:
    """What these registrations have."""
    standing = _standing(db.session.connection(), registration_ids)
    return {registration: _had(ticks) for registration, ticks in standing.items()}


def counts(meetup_id: int, ticks: Iterable[str]) -> list[tuple[str, int]]:
    """How many have each: the door's own ticks first, then those that it no longer has."""
    found = Counter(row.tick for row in db.session.execute(_GIVEN, {"meetup": meetup_id}))
    own = [(tick, found.pop(tick, 0)) for tick in ticks]
    return own + sorted(found.items())


def _store(
    connection: Connection,
    station: Station,
    marks: Sequence[Mark | Malformed],
    sent_at: object,
    at: dt.datetime,
) -> list[Marked]:
    fresh = {mark.id: mark for mark in reversed(marks) if isinstance(mark, Mark)}
    known = {row.mark_id: row for row in _KNOWN.rows(connection, fresh, meetup=station.meetup_id)}
    placed = station.placed(connection, {mark.id: mark.at for mark in fresh.values()}, sent_at, at)
    over = {key for key, when in placed.items() if key not in known and station.was_over(when)}
    references = {mark.registration for mark in fresh.values()}
    people = {row.reference: row.id for row in _NAMED.rows(connection, references, meetup=station.meetup_id)}
    rows = [
        _row(station, mark, people[mark.registration], placed[mark.id].corrected_at)
        for mark in fresh.values()
        if mark.id not in known and mark.id not in over and mark.registration in people
    ]
    if rows:
        connection.execute(insert(TickMark), rows)
    standing = _standing(connection, set(people.values()))
    return [
        Marked(mark.id, "shift_over") if mark.id in over else _answer(mark, fresh, known, people, standing)
        for mark in marks
    ]


def _row(station: Station, mark: Mark, registration_id: int, at: dt.datetime) -> dict[str, Any]:
    return {
        "meetup_id": station.meetup_id,
        "mark_id": mark.id,
        "registration_id": registration_id,
        "tick": mark.tick,
        "given": mark.given,
        "device_id": station.device_id,
        "account_id": station.account_id,
        "at": at,
    }


def _answer(
    mark: Mark | Malformed,
    fresh: Mapping[str, Mark],
    known: Mapping[str, AnyRow],
    people: Mapping[str, int],
    standing: Mapping[int, Mapping[str, Standing]],
) -> Marked:
    if isinstance(mark, Malformed):
        return Marked(mark.id, "malformed_tick")
    stored, first = known.get(mark.id), fresh[mark.id]
    said = (stored.reference, stored.tick, stored.given) if stored else _said(first)
    if said != _said(mark):
        return Marked(mark.id, "conflicting_body")
    if mark.registration not in people:
        return Marked(mark.id, "no_such_attendee")
    stands = standing[people[mark.registration]][mark.tick]
    return Marked(mark.id, None, mark.registration, mark.tick, stored is not None, stands)


def _said(mark: Mark) -> tuple[str, str, bool]:
    return mark.registration, mark.tick, mark.given


def _standing(connection: Connection, registrations: Collection[int]) -> dict[int, dict[str, Standing]]:
    return _folded(_OF.rows(connection, registrations), "registration_id")


def _folded(rows: Iterable[AnyRow], of: str) -> dict[Any, dict[str, Standing]]:
    """How each person's ticks stand; `of` is the column that tells people apart."""
    marks: dict[Any, list[tuple[dt.datetime, str, str, bool]]] = {}
    for row in rows:
        marks.setdefault(getattr(row, of), []).append((row.at, row.mark_id, row.tick, row.given))
    return {key: newest(told) for key, told in marks.items()}


def _had(ticks: Mapping[str, Standing]) -> Given:
    return {tick: stands.at for tick, stands in ticks.items() if stands.given}
