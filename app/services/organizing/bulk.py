"""One act on many registrations: whom it would touch and whom not, then each by the service that does it for one.

What gives seats is decided about all at once, under the seat lock: app/services/organizing/bulk_seats.py.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.errors import DomainError
from app.models import AuditEntry, Registration, Status
from app.reading import among
from app.services.organizing import attendee, attendees, bulk_seats, namesakes, tags, told_changes
from app.services.organizing.bulk_acts import OF_SEATS, OF_TAGS, Act, why_not
from app.services.organizing.filters import Filter
from app.services.organizing.namesakes import Named
from app.services.registering import registrations, tickets
from app.services.seating import approvals
from app.services.seating.choosing import Fit

PIECE = 500  # in a transaction, so that nobody waits long for it
MOST_SINGLY = 500  # of acts that are one transaction a registration
MOST_SEATED = 2_000  # in the one transaction that holds the seats
MOST = 20_000
MOST_READ = 2_000  # entries of the trail, for an undo
LISTED = 20
UNDONE_FOR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Order:
    """What is wanted, of whom: these, by their numbers, or all whom a filter finds."""

    meetup_id: int
    act: Act
    tags: Sequence[str] = ()
    reason: str = ""
    who: Collection[str] = ()
    wanted: Filter | None = None


@dataclass
class Outcome:
    """`skipped`: why, by reason code. `names`: of the first of those who are touched. `fit`: how the seats would be given."""

    ids: list[int] = field(default_factory=list)
    names: list[Named] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    fit: Fit | None = None

    @property
    def mark(self) -> str:
        """The same for the same people alone."""
        return sha256(",".join(map(str, self.ids)).encode()).hexdigest()[:32]


@dataclass
class Done:
    """For how many it was done; who was left out, by reason code."""

    number: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def look(order: Order) -> Outcome:
    """Whom it would touch now. Refused where they are more than the act does at once."""
    found = Outcome()
    ids = db.session.scalars(_meant(order).order_by(Registration.id).limit(MOST + 1)).all()
    if len(ids) > MOST:
        raise DomainError("too_many_at_once", limit=MOST)
    for piece in _pieces(ids):
        for row in attendees.rows_of(piece):
            if reason := why_not(order.act, row):
                found.skipped[reason] += 1
            else:
                found.ids.append(row.id)
    if order.act in OF_SEATS:
        _seat_those_who_fit(order, found)
    most = MOST if order.act in OF_TAGS else MOST_SEATED if order.act in OF_SEATS else MOST_SINGLY
    if len(found.ids) > most:
        raise DomainError("too_many_at_once", limit=most)
    found.names = namesakes.named(order.meetup_id, found.ids[:LISTED])
    return found


def do(order: Order, actor: str, batch: str, mark: str) -> Done:
    """Do it, unless it would touch others than those who were looked at. `batch` marks what belongs together, for `undo`."""
    found = look(order)
    if found.mark != mark:
        raise DomainError("people_changed")
    end_reading()
    done = Done(skipped=found.skipped)
    if order.act in OF_TAGS:
        _tag(order, found.ids, done, actor, batch)
    elif order.act in OF_SEATS:
        give = bulk_seats.approve if order.act is Act.APPROVE else bulk_seats.seat
        done.number = give(order.meetup_id, found.ids, order.reason, actor)
        done.skipped.update({"changed_meanwhile": len(found.ids) - done.number})
    else:
        act = _SINGLY[order.act]
        ids = _those_without_seats_first(found.ids) if order.act is Act.CANCEL else found.ids
        _each(ids, done, lambda number: act(number, actor, order.reason, batch))
    done.skipped = +done.skipped  # without reasons that are nobody's
    return done


def undo(order: Order, program_id: int, actor: str, batch: str) -> Done:
    """Take one's own batch back within an hour: for those alone whom it changed.

    Tags go, or come again. Whoever was cancelled gets back what `approvals.take_back` gives: those who had a seat first, so that
    nobody of them finds it taken by another of the batch, and then the first in line.
    """
    done = Done()
    if order.act is Act.CANCEL:
        cancelled = [
            int(row.subject.partition(":")[2])
            for row in _own(registrations.DECLINED, program_id, actor, batch)
        ]
        back = select(Registration.id).where(
            Registration.meetup_id == order.meetup_id, Registration.id.in_(cancelled)
        )
        had_none = approvals.state_before(Registration.id) != Status.CONFIRMED
        ids = db.session.scalars(back.order_by(had_none, Registration.rank)).all()
        end_reading()
        _each(ids, done, lambda number: approvals.take_back(number, actor))
        return done
    for row in _own(tags.ACT, program_id, actor, batch):
        _untag(order, row.details, done, actor)
    return done


def _untag(order: Order, piece: Mapping[str, Any], done: Done, actor: str) -> None:
    """From each alone what it got then, or back to each what it lost."""
    told = told_changes.tags_changed(db.session(), [piece["change"]], piece["registrations"])
    end_reading()
    alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, words in sorted(told.items()):
        which = {after if order.act is Act.TAG else before for _part, before, after in words}
        alike[tuple(sorted(which - {""}))].append(number)
    opposite = {Act.TAG: Act.UNTAG, Act.UNTAG: Act.TAG}[order.act]
    for names, numbers in alike.items():
        done.number += len(_change_tags(order.meetup_id, opposite, names, numbers, actor, ""))


def _own(act: str, program_id: int, actor: str, batch: str) -> list[Any]:
    """What the trail has of this batch."""
    theirs = select(AuditEntry.subject, AuditEntry.details).where(
        AuditEntry.program_id == program_id,
        AuditEntry.act == act,
        AuditEntry.actor == actor,
        AuditEntry.at >= now() - UNDONE_FOR,
    )
    newest = theirs.order_by(AuditEntry.id.desc()).limit(MOST_READ)
    return [row for row in db.session.execute(newest) if batch and row.details.get("batch") == batch]


def _each(ids: Sequence[int], done: Done, act: Callable[[int], Any]) -> None:
    """What became different meanwhile is refused by the act itself, and counted."""
    for number in ids:
        try:
            act(number)
        except DomainError as refusal:
            done.skipped[refusal.code] += 1
        else:
            done.number += 1


def _those_without_seats_first(ids: Sequence[int]) -> Sequence[int]:
    """So that none of them is given a seat, and told so, just before their own turn to be cancelled."""
    has_seat = Registration.status.in_([Status.CONFIRMED, Status.OFFERED])
    ordered = select(Registration.id).where(among(Registration.id, ids)).order_by(has_seat, Registration.id)
    found = db.session.scalars(ordered).all()
    end_reading()
    return found


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))


def _meant(order: Order) -> Any:
    if order.wanted is not None:
        return attendees.ids(order.meetup_id, order.wanted)
    return select(Registration.id).where(
        Registration.meetup_id == order.meetup_id, Registration.reference.in_(order.who)
    )


def _seat_those_who_fit(order: Order, found: Outcome) -> None:
    found.fit = bulk_seats.look(order.meetup_id, found.ids, approves=order.act is Act.APPROVE)
    found.ids = list(found.fit.ids)
    found.skipped.update({"no_seat_left": found.fit.lacking, "seats_for_others": found.fit.kept_from})
    found.skipped = +found.skipped


def _tag(order: Order, ids: Sequence[int], done: Done, actor: str, batch: str) -> None:
    for piece in _pieces(ids):
        changed = _change_tags(order.meetup_id, order.act, order.tags, piece, actor, batch)
        done.number += len(changed)
        if already := len(piece) - len(changed):
            done.skipped["as_it_was"] += already


def _change_tags(
    meetup_id: int, act: Act, names: Sequence[str], piece: Collection[int], actor: str, batch: str
) -> list[int]:
    add, remove = (names, ()) if act is Act.TAG else ((), names)
    return tags.change(meetup_id, piece, actor, add=add, remove=remove, batch=batch)


_SINGLY: Mapping[Act, Callable[[int, str, str, str], Any]] = {
    Act.MAIL: lambda number, actor, _reason, _batch: attendee.mail_again(number, actor),
    Act.REISSUE: lambda number, actor, reason, _batch: tickets.reissue(number, actor, reason),
    Act.CANCEL: registrations.decline,
}
