"""Printing badges: each print is kept as rows, so that who got one is known, and it can be made again.

A print holds places and no names: a badge shows what is known of its person when its PDF is made. Whoever cancelled or was erased
since is left out. A badge whose ticket was issued anew since, so that the code on it is dead, counts as never printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, insert, not_, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.printing.designs import Design, Part
from app.domain.registering.registrations import ACTIVE, Status
from app.models import BadgePrint, Cohort, Meetup, Person, PrintedBadge, Registration, Ticket
from app.services import audit
from app.services.organizing import attendees
from app.services.organizing.attendees import Filter
from app.services.printing import badge_designs

ACT = "badges.printed"
MOST = 20_000
"""In one print."""
MOST_START = 1_600


@dataclass(frozen=True)
class Chosen:
    """Whose badges: of these registrations or, with `registration`, of that one alone. `only_new`: that were never printed."""

    wanted: Filter = field(default_factory=Filter)
    only_new: bool = False
    registration: int | None = None


SEATED = Filter(frozenset({Status.CONFIRMED}))
Piece = tuple[int, int]
"""A registration, and 0 for its registrant or the number of a companion."""


def pieces(meetup_id: int, chosen: Chosen, design: Design) -> list[Piece]:
    """The badges, by cohort and name, companions behind whom they come with."""
    found = []
    printed = _printed(meetup_id) if chosen.only_new else frozenset()
    for row in db.session.execute(_ordered(meetup_id, chosen)):
        companions = row.companions if design.companions else 0
        found += [piece for number in range(companions + 1) if (piece := (row.id, number)) not in printed]
    return found


def begin(meetup_id: int, chosen: Chosen, actor: str, start: int = 0, reason: str = "") -> BadgePrint:
    """Note that these are printed now, by the meetup's design. Refused where there are none, or too many."""
    if not 0 <= start <= MOST_START:
        raise DomainError("badge_start", most=MOST_START)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)  # two that press "new" at once don't print the same
        design = badge_designs.of_meetup(meetup_id)
        badges = pieces(meetup_id, chosen, design)
        if not badges:
            raise DomainError("no_badges_to_print")
        if len(badges) > MOST:
            raise DomainError("too_many_badges", limit=MOST)
        made = BadgePrint(
            meetup_id=meetup_id,
            actor=actor,
            badges=len(badges),
            start=start % design.layout.a_page,
            design=design.stored(),
        )
        session.add(made)
        session.flush()
        _note(session, made, badges)
        one: dict[str, Any] = {"registrations": [chosen.registration]} if chosen.registration else {}
        audit.record(
            session,
            ACT,
            meetup,
            actor,
            program_id=meetup.program_id,
            reason=reason,
            print=made.id,
            badges=made.badges,
            only_new=chosen.only_new,
            **one,
        )
        return made


def numbers(meetup_id: int, design: Design) -> tuple[int, int]:
    """Of those who have a seat: how many badges, and how many of them were never printed."""
    everybody = pieces(meetup_id, Chosen(SEATED), design)
    printed = _printed(meetup_id)
    return len(everybody), sum(piece not in printed for piece in everybody)


def find(meetup_id: int, number: int) -> BadgePrint | None:
    query = select(BadgePrint).where(BadgePrint.id == number, BadgePrint.meetup_id == meetup_id)
    return db.session.scalars(query).one_or_none()


def latest(meetup_id: int, limit: int, before: int | None = None) -> Sequence[BadgePrint]:
    """The newest first, of those before that one."""
    query = select(BadgePrint).where(BadgePrint.meetup_id == meetup_id)
    if before is not None:
        query = query.where(BadgePrint.id < before)
    return db.session.scalars(query.order_by(BadgePrint.id.desc()).limit(limit)).all()


def printed_pieces(made: BadgePrint, start: int, limit: int) -> list[Piece]:
    """A part of a print, in its order, without those who have no place any more: nobody moves into another part for them."""
    rows = db.session.execute(
        select(PrintedBadge.registration_id, PrintedBadge.companion)
        .join(Registration, Registration.id == PrintedBadge.registration_id)
        .where(
            PrintedBadge.print_id == made.id,
            PrintedBadge.place >= start,
            PrintedBadge.place < start + limit,
            PrintedBadge.companion <= Registration.companions,
            Registration.status.in_(sorted(ACTIVE)),
        )
        .order_by(PrintedBadge.place)
    )
    return [(row.registration_id, row.companion) for row in rows]


def of_registration(registration_id: int) -> Sequence[Any]:
    """When their badges were printed and by whom, the newest first; once a print."""
    query = (
        select(BadgePrint.at, BadgePrint.actor)
        .join(PrintedBadge, PrintedBadge.print_id == BadgePrint.id)
        .where(PrintedBadge.registration_id == registration_id)
        .group_by(BadgePrint.id, BadgePrint.at, BadgePrint.actor)
    )
    return db.session.execute(query.order_by(BadgePrint.id.desc())).all()


def printed_of(registrations: Sequence[int]) -> frozenset[int]:
    """Those of these of whom a badge was printed that holds still."""
    query = select(PrintedBadge.registration_id).join(BadgePrint, BadgePrint.id == PrintedBadge.print_id)
    query = query.where(PrintedBadge.registration_id.in_(registrations), _holds())
    return frozenset(db.session.scalars(query.distinct()))


def _ordered(meetup_id: int, chosen: Chosen) -> Select[Any]:
    which: ColumnElement[bool] = Registration.id.in_(attendees.ids(meetup_id, chosen.wanted))
    if chosen.registration is not None:
        which = Registration.id == chosen.registration
    columns: tuple[Any, ...] = (Registration.id, Registration.companions)
    query: Select[Any] = select(*columns)
    return (
        query.join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(
            Registration.meetup_id == meetup_id,
            Registration.status.in_(sorted(ACTIVE)),
            Person.erased_at.is_(None),
            which,
        )
        .order_by(Cohort.ordinal, Person.name, Registration.id)
    )


def _printed(meetup_id: int) -> frozenset[Piece]:
    rows = db.session.execute(
        select(PrintedBadge.registration_id, PrintedBadge.companion)
        .join(BadgePrint, BadgePrint.id == PrintedBadge.print_id)
        .where(BadgePrint.meetup_id == meetup_id, _holds())
    )
    return frozenset((row.registration_id, row.companion) for row in rows)


def _holds() -> ColumnElement[bool]:
    """Of a printed badge: that it has no code, or that no ticket was issued since."""
    newer = select(Ticket.id).where(
        Ticket.registration_id == PrintedBadge.registration_id,
        Ticket.revoked_at.is_(None),
        Ticket.issued_at > PrintedBadge.at,
    )
    has_code = BadgePrint.design["parts"].as_string().contains(f'"{Part.QR}"')
    return not_(and_(has_code, newer.correlate(PrintedBadge).exists()))


def _note(session: Session, made: BadgePrint, badges: Sequence[Piece]) -> None:
    at = now()
    rows = [
        {
            "print_id": made.id,
            "registration_id": registration,
            "companion": companion,
            "place": place,
            "at": at,
        }
        for place, (registration, companion) in enumerate(badges)
    ]
    session.execute(insert(PrintedBadge), rows)
