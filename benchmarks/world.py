"""The invented world of the bench, inserted in bulk: alumni, a door with tickets, a list to export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from app.access import SESSION_TOKEN
from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.domain.door import tickets
from app.domain.writing.names import search_key
from app.keys import keys
from app.models import (
    Account,
    AccountSession,
    Cohort,
    Device,
    DeviceRole,
    Membership,
    Person,
    PersonAddress,
    Program,
    Registration,
    RegistrationEvent,
    Role,
    RosterEntry,
    Status,
    Ticket,
)
from benchmarks.scenery import address_of, meetup_of, name_of

PROGRAM = "bootcamp"
COHORTS = 3


@dataclass(frozen=True)
class Gathering:
    """A meetup of the bench, with what a phone at its door and its attendees carry."""

    id: int
    slug: str
    codes: list[str]
    device_cookie: str


@dataclass(frozen=True)
class World:
    """What the measurements need to know. `addresses`: alumni who have not registered for `opening`."""

    door: Gathering
    listed: Gathering
    opening: Gathering
    few: Gathering
    many: Gathering
    addresses: list[str]
    organizer_cookie: str


def build(*, people: int, tickets: int, listed: int, seats: int, few: int, many: int) -> World:
    """Fill an empty database; needs the application's context. The first people go everywhere."""
    with transaction() as session:
        program, cohorts = program_with(session, COHORTS)
        folk = _people(session, program, cohorts, people)
        session.flush()
        make = partial(_gathering, session, program, cohorts)
        world = World(
            door=make("door", folk[:tickets], tickets),
            listed=make("listed", folk[:listed], listed),
            opening=make("opening", [], seats),
            few=make("few", folk[:few], 2 * many),
            many=make("many", folk[:many], 2 * many),
            addresses=[address_of(person) for person, _ in folk],
            organizer_cookie=organizer(session, program),
        )
        session.flush()
        continue_sequences(session)
    return world


def program_with(session: Session, number: int) -> tuple[Program, list[Cohort]]:
    program = Program(slug=PROGRAM, name_ko="머신러닝 부트캠프", name_en="ML Bootcamp")
    session.add(program)
    session.flush()
    cohorts = [
        Cohort(program_id=program.id, ordinal=n, year=2019 + n, name_ko=f"{n}기", name_en=f"Cohort {n}")
        for n in range(1, number + 1)
    ]
    session.add_all(cohorts)
    session.flush()
    return program, cohorts


def _people(
    session: Session, program: Program, cohorts: Sequence[Cohort], count: int
) -> list[tuple[int, int]]:
    """(person id, cohort id) of alumni with one address each."""
    folk = [(number, cohorts[number % COHORTS].id) for number in range(1, count + 1)]
    names = {person: name_of(person) for person, _ in folk}
    _insert(
        session,
        Person,
        (
            {"id": p, "program_id": program.id, "name": names[p], "search_key": search_key(names[p])}
            for p, _ in folk
        ),
    )
    addresses = (
        {"program_id": program.id, "person_id": p, "address": address_of(p), "address_key": address_of(p)}
        for p, _ in folk
    )
    _insert(session, PersonAddress, addresses)
    entries = (
        {
            "cohort_id": cohort,
            "person_id": p,
            "address_key": address_of(p),
            "name": names[p],
            "completed": True,
            "certificate": f"ML-{p:06d}",
        }
        for p, cohort in folk
    )
    _insert(session, RosterEntry, entries)
    return folk


def _gathering(
    session: Session,
    program: Program,
    cohorts: Sequence[Cohort],
    slug: str,
    attending: Sequence[tuple[int, int]],
    capacity: int,
) -> Gathering:
    meetup = meetup_of(program, cohorts, slug, capacity, len(attending))
    session.add(meetup)
    session.flush()
    first = (session.scalar(select(func.max(Registration.id))) or 0) + 1
    at = now()
    _insert(session, Registration, _registrations(meetup.id, attending, first, at))
    ids = range(first, first + len(attending))
    _insert(
        session,
        RegistrationEvent,
        ({"registration_id": key, "at": at, "after": Status.CONFIRMED, "actor": "person"} for key in ids),
    )
    issued = [(key, tokens.uid()) for key in ids]
    codes = [tickets.derive_code(keys().ticket, uid, 1) for _, uid in issued]
    rows = (
        {"uid": uid, "registration_id": key, "digest": tickets.digest(code)}
        for (key, uid), code in zip(issued, codes, strict=True)
    )
    _insert(session, Ticket, rows)
    token = tokens.mint(tokens.DEVICE)
    session.add(
        Device(
            meetup_id=meetup.id,
            name="입구 폰",
            role=DeviceRole.SCAN,
            token_hash=tokens.hashed(token),
            expires_at=meetup.ends_at + dt.timedelta(hours=6),
        )
    )
    return Gathering(meetup.id, slug, codes, f"door-{meetup.id}={token}")


def _registrations(
    meetup_id: int, attending: Sequence[tuple[int, int]], first: int, at: dt.datetime
) -> Iterator[dict[str, Any]]:
    for rank, (person, cohort) in enumerate(attending, start=1):
        yield {
            "id": first + rank - 1,
            "meetup_id": meetup_id,
            "person_id": person,
            "cohort_id": cohort,
            "reference": tokens.reference(),
            "status": Status.CONFIRMED,
            "rank": rank,
            "address": address_of(person),
            "phone": f"010-{person // 10_000:04d}-{person % 10_000:04d}",
            "created_at": at,
            "status_at": at,
        }


def organizer(session: Session, program: Program) -> str:
    """An owner who is signed in; the browser's cookie."""
    account = Account(name="운영자", address="owner@example.com", address_key="owner@example.com")
    session.add(account)
    session.flush()
    token = tokens.mint(tokens.SESSION)
    session.add_all(
        (
            Membership(program_id=program.id, account_id=account.id, role=Role.OWNER),
            AccountSession(
                account_id=account.id,
                token_hash=tokens.hashed(token),
                expires_at=now() + dt.timedelta(days=1),
            ),
        )
    )
    return session_cookie(current_app, {SESSION_TOKEN: token})


def session_cookie(app: Flask, values: dict[str, Any]) -> str:
    """The signed cookie that the application would set for such a session."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(values)}"


def _insert(session: Session, model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    if listed:
        session.execute(insert(model.__table__), listed)


def continue_sequences(session: Session) -> None:
    """PostgreSQL: go on after the ids that were given by hand."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in ("person", "registration", "check_in"):
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT coalesce(max(id), 1) FROM {name}))"
            )
        )
