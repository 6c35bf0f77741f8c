"""The door's ledger as plain values: when a scan happened, and which scan let a person in.

Scans arrive late, twice and in any order, from phones whose clocks are wrong. What follows from them
must not depend on that order, so it is derived from all of them: by corrected time, then scan id.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

SKEW_TOLD = dt.timedelta(minutes=5)
EVERYONE = 21  # a party's largest size: lets in whoever of it is not in yet
SLACK = dt.timedelta(seconds=5)  # of a clock read before and after a request


class ClockFault(enum.StrEnum):
    """What was wrong with a phone's time; the scan counts all the same."""

    SKEWED = "skewed"  # more than five minutes off; corrected
    IMPOSSIBLE = "impossible"  # later than its arrival or before the phone's enrolment: arrival counts
    UNREADABLE = "unreadable"  # no time at all: arrival counts


@dataclass(frozen=True, slots=True)
class Moment:
    """When a scan happened, as the phone says and as the server takes it."""

    scanned_at: dt.datetime
    corrected_at: dt.datetime
    offset: dt.timedelta
    fault: ClockFault | None = None


def parse_instant(text: object) -> dt.datetime | None:
    """An ISO 8601 time as an aware instant in UTC; one without a zone is taken as UTC. None for garbage."""
    if not isinstance(text, str) or not 10 <= len(text) <= 40 or not text.isascii():
        return None
    try:
        read = dt.datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def moment(
    scanned_at: object,
    sent_at: object,
    received_at: dt.datetime,
    earliest: dt.datetime | None = None,
    latest: dt.datetime | None = None,
) -> Moment:
    """Place a scan in the server's time: the phone's error is what its clock showed at the upload.

    Both of the phone's times may be anything. What cannot be (a scan after its arrival, or before
    `earliest`) is placed at its arrival, or at `latest` if it arrives after that.
    """
    arrival = min(received_at, latest) if latest else received_at
    said, sent = parse_instant(scanned_at), parse_instant(sent_at)
    offset = received_at - sent if sent else dt.timedelta()
    if said is None:
        return Moment(received_at, arrival, offset, ClockFault.UNREADABLE)
    corrected = _shifted(said, offset)
    if corrected is None or corrected > received_at + SLACK or (earliest and corrected < earliest - SLACK):
        return Moment(said, arrival, offset, ClockFault.IMPOSSIBLE)
    fault = ClockFault.SKEWED if abs(offset) > SKEW_TOLD else None
    return Moment(said, min(corrected, received_at), offset, fault)


@dataclass(frozen=True, slots=True)
class Entry:
    """A scan of somebody who might come in: answered green, or "already in".

    `admits`: how many of the people on the ticket it lets in, at most.
    """

    scan_id: str
    at: dt.datetime
    admits: int = EVERYONE


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's scans come to: which let them in first, and which others found all of them in already.

    `taken`: how many people came in by each of the scans that count.
    """

    admitting: Entry | None
    conflicts: tuple[Entry, ...]
    taken: Mapping[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return sum(self.taken.values())


def standing(
    entries: Iterable[Entry], undone: Mapping[str, dt.datetime] | None = None, size: int = 1
) -> Standing:
    """Live through a person's scans as they happened; `undone` says when which was taken back.

    The first scan lets them in, of a party of `size` as many as it admits; the next one lets in the rest. Until
    one of these is taken back every other one is a conflict: one ticket shown once more than it is good for,
    whatever the phone said to it. So the order in which phones upload decides nothing.
    """
    taken_back = undone or {}
    inside: dict[str, tuple[Entry, int]] = {}
    again = []
    for _, is_undo, _, entry in sorted(_steps(entries, taken_back), key=lambda step: step[:3]):
        room = size - sum(people for _, people in inside.values())
        if is_undo:
            inside.pop(entry.scan_id, None)
        elif room > 0:
            inside[entry.scan_id] = (entry, min(entry.admits, room))
        elif entry.scan_id not in taken_back:
            again.append(entry)
    first = next((entry for entry, _ in inside.values()), None)
    return Standing(first, tuple(again), {key: people for key, (_, people) in inside.items()})


def inside_before(
    entry: Entry, entries: Iterable[Entry], undone: Mapping[str, dt.datetime] | None = None, size: int = 1
) -> Entry | None:
    """The scan by which the person, and whoever comes with them, was in already when `entry` happened."""
    earlier = [each for each in entries if (each.at, each.scan_id) < (entry.at, entry.scan_id)]
    past = {scan_id: at for scan_id, at in (undone or {}).items() if at < entry.at}
    held = standing(earlier, past, size)
    return held.admitting if held.people >= size else None


def _steps(
    entries: Iterable[Entry], undone: Mapping[str, dt.datetime]
) -> Iterator[tuple[dt.datetime, bool, str, Entry]]:
    """Scans and their undos with what orders them. At one instant scans go first, by id."""
    for entry in entries:
        yield entry.at, False, entry.scan_id, entry
        if entry.scan_id in undone:
            yield max(entry.at, undone[entry.scan_id]), True, entry.scan_id, entry


def _shifted(instant: dt.datetime, offset: dt.timedelta) -> dt.datetime | None:
    try:
        return instant + offset
    except OverflowError:
        return None
