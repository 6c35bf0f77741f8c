"""How many are in and have come in, of how many, by cohort: asked by every phone all the time, so counted once a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import current_app
from sqlalchemy import bindparam, case, func, select

from app.db import db
from app.domain.door.admission import Verdict
from app.domain.registering.registrations import Status
from app.models import Cohort, Registration
from app.services.door.door_outcomes import Outcome

FRESH_SECONDS = 1.0
KEPT = 1000  # meetups in memory


@dataclass(frozen=True, slots=True)
class CohortCount:
    """`ordinal` is None for those who belong to no cohort. `came`: those who are in, or were and left."""

    ordinal: int | None
    inside: int
    came: int
    expected: int


@dataclass(frozen=True, slots=True)
class Counts:
    cohorts: tuple[CohortCount, ...]

    @property
    def inside(self) -> int:
        return sum(each.inside for each in self.cohorts)

    @property
    def came(self) -> int:
        return sum(each.came for each in self.cohorts)

    @property
    def expected(self) -> int:
        return sum(each.expected for each in self.cohorts)


Kept = dict[int, tuple[float, Counts]]
_lock = threading.Lock()
# People who came in on a registration, companions with them; whoever left again came all the same.
CAME = case(
    (Registration.admitted_at.is_(None), 0),
    (Registration.admitted_count > 0, Registration.admitted_count),
    else_=1,
)
PARTY_IN = case((Registration.admitted_count > 0, Registration.admitted_count), else_=1)  # of one that came
_EXPECTED = case((Registration.status == Status.CONFIRMED, 1 + Registration.companions), else_=CAME)
# Summed before the cohorts are looked up: there are a thousand times as many people.
_SUMS = (
    select(
        Registration.cohort_id,
        func.sum(_EXPECTED).label("expected"),
        func.sum(CAME).label("came"),
        func.sum(Registration.left_count).label("gone"),
    )
    .where(
        Registration.meetup_id == bindparam("meetup"),
        (Registration.status == Status.CONFIRMED) | Registration.admitted_at.is_not(None),
    )
    .group_by(Registration.cohort_id)
    .subquery()
)
_GROUPED = select(Cohort.ordinal, _SUMS.c.expected, _SUMS.c.came, _SUMS.c.gone).outerjoin_from(
    _SUMS, Cohort, Cohort.id == _SUMS.c.cohort_id
)


def of(meetup_id: int) -> Counts:
    """The meetup's counts, a second old at most (another process's check-ins may be missing that long).

    One request counts anew; those that ask meanwhile get what there was.
    """
    kept, at = _kept(), time.monotonic()
    with _lock:
        held = kept.get(meetup_id)
        if held and at - held[0] < FRESH_SECONDS:
            return held[1]
        if held:
            kept[meetup_id] = (at, held[1])
    counts = _counted(meetup_id)
    with _lock:
        if len(kept) >= KEPT:
            kept.clear()
        kept[meetup_id] = (at, counts)
    return counts


def add(meetup_id: int, outcomes: Iterable[Outcome]) -> None:
    """Count this process's own check-ins into what it remembers, so that a phone sees its own at once."""
    cohorts = [o.person.cohort for o in outcomes if o.verdict is Verdict.OK and o.person and not o.replayed]
    if not cohorts:
        return
    kept = _kept()
    with _lock:
        if held := kept.get(meetup_id):
            kept[meetup_id] = (held[0], _raised(held[1], cohorts))


def forget(meetup_id: int) -> None:
    """Count anew at the next question, as after an undo."""
    with _lock:
        _kept().pop(meetup_id, None)


def _raised(counts: Counts, cohorts: list[int | None]) -> Counts:
    return Counts(
        tuple(
            _one_more(each, cohorts.count(each.ordinal)) if each.ordinal in cohorts else each
            for each in counts.cohorts
        )
    )


def _one_more(count: CohortCount, people: int) -> CohortCount:
    return replace(count, inside=count.inside + people, came=count.came + people)


def _counted(meetup_id: int) -> Counts:
    rows = db.session.execute(_GROUPED, {"meetup": meetup_id}).all()
    found = [CohortCount(ordinal, came - left, came, expected) for ordinal, expected, came, left in rows]
    return Counts(tuple(sorted(found, key=lambda each: (each.ordinal is None, each.ordinal or 0))))


def _kept() -> Kept:
    """What this application remembers, by meetup."""
    kept: Kept = current_app.extensions.setdefault("door_counts", {})
    return kept
