"""A meetup for people's calendars: a file, and a link where a file cannot be opened."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vUri

from app.clock import now
from app.domain.registering.moves import Appointment
from app.markdown import plain
from app.models import Meetup, MeetupState

BEGIN_OF_EVENT, END_OF_EVENT = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"
END = b"END:VCALENDAR\r\n"
PRODUCT = "-//Dongmun//Dongmun//EN"


def meetup_ics(
    meetup: Meetup,
    locale: str,
    url: str,
    *,
    note: str = "",
    with_online_link: bool = False,
    ended: str | None = None,
) -> bytes:
    """The .ics file of a meetup, whose page (or registration) is at `url`.

    The UID stays for the life of the meetup and SEQUENCE rises with its version, so that a file
    opened later replaces the earlier one. `note` goes before the description; the online link is
    for the confirmed only.

    `ended`: the organizer's address, "" for none: the file takes the meetup out of the calendar again (the CANCEL of
    RFC 5546, which names an organizer).
    """
    called_off = meetup.state is MeetupState.CALLED_OFF or ended is not None
    event = _same_for_all(
        f"meetup-{meetup.slug}@{urlsplit(url).hostname or 'localhost'}",
        meetup.version,
        meetup.local(meetup.starts_at),
        meetup.local(meetup.ends_at),
        meetup.title(locale),
        location(meetup, locale),
        "CANCELLED" if called_off else "CONFIRMED",
        ended or "",
    )
    online = meetup.online_url if with_online_link else ""
    texts = (note, online, plain(meetup.description(locale)), url)
    own = _own("\n\n".join(text for text in texts if text), url)
    return event + own + _after_event(meetup.zone, meetup.starts_at.year, meetup.ends_at.year)


@lru_cache(maxsize=64)
def _same_for_all(
    uid: str,
    version: int,
    starts: dt.datetime,
    ends: dt.datetime,
    title: str,
    where: str,
    status: str,
    cancels_for: str,
) -> bytes:
    """The file up to what differs from person to person, written once: a mail for everyone carries it."""
    event = Event()
    event.add("uid", uid)
    event.add("sequence", version)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", title)
    if where:
        event.add("location", where)
    event.add("status", status)
    if cancels_for:
        event.add("organizer", vCalAddress(f"mailto:{cancels_for}"))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if cancels_for else "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical()).removesuffix(END_OF_EVENT + END)


def _own(description: str, url: str) -> bytes:
    """The properties of one person's file."""
    event = Event()
    event.add("dtstamp", now())
    event.add("description", description)
    event.add("url", vUri(url))
    return bytes(event.to_ical()).removeprefix(BEGIN_OF_EVENT).removesuffix(END_OF_EVENT)


@lru_cache(maxsize=64)
def _after_event(zone: str, first: int, last: int) -> bytes:
    """The end of the event, the zone's rules around these years, the end of the file; written once, too."""
    around = dt.date(first - 1, 1, 1), dt.date(last + 2, 1, 1)
    return END_OF_EVENT + bytes(Timezone.from_tzinfo(ZoneInfo(zone), zone, *around).to_ical()) + END


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


def location(meetup: Meetup | Appointment, locale: str) -> str:
    """Place and address in one line."""
    return ", ".join(part for part in (meetup.place(locale), meetup.place_address) if part)
