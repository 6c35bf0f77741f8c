"""Until when a meetup's personal data is kept: what each version of its notice told whoever registered with it.

A version promises a day; the data is destroyed when that day is over where the meetup is. Each registration goes by the
version that its person was shown, so one meetup may be destroyed in steps. Whoever was shown no notice (walk-ins), and what
belongs to nobody's registration (invitations, reserved seats), goes with the first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

SHOWN_NONE = 0
"""In the place of a version: of those who were shown none."""
WARNED_BEFORE = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Promise:
    """A version of a notice, when it was saved, and the day until which it says that data is kept."""

    version: int
    made_at: dt.datetime
    until: dt.date


def due_at(until: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """When that day is over."""
    return dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), tzinfo=zone)


def kept_until(
    promises: Iterable[Promise], shown: Collection[int], ends_at: dt.datetime
) -> dict[int, dt.date]:
    """The last day by version of the notice: of each that somebody was shown, and of `SHOWN_NONE`.

    What organizers save once the meetup is over binds nobody: nobody was told it. Empty where no notice was told.
    """
    told = sorted(promises, key=lambda each: each.version)
    found = {each.version: each.until for each in told if each.version in shown}
    before = [each.until for each in told if each.made_at < ends_at]
    in_force = [*found.values(), *before[-1:]]
    return found | {SHOWN_NONE: min(in_force)} if in_force else {}
