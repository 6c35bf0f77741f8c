"""Bringing an edited list in: only what was edited changes, each by the use case that the desk has for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.registering.tags import read, tag_key
from app.domain.revising.comparing import Change, Fate, Present
from app.domain.revising.parts import Part
from app.domain.revising.way_back import Stood, WayBack
from app.domain.seating.approvals import Decision, Wish
from app.models import Meetup
from app.services import audit
from app.services.alumni.rosters import Source
from app.services.organizing import desk_notes, tags
from app.services.registering import registrations
from app.services.revising.corrections import CORRECTS, correct
from app.services.revising.looking import Words, draft
from app.services.revising.restoring import restore
from app.services.revising.standing import standing
from app.services.seating import approvals, waitlist

DECISIONS = {
    Status.CONFIRMED: Decision.APPROVE,
    Status.WAITLISTED: Decision.WAITLIST,
    Status.DECLINED: Decision.DECLINE,
}
_ADDRESS, _TAGS, _NOTE, _STATUS = (
    frozenset({part}) for part in (Part.ADDRESS, Part.TAGS, Part.NOTE, Part.STATUS)
)
_TOGETHER = (CORRECTS, _TAGS, _NOTE, _STATUS)
_BACK = (CORRECTS - _ADDRESS, _ADDRESS, _TAGS, _NOTE)  # an address that was proved since stays, alone
AT_ONCE = 300
"""Rows that one press changes, so that nobody waits long for an answer."""


@dataclass(frozen=True)
class Refused:
    """What a use case said no to when it came to it."""

    number: int
    parts: tuple[Part, ...]
    refusal: DomainError


@dataclass(frozen=True)
class Applied:
    """`before`: of what was changed, but for statuses, which have no way back but the desk's own acts."""

    rows: int
    refused: Sequence[Refused]
    before: WayBack


@dataclass(frozen=True)
class _Act:
    """What is brought in, by whom. `back`: what stood there, by reference, where a list is taken back."""

    meetup_id: int
    actor: str
    reason: str
    at: dt.datetime
    back: Mapping[str, Stood]


def apply(
    meetup_id: int,
    source: Source | WayBack,
    words: Words,
    actor: str,
    reason: str,
    *,
    over: bool = False,
    seen: str | None = None,
    keep: Callable[[WayBack], None] | None = None,
) -> Applied:
    """Row by row: what one is refused, another is not. Twice is harmless.

    `over`: also the cells that somebody changed here since the file went out. `seen`: the digest of the preview that
    somebody decided on; refused where it shows something else by now. `keep` gets what stands there before any of it goes.
    """
    preview = draft(db.session.get_one(Meetup, meetup_id), source, words).preview
    if seen is not None and seen != preview.digest:
        raise DomainError("preview_changed")
    wanted = [(fate.present, _wanted(fate, over=over), fate.line.number) for fate in preview.fates]
    planned = [(who, changes, number) for who, changes, number in wanted if who and changes]
    if len(planned) > AT_ONCE:
        raise DomainError("too_many_rows_at_once", limit=AT_ONCE, number=len(planned))
    before = standing([(who, list(changes.values())) for who, changes, _ in planned])
    end_reading()
    if keep:
        keep(before)
    back = {row.reference: row for row in source.rows} if isinstance(source, WayBack) else {}
    act = _Act(meetup_id, actor, reason, source.at if isinstance(source, WayBack) else before.at, back)
    refused: list[Refused] = []
    done = {who.reference: _row(act, who, changes, number, refused) for who, changes, number in planned}
    rows = sum(1 for parts in done.values() if parts)
    _record(meetup_id, source, actor, reason, rows=rows, refused=len(refused))
    return Applied(rows, refused, before.of(done))


def _wanted(fate: Fate, *, over: bool) -> dict[Part, Change]:
    return {each.part: each for each in (*fate.changes, *(fate.conflicts if over else ()))}


def _row(
    act: _Act, who: Present, changes: Mapping[Part, Change], number: int, refused: list[Refused]
) -> list[Part]:
    """The parts that were changed."""
    done: list[Part] = []
    for parts in _BACK if act.back else _TOGETHER:
        wanted = {part: changes[part] for part in Part if part in parts and part in changes}
        if not wanted:
            continue
        try:
            _do(act, who, wanted)
            done += wanted
        except DomainError as refusal:
            refused.append(Refused(number, tuple(wanted), refusal))
    return done


def _do(act: _Act, who: Present, wanted: Mapping[Part, Change]) -> None:
    if Part.STATUS in wanted:
        _decide(act.meetup_id, who, wanted[Part.STATUS], act.actor, act.reason)
    elif Part.TAGS in wanted:
        _tag(act, who, wanted[Part.TAGS])
    elif Part.NOTE in wanted:
        desk_notes.save(who.id, wanted[Part.NOTE].new, act.actor, reason=act.reason)
    else:
        _correct(act, who, wanted)


def _correct(act: _Act, who: Present, wanted: Mapping[Part, Change]) -> None:
    values = {part: change.new for part, change in wanted.items()}
    was = {part: change.old for part, change in wanted.items()}
    stood = act.back.get(who.reference)
    if stood is None:
        correct(who.id, values, act.actor, act.reason, was=was)
    else:
        restore(who.id, values, act.actor, act.reason, was=was, stood=stood, at=act.at)


def _tag(act: _Act, who: Present, change: Change) -> None:
    old, new = read(change.old), read(change.new)
    have, want = set(map(tag_key, old)), set(map(tag_key, new))
    tags.change(
        act.meetup_id,
        [who.id],
        act.actor,
        add=[name for name in new if tag_key(name) not in have],
        remove=[name for name in old if tag_key(name) not in want],
        reason=act.reason,
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


def _record(meetup_id: int, source: Source | WayBack, actor: str, reason: str, **counts: int) -> None:
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
