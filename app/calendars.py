"""A meetup for people's calendars: a file, and a link where a file cannot be opened."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vUri

from app.clock import now
from app.markdown import plain
from app.models import Meetup, MeetupState

END = b"END:VCALENDAR\r\n"
PRODUCT = "-//Dongmun//Dongmun//EN"


def meetup_ics(
    meetup: Meetup, locale: str, url: str, *, note: str = "", with_online_link: bool = False
) -> bytes:
    """The .ics file of a meetup, whose page (or registration) is at `url`.

    The UID stays for the life of the meetup and SEQUENCE rises with its version, so that a file
    opened later replaces the earlier one. `note` goes before the description; the online link is
    for the confirmed only.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(meetup, locale, url, note, with_online_link))
    zone = _timezone(meetup.zone, meetup.starts_at.year, meetup.ends_at.year)
    return bytes(calendar.to_ical()).removesuffix(END) + zone + END


@lru_cache(maxsize=64)
def _timezone(zone: str, first: int, last: int) -> bytes:
    """The zone's rules around these years, written once: a mail for everyone carries them."""
    around = dt.date(first - 1, 1, 1), dt.date(last + 2, 1, 1)
    return bytes(Timezone.from_tzinfo(ZoneInfo(zone), zone, *around).to_ical())


def calendar_link(meetup: Meetup, locale: str, url: str) -> str:
    """An address that adds the meetup to a Google calendar: for in-app browsers that open no files."""
    start, end = (f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}" for at in (meetup.starts_at, meetup.ends_at))
    values = {
        "action": "TEMPLATE",
        "text": meetup.title(locale),
        "dates": f"{start}/{end}",
        "ctz": meetup.zone,
        "location": location(meetup, locale),
        "details": url,
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(values)}"


def location(meetup: Meetup, locale: str) -> str:
    """Place and address in one line."""
    return ", ".join(part for part in (meetup.place(locale), meetup.place_address) if part)


def _event(meetup: Meetup, locale: str, url: str, note: str, with_online_link: bool) -> Event:
    event = Event()
    event.add("uid", f"meetup-{meetup.slug}@{urlsplit(url).hostname or 'localhost'}")
    event.add("sequence", meetup.version)
    event.add("dtstamp", now())
    event.add("dtstart", meetup.local(meetup.starts_at))
    event.add("dtend", meetup.local(meetup.ends_at))
    event.add("summary", meetup.title(locale))
    if place := location(meetup, locale):
        event.add("location", place)
    online = meetup.online_url if with_online_link else ""
    event.add(
        "description", "\n\n".join(p for p in (note, online, plain(meetup.description(locale)), url) if p)
    )
    event.add("url", vUri(url))
    called_off = meetup.state is MeetupState.CALLED_OFF
    event.add("status", "CANCELLED" if called_off else "CONFIRMED")
    return event
