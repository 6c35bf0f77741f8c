"""Help at the desk: one screen a topic, and which screen leads to which.

The texts are app/help/<topic>.<language>.md. A label of the product stands in [[…]], as the catalogue has it in English:
so it reads as the button does, in every language.
"""

from __future__ import annotations

import re
from functools import cache

from flask_babel import gettext as _
from markupsafe import Markup

from app.markdown import render
from config import ROOT

TEXTS = ROOT / "app/help"
TOPICS = (
    "first-meetup",
    "roster-files",
    "list-checks",
    "seats",
    "door",
    "badges",
    "certificates",
    "messages",
    "exports",
    "meeting",
    "after",
    "rights",
    "privacy",
    "server",
)
LABEL = re.compile(r"\[\[(.+?)\]\]")
# By the beginning of a screen's endpoint; the longest that fits counts.
OF_SCREENS = {
    "": "first-meetup",
    "accounts.": "rights",
    "asking.": "list-checks",
    "asking.notice": "privacy",
    "badges.": "badges",
    "certificates.": "certificates",
    "checkin.": "door",
    "exports.": "exports",
    "installation.": "server",
    "installation.accounts": "rights",
    "installation.mail": "messages",
    "meetups.applicants": "seats",
    "meetups.claim": "list-checks",
    "meetups.draw": "seats",
    "meetups.fee": "seats",
    "meetups.inside_notes": "messages",
    "meetups.introductions": "meeting",
    "meetups.invitations": "messages",
    "meetups.mail": "messages",
    "meetups.message": "messages",
    "meetups.edit_message": "messages",
    "meetups.new_message": "messages",
    "meetups.print_tables": "meeting",
    "meetups.seat_": "seats",
    "meetups.story": "after",
    "meetups.survey": "after",
    "meetups.table": "meeting",
    "meetups.unregistered": "messages",
    "meetups.wait": "seats",
    "meetups.walk_in_check": "door",
    "programs.dates": "privacy",
    "programs.attendance": "exports",
    "programs.cohort": "roster-files",
    "programs.edit_cohort": "roster-files",
    "programs.entry": "roster-files",
    "programs.eras": "privacy",
    "programs.joining": "roster-files",
    "programs.mail_setup": "messages",
    "rosters.": "roster-files",
    "trail.": "privacy",
}


def topic_of(endpoint: str) -> str:
    """What helps on that screen."""
    fitting = [beginning for beginning in OF_SCREENS if endpoint.startswith(beginning)]
    return OF_SCREENS[max(fitting, key=len)]


def title(topic: str, locale: str) -> str:
    return _text(topic, locale).partition("\n")[0].removeprefix("# ")


def page(topic: str, locale: str) -> Markup:
    """The text below its title, in the language of the request."""
    said = _text(topic, locale).partition("\n")[2]
    return render(LABEL.sub(lambda found: f"**{_(found[1])}**", said))


@cache
def _text(topic: str, locale: str) -> str:
    return (TEXTS / f"{topic}.{locale}.md").read_text(encoding="utf-8")
