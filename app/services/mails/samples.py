"""A mail to an invented person, as one of this meetup's would be: for organizers to look at before anybody gets it."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app import host_words, i18n, links, qr
from app.calendars import calendar_link, location
from app.clock import now
from app.domain.door import tickets as ticket_codes
from app.domain.registering.registrations import Status
from app.domain.seating.modes import Mode
from app.domain.writing.mail_texts import MailText
from app.models import Meetup
from app.move_words import Change
from app.services.fees import terms as fee_terms
from app.services.inviting.meetup_invitations import MAIL, REMINDER
from app.services.mails import meetup_invitations, opt_outs, own_texts, registrations
from app.services.mails.letters import Letter
from app.services.mails.meetup_values import meetup_values
from app.services.mails.messages import one_line, rendered
from app.services.mails.registrations import QR_NAME, STILL_TRUE, WITHOUT_TICKET
from app.services.registering import surveys

INVITING = (MAIL, REMINDER)
OWN_TEXT = (*INVITING, *STILL_TRUE, "meetup_moved", "meetup_called_off")
"""The kinds for which organizers may write a subject and words of their own."""
NAMES = {"ko": "김동문", "en": "Dana Kim"}
NO_CODE = "A" * ticket_codes.CODE_LENGTH


@dataclass(frozen=True)
class _Draw:
    """As `DrawFacts`, of a draw that is not announced yet."""

    pseudonym: str = "K7QX-2M9D"
    until: str = "…"
    known: str = "…"
    value: str = "…"
    page: str = ""


@dataclass(frozen=True)
class Sample:
    """`html` stands by itself: its picture is in it."""

    subject: str
    text: str
    html: str


def sample(meetup: Meetup, kind: str, locale: str, text: MailText, note: str = "") -> Sample:
    """The mail of this kind in this language, with this text of the organizer's. `note`: what they write to those who
    get it this time."""
    template = meetup_invitations.TEMPLATE if kind in INVITING else kind
    opt_out = f"{links.base_url()}/opt-outs/…" if kind in opt_outs.KINDS else None
    with force_locale(locale):
        values = values_of(meetup, kind, locale) | {"note": note}
        letter = Letter(template, values | own_texts.values(text, locale, values))
        subject, plain, html = rendered(letter, opt_out)
    return Sample(one_line(subject), plain, html.replace(f"cid:{QR_NAME}", _picture()))


def values_of(meetup: Meetup, kind: str, locale: str) -> dict[str, Any]:
    """What the templates get in place of a registration's or an invitation's own."""
    if kind in INVITING:
        return _invitation(meetup, kind, locale)
    page = links.external("rsvp.show", slug=meetup.slug)
    soon = i18n.stamp(meetup.local(now() + dt.timedelta(days=1)))
    confirmed = STILL_TRUE.get(kind) is Status.CONFIRMED
    asks = kind == "meetup_moved" or (kind == "reminder" and meetup.still_coming_hours is not None)
    fee = fee_terms.of_somebody(meetup, NAMES[locale])
    shown = {"ticket_link": page, "qr": QR_NAME} if confirmed and kind not in WITHOUT_TICKET else {}
    return meetup_values(meetup, locale) | {
        "name": NAMES[locale],
        "reference": "ABCD2345",
        "link": page,
        "survey_link": page if kind == "thanks" and surveys.opens_with_thanks(meetup.id) else "",
        "place_in_line": 3,
        "stands_behind": False,
        "note": "",
        "other": "EFGH6789",
        "sooner": False,
        "on_request": False,
        "reopened": False,
        "deadline": soon,
        "released_at": soon if meetup.release_hours is not None else "",
        "asks": asks,
        "confirmed": True,
        "reminds": False,
        "changes": [Change(_("Place"), "…", location(meetup, locale))],
        "goes_on": True,
        "draw": _Draw(page=page) if meetup.mode is Mode.DRAW else None,
        "host_note": host_words.note(meetup),
        "companions": 0,
        "fee": fee,
        "fee_due": registrations.local_stamp(meetup, fee.due_at) if fee else soon,
        "shows_subject": True,
        "calendar": calendar_link(meetup, locale, page),
        **shown,
    }


def _invitation(meetup: Meetup, kind: str, locale: str) -> dict[str, Any]:
    """As the real one, where the links of their own stand are dots."""
    link = f"{links.base_url()}/i/…"
    somebody = {"name": NAMES[locale], "link": link, "decline_link": f"{link}/decline"}
    return meetup_invitations.values_of(meetup, kind, locale) | somebody | {"note": "", "shows_subject": True}


def _picture() -> str:
    payload = ticket_codes.payload(current_app.config["SETTINGS"].base_url, NO_CODE)
    return "data:image/png;base64," + base64.b64encode(qr.png(payload, scale=8)).decode()
