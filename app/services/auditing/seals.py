"""Sealing the audit trail, and finding out whether an entry was changed, added or removed since.

The worker seals what has settled and compares, a few at a time, all seals with their entries. Somebody who can write to
the database but hasn't the key cannot make a seal; somebody who cuts the newest ones off is found by a head noted before.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.audit_seals import START, Sealed, digest, is_same, reason_mark
from app.keys import keys
from app.models import AuditEntry, AuditSeal

log = logging.getLogger(__name__)
# An entry is sealed when it is so old: no transaction that took an earlier id is open for so long.
SETTLED = dt.timedelta(minutes=10)
AT_ONCE = 5_000  # entries in a seal
SEALS_A_ROUND, CHECKS_A_ROUND = 20, 10


@dataclass(frozen=True)
class Standing:
    """How the trail stands. `whole_since`: all seals were compared at that time or later; None before the first.
    `head` is the newest seal's digest, empty without one; `broken` the seals whose entries differ."""

    seals: int
    sealed_until: dt.datetime | None
    whole_since: dt.datetime | None
    head: str
    broken: Sequence[AuditSeal]


def go_round() -> None:
    """The worker's part: seal what has settled, compare the seals that were compared longest ago."""
    for _ in range(SEALS_A_ROUND):
        if seal() < AT_ONCE:
            break
    found = db.session.scalars(
        select(AuditSeal.id)
        .order_by(AuditSeal.checked_at.asc().nulls_first(), AuditSeal.id)
        .limit(CHECKS_A_ROUND)
    ).all()
    compare(found)


def seal() -> int:
    """Seal the next entries; how many."""
    with transaction() as session:
        last = session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
        after = last.last_id if last else 0
        entries = _settled(session, after, now() - SETTLED)
        if not entries:
            return 0
        session.add(
            AuditSeal(
                first_id=after + 1,
                last_id=entries[-1].id,
                entries=len(entries),
                digest=digest(keys().audit, last.digest if last else START, (e.line() for e in entries)),
            )
        )
        return len(entries)


def compare(numbers: Sequence[int]) -> list[int]:
    """Compare these seals with their entries and note the outcome; those that differ."""
    outcome = {number: _is_whole(number) for number in numbers}
    end_reading()
    broken = [number for number, whole in outcome.items() if not whole]
    if broken:
        log.error("the audit trail was changed after it was sealed", extra={"seals": broken})
    with transaction() as session:
        for row in session.scalars(select(AuditSeal).where(AuditSeal.id.in_(outcome))):
            row.checked_at, row.is_whole = now(), outcome[row.id]
    return broken


def compare_all() -> list[int]:
    """Every seal, in constant memory; those that differ."""
    numbers = db.session.scalars(select(AuditSeal.id).order_by(AuditSeal.id)).all()
    parts = (numbers[start : start + CHECKS_A_ROUND] for start in range(0, len(numbers), CHECKS_A_ROUND))
    return [number for part in parts for number in compare(part)]


def knows(head: str) -> bool:
    """Whether a head that somebody noted before is still among the seals."""
    return db.session.scalar(select(AuditSeal.id).where(AuditSeal.digest == head.strip().lower())) is not None


def standing() -> Standing:
    """Three queries."""
    seals, oldest = db.session.execute(select(func.count(AuditSeal.id), func.min(AuditSeal.checked_at))).one()
    unchecked = select(AuditSeal.id).where(AuditSeal.checked_at.is_(None)).limit(1)
    last = db.session.execute(
        select(AuditSeal.at, AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1)
    ).one_or_none()
    broken = db.session.scalars(select(AuditSeal).where(~AuditSeal.is_whole).order_by(AuditSeal.id)).all()
    return Standing(
        seals=seals,
        sealed_until=last.at - SETTLED if last else None,
        whole_since=None if db.session.scalar(unchecked) else oldest,
        head=last.digest if last else "",
        broken=broken,
    )


def _is_whole(number: int) -> bool:
    row = db.session.get_one(AuditSeal, number)
    before = db.session.scalars(
        select(AuditSeal).where(AuditSeal.id < number).order_by(AuditSeal.id.desc()).limit(1)
    ).one_or_none()
    if row.first_id != (before.last_id if before else 0) + 1:
        return False
    entries = list(_entries(db.session(), row.first_id, row.last_id))
    if len(entries) != row.entries or not all(_reason_is_own(entry) for entry, _ in entries):
        return False
    made = digest(keys().audit, before.digest if before else START, (sealed.line() for _, sealed in entries))
    return is_same(made, row.digest)


def _reason_is_own(entry: AuditEntry) -> bool:
    """An erasure empties it; nobody writes another."""
    return (
        not entry.reason
        or not entry.reason_mark
        or is_same(reason_mark(keys().audit, entry.reason), entry.reason_mark)
    )


def _settled(session: Session, after: int, until: dt.datetime) -> list[Sealed]:
    """The next entries in the order of their ids, up to the first that is younger than `until`."""
    found = []
    for entry, sealed in _entries(session, after + 1, None):
        if entry.at > until:
            break
        found.append(sealed)
    return found


def _entries(session: Session, first: int, last: int | None) -> Iterator[tuple[AuditEntry, Sealed]]:
    query = select(AuditEntry).where(AuditEntry.id >= first).order_by(AuditEntry.id)
    query = query.limit(AT_ONCE) if last is None else query.where(AuditEntry.id <= last)
    for entry in session.scalars(query):
        yield (
            entry,
            Sealed(
                id=entry.id,
                at=entry.at,
                program_id=entry.program_id,
                actor=entry.actor,
                act=entry.act,
                subject=entry.subject,
                reason_mark=entry.reason_mark,
                details=entry.details,
            ),
        )
