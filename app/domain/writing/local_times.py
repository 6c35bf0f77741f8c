"""Local dates and times, as people type them, and the instants that they mean in a zone."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from app.domain.errors import DomainError

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2199
_CONTINENTS = {
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic",
    "Australia", "Europe", "Indian", "Pacific",
}  # fmt: skip
_COMMON = (
    "Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Asia/Singapore", "Europe/London", "Europe/Berlin",
    "America/New_York", "America/Los_Angeles", "UTC",
)  # fmt: skip


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that may be chosen: those often needed first, then all the world's by name."""
    rest = sorted(z for z in available_timezones() if z.partition("/")[0] in _CONTINENTS)
    return _COMMON + tuple(z for z in rest if z not in _COMMON)


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name; refuses `unknown_zone`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DomainError("unknown_zone", zone=name) from error


def instant(local: dt.datetime, zone: ZoneInfo, *, later: bool | None = None) -> dt.datetime:
    """The instant that a clock in `zone` shows `local`.

    Refuses `nonexistent_time` where the clocks jump over it. A time that the clocks show twice is
    refused as `ambiguous_time` until `later` says which is meant.
    """
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise DomainError("bad_year", first=FIRST_YEAR, last=LAST_YEAR)
    once, again = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = _offset(once), _offset(again)
    if before < after:
        raise DomainError("nonexistent_time", time=f"{local:%Y-%m-%d %H:%M}", zone=zone.key)
    if before > after and later is None:
        raise DomainError("ambiguous_time", time=f"{local:%Y-%m-%d %H:%M}", zone=zone.key)
    return (again if later else once).astimezone(dt.UTC)


def is_later_of_two(local: dt.datetime) -> bool | None:
    """For an aware local time: which of two showings it is; None when the clock shows it once."""
    once, again = (_offset(local.replace(fold=fold)) for fold in (0, 1))
    return bool(local.fold) if once > again else None


def parse_clock(text: str) -> dt.time | None:
    """Read "18:30" or "18:30:00"; None where nothing is typed; refuses `bad_clock`."""
    text = text.strip()
    if not text:
        return None
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise DomainError("bad_clock", text=text)
    return dt.time(int(match[1]), int(match[2]))


def parse_local(text: str) -> dt.datetime | None:
    """Read "2026-07-14T18:30" as a browser sends it; None where nothing is typed; refuses `bad_local_time`."""
    text = text.strip()
    try:
        found = dt.datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise DomainError("bad_local_time", text=text) from error
    return found.replace(second=0, microsecond=0, tzinfo=None) if found else None


def _offset(aware: dt.datetime) -> dt.timedelta:
    return aware.utcoffset() or dt.timedelta()
