"""The door's numbers, counted by hand: from the ledger's rows and the registrations, by nothing that the product counts with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db import db, end_reading
from app.models import CheckIn, Cohort, Meetup, Registration

NO_GATE = "No gate in particular"
LETS_IN = {"ok", "already_redeemed"}


@dataclass(frozen=True)
class Figures:
    """What the live view says: people in and expected, altogether and by cohort, and those who came by each gate."""

    inside: int
    expected: int
    cohorts: dict[str, tuple[int, int]]
    gates: dict[str, int]


def figures(meetup: Meetup) -> Figures:
    """Go through the whole ledger as it is now."""
    end_reading()
    rows: dict[int, list[CheckIn]] = defaultdict(list)
    for row in db.session.scalars(select(CheckIn).where(CheckIn.meetup_id == meetup.id)):
        if row.registration_id:
            rows[row.registration_id].append(row)
    people: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    gates: Counter[str] = Counter(dict.fromkeys(meetup.door_gates, 0))
    for registration, ordinal in _registrations(meetup):
        came = _came(rows[registration.id], 1 + registration.companions)
        seated = 1 + registration.companions if registration.status == "confirmed" else sum(came.values())
        label = f"Cohort {ordinal}" if ordinal else "No cohort"
        people[label] += sum(came.values())
        wanted[label] += seated
        gates.update(came)
    cohorts = {label: (people[label], wanted[label]) for label in wanted if wanted[label]}
    return Figures(people.total(), wanted.total(), cohorts, dict(gates))


def _registrations(meetup: Meetup) -> Iterable[Any]:
    query = select(Registration, Cohort.ordinal).outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    return db.session.execute(query.where(Registration.meetup_id == meetup.id)).all()


def _came(rows: list[CheckIn], size: int) -> Counter[str]:
    """How many of a ticket's people came in, by gate: every row in the order in which it happened."""
    only = {row.refers_to_id: row.admits for row in sorted(rows, key=_when) if row.kind == "party"}
    counting: dict[int, tuple[str, int]] = {}
    for row in sorted(rows, key=_when):
        if row.kind == "undo" and row.refers_to_id in counting:
            del counting[row.refers_to_id]
        elif row.kind == "entry" and row.verdict in LETS_IN:
            room = size - sum(people for _, people in counting.values())
            if room:
                counting[row.id] = row.gate or NO_GATE, min(room, only.get(row.id, row.let_in or row.admits))
    found: Counter[str] = Counter()
    for gate, people in counting.values():
        found[gate] += people
    return found


def _when(row: CheckIn) -> tuple[Any, str]:
    return row.corrected_at, row.scan_id
