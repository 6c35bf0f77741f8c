"""Bringing an edited list in: only what was edited changes, each by the use case that the desk has for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.registering.tags import read, tag_key
from app.domain.revising.comparing import Change, Fate, Present
from app.domain.revising.parts import Part, marks
from app.domain.seating.approvals import Decision, Wish
from app.models import Meetup
from app.services import audit
from app.services.alumni.rosters import Source
from app.services.organizing import desk_notes, tags
from app.services.registering import registrations
from app.services.revising.corrections import CORRECTS, correct
from app.services.revising.looking import Words, draft, present
from app.services.revising.row_values import secret
from app.services.seating import approvals, waitlist

DECISIONS = {
    Status.CONFIRMED: Decision.APPROVE,
    Status.WAITLISTED: Decision.WAITLIST,
    Status.DECLINED: Decision.DECLINE,
}
_TOGETHER = (CORRECTS, frozenset({Part.TAGS}), frozenset({Part.NOTE}), frozenset({Part.STATUS}))


@dataclass(frozen=True)
class Refused:
    """What a use case said no to when it came to it."""

    number: int
    parts: tuple[Part, ...]
    refusal: DomainError


@dataclass(frozen=True)
class Before:
    """A row of the file that takes all back: what stood there, with the marks of what stands there now."""

    reference: str
    values: Mapping[Part, str]
    marks: str

    def marks_for(self, parts: Sequence[Part]) -> str:
        """Without those of tags and notes that stay: their cells are empty in that file, and say nothing so."""
        kept = {part[:2] for part in Part if part in self.values or part not in parts}
        return " ".join(each for each in self.marks.split() if each[:2] in kept)


@dataclass(frozen=True)
class Applied:
    rows: int
    refused: Sequence[Refused]
    before: Sequence[Before]


def apply(
    meetup_id: int, source: Source, words: Words, actor: str, reason: str, *, over: bool = False
) -> Applied:
    """Row by row: what one is refused, another is not. Twice is harmless.

    `over`: also the cells that somebody changed here since the file went out.
    """
    seen = draft(db.session.get_one(Meetup, meetup_id), source, words)
    end_reading()
    refused: list[Refused] = []
    touched: list[tuple[Present, list[Change]]] = []
    for fate in seen.preview.fates:
        done = _row(meetup_id, fate, actor, reason, refused, over=over)
        if done and fate.present:
            touched.append((fate.present, done))
    _record(meetup_id, source, actor, reason, rows=len(touched), refused=len(refused))
    return Applied(len(touched), refused, _before(meetup_id, touched))


def _row(
    meetup_id: int, fate: Fate, actor: str, reason: str, refused: list[Refused], *, over: bool
) -> list[Change]:
    """The changes that were made."""
    changes = {each.part: each for each in (*fate.changes, *(fate.conflicts if over else ()))}
    done: list[Change] = []
    for parts in _TOGETHER:
        wanted = {part: changes[part] for part in Part if part in parts and part in changes}
        if not wanted or fate.present is None:
            continue
        try:
            _do(meetup_id, fate.present, wanted, actor, reason)
            done += wanted.values()
        except DomainError as refusal:
            refused.append(Refused(fate.line.number, tuple(wanted), refusal))
    return done


def _do(meetup_id: int, who: Present, wanted: Mapping[Part, Change], actor: str, reason: str) -> None:
    if Part.STATUS in wanted:
        _decide(meetup_id, who, wanted[Part.STATUS], actor, reason)
    elif Part.TAGS in wanted:
        _tag(meetup_id, who, wanted[Part.TAGS], actor)
    elif Part.NOTE in wanted:
        desk_notes.save(who.id, wanted[Part.NOTE].new, actor)
    else:
        correct(who.id, {part: change.new for part, change in wanted.items()}, actor, reason)


def _tag(meetup_id: int, who: Present, change: Change, actor: str) -> None:
    old, new = read(change.old), read(change.new)
    have, want = set(map(tag_key, old)), set(map(tag_key, new))
    tags.change(
        meetup_id,
        [who.id],
        actor,
        add=[name for name in new if tag_key(name) not in have],
        remove=[name for name in old if tag_key(name) not in want],
    )


def _decide(meetup_id: int, who: Present, change: Change, actor: str, reason: str) -> None:
    before, after = Status(change.old), Status(change.new)
    if before is Status.APPLIED:
        wish = Wish(decision=DECISIONS[after], references=frozenset({who.reference}), note=reason)
        if approvals.decide(meetup_id, wish, actor).gone:
            raise DomainError("state_changed_meanwhile")
    elif after is Status.DECLINED:
        registrations.decline(who.id, actor, reason)
    elif after is Status.CONFIRMED:
        waitlist.confirm(who.id, reason, actor)
    else:
        waitlist.offer(who.id, reason, actor)


def _before(meetup_id: int, touched: Sequence[tuple[Present, list[Change]]]) -> list[Before]:
    """States have no way back but the desk's own acts, and are left out."""
    end_reading()
    now = present(meetup_id, sorted(who.reference for who, _ in touched))
    found = []
    for who, changes in touched:
        values: dict[Part, str] = {each.part: each.old for each in changes}
        values.pop(Part.STATUS, None)
        if values and who.reference in now:
            told = marks(secret(), who.reference, now[who.reference].values)
            found.append(Before(who.reference, values, told))
    return found


def _record(meetup_id: int, source: Source, actor: str, reason: str, **counts: int) -> None:
    end_reading()
    with transaction() as session:
        meetup = session.get_one(Meetup, meetup_id)
        audit.record(
            session,
            "attendees.revised",
            meetup,
            actor,
            program_id=meetup.program_id,
            reason=reason,
            file=source.sha256,
            **counts,
        )
