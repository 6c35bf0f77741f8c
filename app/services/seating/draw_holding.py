"""The draw itself: the public value is known, the secret is opened, seats are given and the line is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating import draw as rules
from app.domain.seating.draw import Drawn, Entry
from app.domain.seating.draw_files import entries_of
from app.models import Draw, DrawEntry, Meetup, Registration
from app.services import audit
from app.services.registering.registration_changes import change, owe
from app.services.seating import promotion, ranks
from app.services.seating.draw_entries import close_if_due, current
from app.services.seating.draws import secret_of
from app.services.seating.windows import require_ahead

DRAWN = "the draw"
_entries = cast("Table", DrawEntry.__table__)
_SET_PLACE = update(_entries).where(_entries.c.pseudonym == bindparam("who")).values(place=bindparam("drawn"))


def hold(meetup_id: int, draw_id: int, value: str, actor: str) -> Draw:
    """Draw, once and for all: `value` is the public value as its source prints it. Everybody is told by mail.

    Drawn already with the same value, it changes nothing; with another it is refused.
    """
    digits = rules.digits(value)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        draw = current(session, meetup_id)
        if draw is None or draw.id != draw_id:
            raise DomainError("draw_replaced")
        if draw.held_at:
            _require_same_value(draw, digits)
            return draw
        _require_time(meetup, draw)
        close_if_due(session, meetup)
        drawn, line = _open(draw, value)
        draw.held_at, draw.held_by = now(), actor
        meetup.draw_until, meetup.draw_closed, meetup.draw_seats = None, False, 0
        meetup.version += 1
        audit.record(
            session,
            "draw.held",
            meetup,
            actor,
            program_id=meetup.program_id,
            draw=draw.id,
            entries=len(line),
            seated=len(drawn.seated),
        )
        _seat(session, meetup, drawn, line, actor)
        promotion.promote(session, meetup)
        return draw


def _open(draw: Draw, value: str) -> tuple[Drawn, list[Entry]]:
    """Open the secret and write the files; who gets a seat, and everybody in drawn order."""
    assert draw.entries is not None  # noqa: S101 - closed a moment ago
    secret, terms = secret_of(draw), draw.rules
    if rules.commitment(secret, draw.terms) != draw.commitment:
        raise DomainError("draw_secret_lost")
    entries, seed = entries_of(draw.entries), rules.seed(secret, value, draw.entries)
    drawn, line = rules.draw(seed, entries, terms), rules.in_line(seed, entries, terms.shares)
    draw.opening, draw.result = (
        rules.opening_file(secret, value, draw.terms),
        rules.result_file(drawn, line),
    )
    return drawn, line


def _seat(session: Session, meetup: Meetup, drawn: Drawn, line: Sequence[Entry], actor: str) -> None:
    """Seats, and places in drawn order. Who withdrew after the deadline has a place in the result alone: a seat that
    they drew goes on in the line."""
    places = {entry.pseudonym: place for place, entry in enumerate(line, 1)}
    if places:
        session.connection().execute(
            _SET_PLACE, [{"who": who, "drawn": place} for who, place in places.items()]
        )
    rows = session.execute(
        select(DrawEntry.pseudonym, Registration)
        .join(Registration, Registration.id == DrawEntry.registration_id)
        .where(Registration.meetup_id == meetup.id, Registration.status == Status.APPLIED)
        .with_for_update(of=Registration)
    ).all()
    there = {row.pseudonym: row.Registration for row in rows}
    in_order = [there[entry.pseudonym] for entry in line if entry.pseudonym in there]
    old = {row.id: row.rank for row in in_order}
    ranks.give(session, old, dict(zip(old, sorted(old.values()), strict=True)))
    seated = [there[entry.pseudonym] for entry in drawn.seated if entry.pseudonym in there]
    waiting = [there[entry.pseudonym] for entry in drawn.waiting if entry.pseudonym in there]
    promotion.seat(session, meetup, seated, actor, DRAWN, mail="registration_drawn")
    change(session, waiting, Status.WAITLISTED, actor, DRAWN)
    owe(session, "registration_not_drawn", meetup, waiting)


def _require_same_value(draw: Draw, digits: str) -> None:
    if rules.digits((draw.opening or "").partition("\nvalue ")[2]) != digits:
        raise DomainError("draw_held_already")


def _require_time(meetup: Meetup, draw: Draw) -> None:
    require_ahead(meetup)
    if now() < draw.known_at:
        raise DomainError("draw_value_not_known")
