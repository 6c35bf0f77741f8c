"""A meetup as it stands after an act: read once, looked at by all that must hold."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading
from app.domain.registering.registrations import ENDED, Status
from app.domain.seating.seats import Seating
from app.models import (
    Draw,
    DrawEntry,
    Fee,
    Meetup,
    OutboxMail,
    Payment,
    Registration,
    RegistrationEvent,
    ReservedSeat,
    Source,
    Ticket,
)
from app.services.seating import promotion, seat_counts


@dataclass(frozen=True)
class Sight:
    """`rows`: its registrations by their rank; `fresh`: what their histories tell since the last look."""

    at: dt.datetime
    meetup: Meetup
    seating: Seating
    rows: Sequence[Any]
    events: Mapping[int, Sequence[Any]]
    fresh: Sequence[Any]
    tickets: Mapping[int, int]  # valid ones, by registration
    draws: Sequence[Draw]
    entered: frozenset[int]  # the registrations that were in a draw
    guests: Sequence[int]  # the people who are named
    fee: Fee | None
    payments: Mapping[int, Payment]

    @cached_property
    def by_id(self) -> Mapping[int, Any]:
        return {row.id: row for row in self.rows}

    @cached_property
    def active(self) -> frozenset[int]:
        return frozenset(row.id for row in self.rows if row.status not in ENDED)

    @cached_property
    def line(self) -> list[Any]:
        return [row for row in self.rows if row.status is Status.WAITLISTED]

    @cached_property
    def draw(self) -> Draw | None:
        """The one that is still to be held, or was."""
        return next((draw for draw in self.draws if draw.ended_at is None), None)

    @cached_property
    def moved_by_hand(self) -> bool:
        """Whether an organizer ever put somebody elsewhere in line."""
        waits = Status.WAITLISTED
        return any(each.before is waits is each.after for life in self.events.values() for each in life)

    @property
    def ends_going_on(self) -> dt.datetime:
        """From then on freed seats stay free."""
        return promotion.offers_end(self.meetup)

    @property
    def short(self) -> int:
        """How many of the seats that are kept others have."""
        left = self.seating.capacity - self.seating.held - self.seating.promised
        return max(0, self.seating.kept.unused - left)

    def last_of(self, person_id: int) -> Any | None:
        """Their place, or else the last that they had."""
        rows = [row for row in self.rows if row.person_id == person_id]
        return max(rows, key=lambda row: (row.status not in ENDED, row.id), default=None)

    def seated_at(self, registration_id: int, until: int) -> dt.datetime:
        """Since when they had the seat that the event `until` ended."""
        return max(
            each.at
            for each in self.events[registration_id]
            if each.id < until and each.after is Status.CONFIRMED is not each.before
        )

    def told(self, registration_id: int, *kinds: str) -> list[OutboxMail]:
        """The mails of these kinds that went out to them, the oldest first."""
        mails = select(OutboxMail).where(
            OutboxMail.registration_id == registration_id,
            OutboxMail.kind.in_(kinds),
            OutboxMail.sent_at.is_not(None),
        )
        return list(db.session.scalars(mails.order_by(OutboxMail.id)))

    @property
    def brought_in(self) -> bool:
        return any(row.source is Source.ELSEWHERE for row in self.rows)


def look(meetup_id: int, since: int) -> Sight:
    """`since`: the newest line of a history that the last look saw."""
    end_reading()
    session = db.session()
    meetup = session.get_one(Meetup, meetup_id, populate_existing=True)
    seating = seat_counts.seating_of(session, meetup)
    table = Registration.__table__
    rows = session.execute(
        select(table).where(table.c.meetup_id == meetup_id).order_by(table.c.rank)  # type: ignore[attr-defined]
    ).all()
    ids = [row.id for row in rows]
    events = _events(ids)
    fee = session.scalars(_now(select(Fee).where(Fee.meetup_id == meetup_id))).one_or_none()
    payments = session.scalars(_now(select(Payment).where(Payment.registration_id.in_(ids)))).all()
    return Sight(
        at=now(),
        meetup=meetup,
        seating=seating,
        rows=rows,
        events=events,
        fresh=[each for life in events.values() for each in life if each.id > since],
        tickets=_valid_tickets(ids),
        draws=session.scalars(_now(select(Draw).where(Draw.meetup_id == meetup_id))).all(),
        entered=frozenset(
            session.scalars(select(DrawEntry.registration_id).where(DrawEntry.registration_id.in_(ids)))
        ),
        guests=session.scalars(
            select(ReservedSeat.person_id).where(ReservedSeat.meetup_id == meetup_id)
        ).all(),
        fee=fee,
        payments={payment.registration_id: payment for payment in payments},
    )


def _now(query: Any) -> Any:
    """Not as the session remembers them."""
    return query.execution_options(populate_existing=True)


def _events(ids: Sequence[int]) -> dict[int, list[Any]]:
    table = RegistrationEvent.__table__
    found: dict[int, list[Any]] = defaultdict(list)
    rows = select(table).where(table.c.registration_id.in_(ids)).order_by(table.c.id)  # type: ignore[attr-defined]
    for row in db.session.execute(rows):
        found[row.registration_id].append(row)
    return found


def _valid_tickets(ids: Sequence[int]) -> Mapping[int, int]:
    valid = select(Ticket.registration_id, func.count()).where(
        Ticket.registration_id.in_(ids), Ticket.revoked_at.is_(None)
    )
    return Counter(dict(db.session.execute(valid.group_by(Ticket.registration_id)).all()))
