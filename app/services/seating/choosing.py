"""Seats for many whom an organizer chose: who of them fits, as the seats stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.db import db
from app.domain.registering.registrations import Status
from app.domain.seating.pools import seated
from app.models import Meetup, Registration
from app.services.seating import seat_counts

PIECE = 500


@dataclass(frozen=True)
class Fit:
    """Who gets a seat, in the order of the line, and how many seats they take. `lacking`: for whom too few are free;
    `kept_from`: for whom those that are left are kept from, by a pool or by a larger party before them.
    `overtaken`: who waits longer than the last of them, and wasn't chosen or doesn't fit."""

    ids: Sequence[int]
    people: int
    free: int
    lacking: int
    kept_from: int
    overtaken: int


def fitting(meetup: Meetup, ids: Sequence[int]) -> Fit:
    """Read for a page: it decides nothing."""
    rows = _in_order(ids)
    parties = seat_counts.parties_of(db.session(), meetup, rows)
    seating = seat_counts.seating_of(db.session(), meetup)
    chosen = seated(seating.free, seating.kept, parties)
    people = sum(parties[index].people for index in chosen)
    others = set(range(len(rows))) - set(chosen)
    kept_from = sum(parties[index].people <= seating.free - people for index in others)
    first = [rows[index] for index in chosen]
    return Fit(
        ids=[row.id for row in first],
        people=people,
        free=seating.free,
        lacking=len(others) - kept_from,
        kept_from=kept_from,
        overtaken=_overtaken(meetup, first),
    )


def _in_order(ids: Sequence[int]) -> list[Any]:
    """A piece at a time, as a statement holds only so many values."""
    columns = select(
        Registration.id,
        Registration.rank,
        Registration.status,
        Registration.companions,
        Registration.cohort_id,
        Registration.person_id,
    )
    rows = [
        row
        for start in range(0, len(ids), PIECE)
        for row in db.session.execute(columns.where(Registration.id.in_(ids[start : start + PIECE])))
    ]
    return sorted(rows, key=lambda row: row.rank)


def _overtaken(meetup: Meetup, first: Sequence[Any]) -> int:
    """Of those who wait as the last of these does."""
    if not first or first[-1].status is not Status.WAITLISTED:
        return 0
    ahead = select(func.count()).where(
        Registration.meetup_id == meetup.id,
        Registration.status == Status.WAITLISTED,
        Registration.rank <= first[-1].rank,
    )
    return (db.session.scalar(ahead) or 0) - len(first)
