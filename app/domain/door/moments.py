"""When a scan happened: as the phone says, whose clock may be wrong, and as the server takes it."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

SKEW_TOLD = dt.timedelta(minutes=5)
SLACK = dt.timedelta(seconds=5)  # of a clock read before and after a request


class ClockFault(enum.StrEnum):
    """What was wrong with a phone's time; the scan counts all the same."""

    SKEWED = "skewed"  # more than five minutes off; corrected
    IMPOSSIBLE = "impossible"  # later than its arrival or before the phone's first enrolment: arrival counts
    MOVED = (
        "moved"  # set anew between the scan and its upload, or before the scan: what is taken may be wrong
    )
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
    skew: dt.timedelta | None = None,
) -> Moment:
    """Place a scan in the server's time: the phone's error is what its clock showed at the upload.

    Where the phone knew another error at the scan (`skew`), its clock was set anew since it had last heard from the
    server: mostly by the network that also brought the upload, so the error at the scan counts if it can.
    All of the phone's times may be anything. What cannot be (a scan after its arrival, or before `earliest`) is placed
    at its arrival, or at `latest` if it arrives after that.
    """
    arrival = min(received_at, latest) if latest else received_at
    said, sent = parse_instant(scanned_at), parse_instant(sent_at)
    offset = received_at - sent if sent else dt.timedelta()
    if said is None:
        return Moment(received_at, arrival, offset, ClockFault.UNREADABLE)
    moved = skew is not None and sent is not None and abs(skew - offset) > SKEW_TOLD
    tried = (skew, offset) if moved and skew is not None else (offset,)
    for error in tried:
        corrected = _shifted(said, error)
        if corrected and _can_be(corrected, received_at, earliest):
            skewed = ClockFault.SKEWED if abs(error) > SKEW_TOLD else None
            return Moment(said, min(corrected, received_at), error, ClockFault.MOVED if moved else skewed)
    return Moment(said, arrival, offset, ClockFault.IMPOSSIBLE)


def _can_be(corrected: dt.datetime, received_at: dt.datetime, earliest: dt.datetime | None) -> bool:
    return corrected <= received_at + SLACK and not (earliest and corrected < earliest - SLACK)


def _shifted(instant: dt.datetime, offset: dt.timedelta) -> dt.datetime | None:
    try:
        return instant + offset
    except OverflowError:
        return None
