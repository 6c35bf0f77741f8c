"""What somebody took back since a backup was made, and what putting it back must not give out again.

Rows are known by their number and by what else makes them the same; only where the backup is our own past. What takes more
than a mark (a consent's answers, a photo's file) is done again by its own service, as the trail tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from app.db import db
from app.domain.registering.registrations import Status
from app.models import Device, Passkey, Program, Registration, StoryPhoto, StoryQuote, Ticket
from app.services.backups import trail
from app.services.backups.rows import table_of
from app.services.backups.trail import Rows
from app.services.organizing import story_photos
from app.services.registering import consents, tickets

AT_ONCE = 500
# A transaction that was under way while the backup was made took its time a little earlier.
UNDER_WAY = dt.timedelta(minutes=1)
# What makes a row the same beside its number, when it was taken back, and what goes with that.
MARKS: tuple[tuple[Any, str, str, tuple[str, ...]], ...] = (
    (Device, "token_hash", "revoked_at", ()),
    (Ticket, "uid", "revoked_at", ()),
    (StoryPhoto, "uid", "hidden_at", ("asked_words",)),
    (StoryQuote, "registration_id", "refused_at", ("approved_at",)),
)


@dataclass
class Withdrawn:
    """`changes`: a table, a row's number and what it must say. `tickets`: issued in the place of revoked ones."""

    changes: list[tuple[Table, int, dict[str, Any]]] = field(default_factory=list)
    tickets: list[dict[str, Any]] = field(default_factory=list)
    passkeys: set[int] = field(default_factory=set)
    without_passkeys: set[int] = field(default_factory=set)


def remember(connection: Connection, then: Rows, made_at: dt.datetime) -> Withdrawn:
    """Look at what is there, before it goes."""
    found = Withdrawn()
    for model, same, at, more in MARKS:
        table = table_of(model)
        for old, own in _beside(connection, then, table, "id", same, at, *more):
            is_new = own[at] is not None and own[at] >= made_at - UNDER_WAY
            if old[same] == own[same] and old[at] is None and is_new:
                found.changes.append((table, own["id"], {name: own[name] for name in (at, *more)}))
    found.changes += _links(connection, then) + _asked_for_passkeys(connection, then)
    found.tickets = _issued_instead(connection, then, found)
    for entry in trail.done_since(connection, then, "passkey.removed", "passkey.all_removed"):
        if entry.act == "passkey.removed":  # an entry of its account
            found.passkeys.add(entry.details["passkey"])
        else:
            found.without_passkeys.add(trail.number_of(entry.subject))
    return found


def stay(connection: Connection, found: Withdrawn) -> None:
    """After the rows are back. Whoever has a seat again, and no ticket that is valid, gets the next."""
    for table, number, values in found.changes:
        connection.execute(update(table).where(table.c.id == number).values(values))
    if found.tickets:
        connection.execute(insert(table_of(Ticket)), found.tickets)
    keys = table_of(Passkey)
    for number in found.passkeys:
        connection.execute(delete(keys).where(keys.c.id == number))
    for number in found.without_passkeys:
        connection.execute(delete(keys).where(keys.c.account_id == number))
    _ensure_tickets(connection, [number for table, number, _ in found.changes if table is table_of(Ticket)])


def take_back_again(then: Rows, actor: str) -> None:
    """Consents that were taken back since, with the answers that rested on them, and photos that were removed."""
    standing: dict[tuple[int, str], tuple[bool, str, str]] = {}
    for entry in trail.done_since(db.session.connection(), then, "consents.changed"):
        for key, given in entry.details["given"].items():
            standing[trail.number_of(entry.subject), key] = given, entry.actor, entry.reason
    for (registration_id, key), (given, whose, reason) in standing.items():
        if not given and db.session.get(Registration, registration_id) is not None:
            consents.change(registration_id, {key: False}, whose, reason)
    for entry in trail.done_since(db.session.connection(), then, "photo.removed"):
        if photo := db.session.get(StoryPhoto, trail.number_of(entry.subject)):
            story_photos.remove_photo(photo.meetup_id, photo.id, actor)


def _beside(
    connection: Connection, then: Rows, table: Table, *names: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of the backup that are there still, each with what it says now."""
    rows = iter(then(table))
    while part := list(islice(rows, AT_ONCE)):
        query = select(*(table.c[name] for name in names)).where(table.c.id.in_([row["id"] for row in part]))
        own = {row.id: dict(row._mapping) for row in connection.execute(query)}
        yield from ((row, own[row["id"]]) for row in part if row["id"] in own)


def _links(connection: Connection, then: Rows) -> list[tuple[Table, int, dict[str, Any]]]:
    """A personal link that was replaced stays dead."""
    table, name = table_of(Registration), "link_revision"
    pairs = _beside(connection, then, table, "id", "meetup_id", name)
    return [
        (table, own["id"], {name: own[name]})
        for old, own in pairs
        if old["meetup_id"] == own["meetup_id"] and old[name] < own[name]
    ]


def _asked_for_passkeys(connection: Connection, then: Rows) -> list[tuple[Table, int, dict[str, Any]]]:
    """Programmes that ask for passkeys since then, and do so still."""
    table, name = table_of(Program), "passkeys_from"
    asked = trail.done_since(connection, then, "program.passkeys_asked")
    numbers = {trail.number_of(entry.subject) for entry in asked}
    pairs = _beside(connection, then, table, "id", name)
    return [(table, own["id"], {name: own[name]}) for _, own in pairs if own["id"] in numbers and own[name]]


def _issued_instead(connection: Connection, then: Rows, found: Withdrawn) -> list[dict[str, Any]]:
    """The later tickets of registrations whose ticket was revoked since: people have them in their hands."""
    table = table_of(Ticket)
    revoked = [number for of, number, _ in found.changes if of is table]
    known = {row["id"] for row in then(table)} if revoked else set()
    later: list[dict[str, Any]] = []
    for start in range(0, len(revoked), AT_ONCE):
        of = select(table.c.registration_id).where(table.c.id.in_(revoked[start : start + AT_ONCE]))
        rows = connection.execute(select(table).where(table.c.registration_id.in_(of)))
        later += [dict(row._mapping) for row in rows if row.id not in known]
    return later


def _ensure_tickets(connection: Connection, revoked: list[int]) -> None:
    with Session(connection, autoflush=False) as session:
        for start in range(0, len(revoked), AT_ONCE):
            of = select(Ticket.registration_id).where(Ticket.id.in_(revoked[start : start + AT_ONCE]))
            seated = Registration.id.in_(of), Registration.status == Status.CONFIRMED
            valid = select(Ticket.id).where(
                Ticket.registration_id == Registration.id, Ticket.revoked_at.is_(None)
            )
            tickets.ensure(
                session, session.scalars(select(Registration).where(*seated, ~valid.exists())).all()
            )
