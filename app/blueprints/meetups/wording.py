"""How templates write a meetup's times and texts; other areas' templates use these filters too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from babel.dates import get_timezone_name
from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app import i18n, markdown
from app.clock import now
from app.models import Cohort, Meetup
from app.refusals import sentence
from app.services.organizing.decisions import Decision
from app.services.organizing.preparations import Step

PREPARING = {
    Step.TEXTS: _l("Say what the evening is about"),
    Step.LIST: _l("Have the lists of those who may come"),
    Step.NOTICE: _l("Read what is said about personal data and what consent is asked for, and save it"),
    Step.PUBLISHED: _l("Publish"),
    Step.TOLD: _l("Invite people, or send the link around"),
    Step.MAILS: _l("See a first mail arrive: register yourself, or let somebody"),
    Step.DOOR: _l("Bring a phone to the door"),
    Step.REHEARSAL: _l("Practise at the door with practice tickets"),
}
"""What each step of the preparations asks for."""


DECIDING = {
    Decision.CONFLICTS: (
        _l("Conflicts at the door"),
        _l("Scans that do not fit together: look who came in."),
    ),
    Decision.WALK_INS: (
        _l("Walk-ins to verify"),
        _l("They said a cohort at the door: find them on the roster."),
    ),
    Decision.LIST_CHECKS: (
        _l("List checks"),
        _l("They say that they are on the list under another address."),
    ),
    Decision.DRAW: (_l("The draw is still to be held"), _l("Enter the public value once it is known.")),
    Decision.APPLICANTS: (_l("Applicants"), _l("They wait for your yes or no.")),
    Decision.OFFERS: (_l("Seats offered"), _l("Held until they answer; then they go to the next in line.")),
    Decision.BOUNCED: (_l("Mails that could not be delivered"), _l("See whose and why.")),
    Decision.UNPAID: (_l("Not paid in time"), _l("Book what came in, or remind them.")),
    Decision.REFUNDS: (_l("Money to give back"), _l("They paid and have no seat any more.")),
    Decision.UNANSWERED: (
        _l("Not said if they still come"),
        _l("Ask them once more, or let them keep their seats."),
    ),
    Decision.PHOTOS: (
        _l("Photos somebody wanted down"),
        _l("They are hidden: remove them, or show them again with a reason."),
    ),
    Decision.QUOTES: (
        _l("Words that their speaker doesn't let be shown"),
        _l("Remove them, or ask with others."),
    ),
}
"""What waits, and what is done about it."""


def stamp_with_year(local: dt.datetime) -> str:
    """2026년 7월 14일(화) 오후 6:30 · Tue 14 July 2026 6:30 pm"""
    return f"{i18n.day(local, year=True)} {i18n.clock(local)}"


def span_with_year(start: dt.datetime, end: dt.datetime) -> str:
    return i18n.span(start, end, year=True)


def zone_note(meetup: Meetup) -> str:
    """The zone's name, and the year where the days beside it go without: 2026년, 대한민국 표준시."""
    local = meetup.local(meetup.starts_at)
    zone = get_timezone_name(local, locale=i18n.current_locale())
    if not i18n.is_this_year(local):
        return zone
    return f"{local.year}년, {zone}" if i18n.current_locale() == "ko" else f"{local.year}, {zone}"


def kept_for(meetup: Meetup) -> list[tuple[Cohort, int]]:
    """The cohorts for which seats are kept now, and how many."""
    quotas = meetup.promises(now()).quotas
    return [(each, quotas[each.id]) for each in (meetup.cohorts if quotas else ()) if each.id in quotas]


def install(bp: Blueprint) -> None:
    filters: dict[str, Callable[..., object]] = {
        "markdown": markdown.render,
        "summary": markdown.summary,
        "stamp_with_year": stamp_with_year,
        "span_with_year": span_with_year,
        "zone_note": zone_note,
        "refusal": sentence,
        "kept_for": kept_for,
    }
    for name, function in filters.items():
        bp.add_app_template_filter(function, name)
