"""Printing badges: each print is kept as rows, so that who got one is known, and it can be made again.

A print holds places and no names: a badge shows what is known of its person when its PDF is made. Whoever cancelled or was erased
since is left out. A badge that holds no more (badge_standing.py) counts as never printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.printing.designs import Design
from app.domain.registering.registrations import ACTIVE, Status
from app.models import BadgePrint, Cohort, ExtraBadge, Meetup, Person, PrintedBadge, Registration
from app.services import audit
from app.services.organizing import attendees
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import kinds
from app.services.printing import badge_designs, badge_standing, extra_badges
from app.services.printing.badge_people import EXTRA, Piece
from app.services.printing.badge_standing import piece_of

ACT = "badges.printed"
MOST = 20_000
"""In one print."""
MOST_START = 1_600


@dataclass(frozen=True)
class Chosen:
    """Whose badges: of these registrations or, with `registration`, of that one alone; None: of none. `only_new`: that were
    never printed. `extras`: also those who have no registration or, with `extra`, that one of them."""

    wanted: Filter | None = field(default_factory=Filter)
    only_new: bool = False
    registration: int | None = None
    extras: bool = False
    extra: int | None = None


SEATED = Filter(frozenset({Status.CONFIRMED}))


def pieces(meetup_id: int, chosen: Chosen, design: Design) -> list[Piece]:
    """The badges, by cohort and name, companions behind whom they come with, and at the end those without a registration."""
    printed = badge_standing.standing(meetup_id) if chosen.only_new else frozenset()
    return _besides(printed, meetup_id, chosen, design)


def _besides(printed: frozenset[Piece], meetup_id: int, chosen: Chosen, design: Design) -> list[Piece]:
    found: list[Piece] = []
    if chosen.wanted is not None:
        for row in db.session.execute(_ordered(meetup_id, chosen, chosen.wanted)):
            companions = row.companions if design.companions else 0
            found += [(row.id, number) for number in range(companions + 1)]
    if chosen.extras or chosen.extra is not None:
        listed = [row.id for row in extra_badges.of_meetup(meetup_id)]
        found += [(number, EXTRA) for number in listed if chosen.extra in (None, number)]
    return [piece for piece in found if piece not in printed]


def _sound(badges: list[Piece]) -> list[Piece]:
    if not badges:
        raise DomainError("no_badges_to_print")
    if len(badges) > MOST:
        raise DomainError("too_many_badges", limit=MOST)
    return badges


def begin(meetup_id: int, chosen: Chosen, actor: str, start: int = 0, reason: str = "") -> BadgePrint:
    """Note that these are printed now, by the meetup's design. Refused where there are none, or too many.

    What stands on them is read before the seat lock, which thousands would hold for seconds. Who is changed in between has a
    badge that counts as new again.
    """
    if not 0 <= start <= MOST_START:
        raise DomainError("badge_start", most=MOST_START)
    before = badge_designs.of_meetup(meetup_id)
    latest = db.session.scalar(select(func.max(BadgePrint.id)).where(BadgePrint.meetup_id == meetup_id)) or 0
    printed = badge_standing.standing(meetup_id) if chosen.only_new else frozenset()
    ready = _sound(_besides(printed, meetup_id, chosen, before))
    known = badge_standing.digests(meetup_id, before, ready)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)  # two that press "new" at once don't print the same
        design = badge_designs.of_meetup(meetup_id)
        if chosen.only_new:
            printed |= badge_standing.standing(meetup_id, PrintedBadge.print_id > latest)
        badges = _sound(_besides(printed, meetup_id, chosen, design))
        known = known if design == before else {}
        known |= badge_standing.digests(meetup_id, design, [each for each in badges if each not in known])
        made = BadgePrint(
            meetup_id=meetup_id,
            actor=actor,
            badges=len(badges),
            start=start % design.layout.a_page,
            design=design.stored(),
        )
        session.add(made)
        session.flush()
        _note(session, made, badges, known)
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
            restricted_by=kinds(chosen.wanted, besides=("statuses",)),
            **one,
        )
        return made


def numbers(meetup_id: int, design: Design, wanted: Filter | None = None) -> tuple[int, int]:
    """How many badges, and how many of them were never printed: of those whom the filter finds or, without one, of who
    has a seat and of those without a registration."""
    everybody = pieces(meetup_id, Chosen(wanted or SEATED, extras=wanted is None), design)
    printed = badge_standing.standing(meetup_id)
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
        _pieces()
        .outerjoin(Registration, Registration.id == PrintedBadge.registration_id)
        .outerjoin(ExtraBadge, ExtraBadge.id == PrintedBadge.extra_id)
        .where(
            PrintedBadge.print_id == made.id,
            PrintedBadge.place >= start,
            PrintedBadge.place < start + limit,
            or_(
                and_(
                    PrintedBadge.companion <= Registration.companions,
                    Registration.status.in_(sorted(ACTIVE)),
                ),
                and_(ExtraBadge.id.is_not(None), ExtraBadge.removed_at.is_(None)),
            ),
        )
        .order_by(PrintedBadge.place)
    )
    return [piece_of(row) for row in rows]


def of_registration(registration_id: int) -> Sequence[Any]:
    """When their badges were printed and by whom, the newest first; once a print."""
    query = (
        select(BadgePrint.at, BadgePrint.actor)
        .join(PrintedBadge, PrintedBadge.print_id == BadgePrint.id)
        .where(PrintedBadge.registration_id == registration_id)
        .group_by(BadgePrint.id, BadgePrint.at, BadgePrint.actor)
    )
    return db.session.execute(query.order_by(BadgePrint.id.desc())).all()


def printed_of(meetup_id: int, registrations: Sequence[int]) -> frozenset[int]:
    """Those of these whose own badge was printed and holds still."""
    theirs = PrintedBadge.registration_id.in_(registrations)
    return frozenset(key for key, number in badge_standing.standing(meetup_id, theirs) if number == 0)


def printed_extras(meetup_id: int) -> frozenset[int]:
    """Those without a registration of whom a badge was printed that holds still."""
    of_extras = PrintedBadge.extra_id.is_not(None)
    return frozenset(
        number for number, kind in badge_standing.standing(meetup_id, of_extras) if kind == EXTRA
    )


def _ordered(meetup_id: int, chosen: Chosen, wanted: Filter) -> Select[Any]:
    which: ColumnElement[bool] = Registration.id.in_(attendees.ids(meetup_id, wanted))
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


def _pieces() -> Select[Any]:
    columns: tuple[Any, ...] = (PrintedBadge.registration_id, PrintedBadge.companion, PrintedBadge.extra_id)
    return select(*columns)


def _note(session: Session, made: BadgePrint, badges: Sequence[Piece], digests: Mapping[Piece, str]) -> None:
    at = now()
    rows = [
        {
            "print_id": made.id,
            "registration_id": None if kind == EXTRA else number,
            "companion": max(kind, 0),
            "extra_id": number if kind == EXTRA else None,
            "place": place,
            "at": at,
            "digest": digests.get((number, kind)),
        }
        for place, (number, kind) in enumerate(badges)
    ]
    session.execute(insert(PrintedBadge), rows)
