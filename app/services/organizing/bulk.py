"""One act on many registrations: whom it would touch and whom not, then each by the service that does it for one."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.errors import DomainError
from app.domain.registering.registrations import ENDED, Status
from app.models import AuditEntry, Registration
from app.services.organizing import attendee, attendees, tags
from app.services.organizing.attendees import Filter
from app.services.registering import registrations

PIECE = 500  # in a transaction, so that nobody waits long for it
MOST_SINGLY = 500  # of acts that are one transaction a registration
MOST = 20_000
LISTED = 20
UNDONE_FOR = dt.timedelta(hours=1)


class Act(enum.StrEnum):
    TAG = "tag"
    UNTAG = "untag"
    MAIL = "mail"
    CANCEL = "cancel"


OF_TAGS = frozenset({Act.TAG, Act.UNTAG})


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
    """`skipped`: why, by reason code. `names`: of the first of those who are touched."""

    ids: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def look(order: Order) -> Outcome:
    """Whom it would touch now. Refused where they are more than the act does at once."""
    found = Outcome()
    ids = db.session.scalars(_meant(order).order_by(Registration.id).limit(MOST + 1)).all()
    if len(ids) > MOST:
        raise DomainError("too_many_at_once", limit=MOST)
    for piece in _pieces(ids):
        for row in attendees.rows_of(piece):
            if reason := _why_not(order.act, row):
                found.skipped[reason] += 1
                continue
            found.ids.append(row.id)
            if len(found.names) < LISTED:
                found.names.append(row.name)
    if order.act not in OF_TAGS and len(found.ids) > MOST_SINGLY:
        raise DomainError("too_many_at_once", limit=MOST_SINGLY)
    return found


def do(order: Order, actor: str, batch: str) -> Outcome:
    """Do it; what became of each. `batch` marks what belongs together, for `undo`."""
    found = look(order)
    end_reading()
    if order.act in OF_TAGS:
        return _tag(order, found, actor, batch)
    done = Outcome(skipped=found.skipped)
    for number in found.ids:
        try:
            _SINGLY[order.act](number, actor, order.reason)
        except DomainError as refusal:
            done.skipped[refusal.code] += 1
        else:
            done.ids.append(number)
    return done


def undo(order: Order, program_id: int, actor: str, batch: str) -> int:
    """Take the tags of one's own batch back, or put them again, within an hour: of those alone whom it changed. Of how many."""
    theirs = select(AuditEntry.details).where(
        AuditEntry.program_id == program_id,
        AuditEntry.act == tags.ACT,
        AuditEntry.actor == actor,
        AuditEntry.at >= now() - UNDONE_FOR,
    )
    theirs = theirs.order_by(AuditEntry.id.desc()).limit(2 * MOST // PIECE)
    changed: set[int] = set()
    for details in db.session.scalars(theirs):
        if batch and details.get("batch") == batch:
            changed |= set(details["registrations"])
    end_reading()
    back = {Act.TAG: Act.UNTAG, Act.UNTAG: Act.TAG}[order.act]
    for piece in _pieces(sorted(changed)):
        _change_tags(order.meetup_id, back, order.tags, piece, actor, "")
    return len(changed)


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))


def _meant(order: Order) -> Any:
    if order.wanted is not None:
        return attendees.ids(order.meetup_id, order.wanted)
    return select(Registration.id).where(
        Registration.meetup_id == order.meetup_id, Registration.reference.in_(order.who)
    )


def _why_not(act: Act, row: Any) -> str:
    if row.erased_at is not None:
        return "is_erased"
    if act is Act.MAIL and (row.status not in attendee.MAILED_AGAIN or not row.address):
        return "nothing_to_mail"
    if act is Act.CANCEL:
        if row.admitted_at is not None:
            return "already_admitted"
        if row.status in ENDED:
            return "has_ended"
        if row.status is Status.PENDING:
            return "wants_a_list_check"
    return ""


def _tag(order: Order, found: Outcome, actor: str, batch: str) -> Outcome:
    done = Outcome(skipped=found.skipped)
    for piece in _pieces(found.ids):
        changed = _change_tags(order.meetup_id, order.act, order.tags, piece, actor, batch)
        done.ids += changed
        if already := len(piece) - len(changed):
            done.skipped["as_it_was"] += already
    return done


def _change_tags(
    meetup_id: int, act: Act, names: Sequence[str], piece: Collection[int], actor: str, batch: str
) -> list[int]:
    add, remove = (names, ()) if act is Act.TAG else ((), names)
    return tags.change(meetup_id, piece, actor, add=add, remove=remove, batch=batch)


_SINGLY: Mapping[Act, Callable[[int, str, str], Any]] = {
    Act.MAIL: lambda number, actor, _reason: attendee.mail_again(number, actor),
    Act.CANCEL: registrations.decline,
}
