"""A meetup that changes its time or place: what of it people have to know, and what an organizer tells them."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from zoneinfo import ZoneInfo


class Telling(enum.StrEnum):
    """What an organizer does about a change of time or place."""

    ASK = "ask"  # tell everybody, and ask those who have a seat whether they still come
    TELL = "tell"
    NOBODY = "nobody"  # a slip that is put right


@dataclass(frozen=True)
class Appointment:
    """When and where a meetup is."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    place_ko: str
    place_en: str
    place_address: str
    online_url: str

    def place(self, locale: str) -> str:
        """The place in `locale`, or in the other language where this one is absent."""
        first, second = self.place_ko, self.place_en
        return (first or second) if locale == "ko" else (second or first)

    def local(self, instant: dt.datetime) -> dt.datetime:
        """`instant` on the clock of its zone."""
        return instant.astimezone(ZoneInfo(self.zone))


PLACE = ("place_ko", "place_en", "place_address", "online_url")


REMINDED_AFTER = dt.timedelta(days=1)


def reminder_from(asked_at: dt.datetime, starts_at: dt.datetime) -> dt.datetime:
    """From when on those who haven't answered can be reminded: a day after the question, or half of the time to the start."""
    return asked_at + min(REMINDED_AFTER, max(starts_at - asked_at, dt.timedelta()) / 2)


def usual_telling(before: Appointment, after: Appointment) -> Telling:
    """What is proposed to the organizer: to ask, unless there is only more to know than before.

    A language, an address or a link that was missing makes nobody's plans wrong.
    """
    moved = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    replaced = any(getattr(before, name) and getattr(before, name) != getattr(after, name) for name in PLACE)
    return Telling.ASK if moved or replaced else Telling.TELL
