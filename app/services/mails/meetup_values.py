"""What every mail about a meetup says about it."""

from __future__ import annotations

from typing import Any

from babel.dates import get_timezone_name
from flask_babel import gettext as _

from app import i18n, links
from app.calendars import location
from app.domain.registering.moves import Appointment
from app.models import Audience, Meetup
from app.services.seating.windows import why_closed

USUAL_ZONE = "Asia/Seoul"  # of those who get these mails; any other is named


def meetup_values(meetup: Meetup, locale: str) -> dict[str, Any]:
    """Values for templates; written in the current language's way of writing dates."""
    start = meetup.local(meetup.starts_at)
    return {
        "meetup": meetup,
        "title": meetup.title(locale),
        "program": meetup.program.name(locale),
        "when": i18n.stamp(start),
        "span": span_of(meetup),
        "open": why_closed(meetup) is None,
        "place": meetup.place(locale) or meetup.place_address,
        "location": location(meetup, locale),
        "host_event": meetup.host_event(locale) or meetup.host_event_url,
        "page": links.external("rsvp.show", slug=meetup.slug),
        "contact": contact_of(meetup),
    }


def span_of(meetup: Meetup | Appointment) -> str:
    """From when to when, with the year, and with the zone where readers may not expect it."""
    start, end = meetup.local(meetup.starts_at), meetup.local(meetup.ends_at)
    return f"{i18n.span(start, end, year=True)}{_zone(meetup)}"


def _zone(meetup: Meetup | Appointment) -> str:
    if meetup.zone == USUAL_ZONE:
        return ""
    return f" ({get_timezone_name(meetup.local(meetup.starts_at), locale=i18n.current_locale())})"


def contact_of(meetup: Meetup) -> str | None:
    """Where answers to a mail about the meetup go."""
    return meetup.contact_address or meetup.program.contact_address


def audience_text(meetup: Meetup, locale: str) -> str:
    """Who may come, in words."""
    korean = locale == "ko"
    names = ", ".join(
        (cohort.name_ko if korean else cohort.name_en) or _("Cohort %(n)d", n=cohort.ordinal)
        for cohort in meetup.cohorts
    )
    if meetup.audience is Audience.PARTICIPANTS:
        return str(_("All participants of %(cohorts)s, completed or not", cohorts=names))
    if korean:
        return f"{names} {meetup.program.alumni_term.value}"
    return str(_("Alumni of %(cohorts)s", cohorts=names))
