"""The door's ledger as plain values: when a scan happened, and which scan let a person in.

Scans arrive late, twice and in any order, from phones whose clocks are wrong. What follows from them
must not depend on that order, so it is derived from all of them: by corrected time, then scan id.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass

SKEW_TOLD = dt.timedelta(minutes=5)
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
    scanned_at: object, sent_at: object, received_at: dt.datetime, earliest: dt.datetime | None = None
) -> Moment:
    """Place a scan in the server's time: the phone's error is what its clock showed at the upload.

    Both of the phone's times may be anything. What cannot be (a scan after its arrival, or before
    `earliest`) is placed at its arrival.
    """
    said, sent = parse_instant(scanned_at), parse_instant(sent_at)
    offset = received_at - sent if sent else dt.timedelta()
    if said is None:
        return Moment(received_at, received_at, offset, ClockFault.UNREADABLE)
    corrected = _shifted(said, offset)
    if corrected is None or corrected > received_at + SLACK or (earliest and corrected < earliest - SLACK):
        return Moment(said, received_at, offset, ClockFault.IMPOSSIBLE)
    fault = ClockFault.SKEWED if abs(offset) > SKEW_TOLD else None
    return Moment(said, min(corrected, received_at), offset, fault)


@dataclass(frozen=True, slots=True)
class Entry:
    """A scan that was answered green, here or on a phone without signal."""

    scan_id: str
    at: dt.datetime


def admitting(entries: Iterable[Entry], undone: Collection[str] = ()) -> Entry | None:
    """The scan by which the person came in: the first green one that no undo took back."""
    return min((e for e in entries if e.scan_id not in undone), key=_order, default=None)


def conflicts(entries: Iterable[Entry], undone: Collection[str] = ()) -> list[Entry]:
    """Further green scans of the same person: one ticket let in twice."""
    return sorted((e for e in entries if e.scan_id not in undone), key=_order)[1:]


def _order(entry: Entry) -> tuple[dt.datetime, str]:
    return entry.at, entry.scan_id


def _shifted(instant: dt.datetime, offset: dt.timedelta) -> dt.datetime | None:
    try:
        return instant + offset
    except OverflowError:
        return None
