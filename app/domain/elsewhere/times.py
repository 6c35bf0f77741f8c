"""When a form was sent, as forms and spreadsheets write it: "2026. 11. 3 오후 2:05:11", ISO, "11/3/2026 14:05"."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError
from app.domain.writing.local_times import instant

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATES = (
    re.compile(r"(?P<y>\d{4})\s*[-./년]\s*(?P<m>\d{1,2})\s*[-./월]\s*(?P<d>\d{1,2})\s*[.일]?"),
    re.compile(r"(?P<first>\d{1,2})[-./](?P<second>\d{1,2})[-./](?P<y>\d{4}|\d{2})\.?"),
    re.compile(r"(?P<name>[a-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})\.?\s+(?P<name>[a-z]{3,9})\.?,?\s+(?P<y>\d{4})"),
)
_HALF = r"(?:오전|오후|am|pm|a\.m\.|p\.m\.)"
_CLOCK = re.compile(
    rf"(?P<before>{_HALF})?\s*(?P<h>\d{{1,2}})\s*[:시]\s*(?P<min>\d{{1,2}})"
    rf"(?:\s*[:분]\s*(?P<s>\d{{1,2}})(?:[.,]\d+)?\s*초?|\s*분)?\s*(?P<after>{_HALF})?\s*"
    r"(?P<zone>z|utc|gmt|(?:gmt|utc)?\s*(?P<sign>[+-])\s*(?P<zh>\d{1,2})(?::?(?P<zm>\d{2}))?)?"
)
_WEEKDAY = re.compile(r"\(\s*(?:[월화수목금토일](?:요일)?|[a-z]{3,9})\s*\)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_DAY = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0, on a clock of any zone


def writes_day_first(cells: Iterable[str]) -> bool:
    """Whether a column of "3/11/2026" means days first: some day is past the twelfth and stands there."""
    found = (_DATES[1].match(_folded(cell)) for cell in cells)
    return any(int(match["first"]) > 12 for match in found if match)


def read_time(text: str, zone: ZoneInfo, *, day_first: bool = False) -> dt.datetime | None:
    """The instant that a cell names; `zone` is whose clock it was where the cell says none. None: it names none."""
    folded = _folded(text)
    try:
        if _SERIAL.fullmatch(folded):
            seconds = round(float(folded) * 86_400)
            return instant(_FIRST_DAY + dt.timedelta(seconds=seconds), zone, later=False)
        return _read(folded, zone, day_first)
    except (DomainError, ValueError, OverflowError):
        return None


def _read(folded: str, zone: ZoneInfo, day_first: bool) -> dt.datetime | None:
    for pattern in _DATES:
        if match := pattern.match(folded):
            return _at(_date(match, day_first), folded[match.end() :].lstrip("t, "), zone)
    return None


def _date(match: re.Match[str], day_first: bool) -> dt.date:
    said = match.groupdict()
    year = int(said["y"])
    if "first" in said:
        first, second = int(said["first"]), int(said["second"])
        day, month = (first, second) if day_first else (second, first)
    else:
        day = int(said["d"])
        month = int(said["m"]) if "m" in said else _MONTHS.index(said["name"][:3]) + 1
    return dt.date(year if year > 99 else 2000 + year, month, day)


def _at(day: dt.date, clock: str, zone: ZoneInfo) -> dt.datetime | None:
    """A date alone is its first moment."""
    if not clock:
        return instant(dt.datetime.combine(day, dt.time()), zone, later=False)
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return None
    local = dt.datetime.combine(day, _time(match))
    if match["sign"]:
        ahead = dt.timedelta(hours=int(match["zh"]), minutes=int(match["zm"] or 0))
        return (local - ahead if match["sign"] == "+" else local + ahead).replace(tzinfo=dt.UTC)
    return local.replace(tzinfo=dt.UTC) if match["zone"] else instant(local, zone, later=False)


def _time(match: re.Match[str]) -> dt.time:
    hour, half = int(match["h"]), (match["before"] or match["after"] or "").replace(".", "")
    if half in {"오전", "am"} and hour == 12:
        hour = 0
    if half in {"오후", "pm"} and hour < 12:
        hour += 12
    return dt.time(hour, int(match["min"]), int(match["s"] or 0))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text)).casefold()
    return " ".join(_WEEKDAY.sub(" ", plain).split())
