"""A ready text about somebody's registration, for an organizer to send by KakaoTalk or SMS where mail doesn't arrive."""

from __future__ import annotations

import datetime as dt

from flask_babel import force_locale
from flask_babel import gettext as _

from app import i18n, links
from app.clock import now
from app.domain.registering.registrations import ENDED, Status
from app.i18n import current_locale
from app.models import Meetup, Registration


def about(registration: Registration, *, reached: bool) -> str:
    """In their language; empty where there is nothing to tell. It leads to the public page: their own link is a secret.
    Not `reached`: no mail arrives, so the page, whose next step is a mail, is no help. Whoever came in needs none of it."""
    if registration.admitted_at:
        return ""
    with force_locale(registration.locale):
        said = _said(registration.status)
        if not said:
            return ""
        meetup, locale = registration.meetup, registration.locale
        where = meetup.place(locale) or meetup.place_address
        when = " · ".join(part for part in (i18n.stamp(meetup.local(meetup.starts_at)), where) if part)
        hello = _("[%(meetup)s] Hello %(name)s,", meetup=meetup.title(locale), name=registration.person.name)
        if not reached:
            more = without_mail(
                meetup, registration.status, registration.reference, registration.offered_until
            )
            return "\n".join(each for each in (f"{hello} {said}", when, more) if each)
        page = links.external("rsvp.show", slug=meetup.slug)
        more = _("Type your e-mail address there, and you see your registration: %(page)s", page=page)
        return "\n".join((f"{hello} {said}", when, more))


def inviting(
    meetup: Meetup, name: str, locale: str, *, link: str = "", decline: str = "", reached: bool
) -> str:
    """An invitation for somebody to whom no mail goes. `link`: their own, where it helps them: its code goes to the address
    that the invitation knows. Otherwise it leads to the public page, and who is not `reached` by mail is told to use another
    address there."""
    with force_locale(locale):
        where = meetup.place(locale) or meetup.place_address
        when = " · ".join(part for part in (i18n.stamp(meetup.local(meetup.starts_at)), where) if part)
        hello = _("[%(meetup)s] Hello %(name)s,", meetup=meetup.title(locale), name=name)
        page = link or links.external("rsvp.show", slug=meetup.slug)
        how = _("Register here: %(page)s", page=page)
        if not reached:
            how = _("Register here, with an e-mail address that reaches you: %(page)s", page=page)
        no = _("Can't come? Tell us here: %(page)s", page=decline) if decline else ""
        invites = _("%(program)s invites you to this meetup.", program=meetup.program.name(locale))
        return "\n".join(each for each in (f"{hello} {invites}", when, how, no) if each)


def without_mail(meetup: Meetup, status: Status, reference: str, offered_until: dt.datetime | None) -> str:
    """What somebody does whom no mail reaches, in the language at hand; empty where there is nothing to do."""
    if meetup.ends_at <= now():
        return ""
    locale, contact = current_locale(), meetup.contact_address or meetup.program.contact_address or ""
    has_door = bool(meetup.place(locale) or meetup.place_address)
    number = _("Your registration number is %(number)s.", number=reference)
    if status is Status.CONFIRMED and has_door:
        return str(
            _(
                "Come without the QR code. At the entrance, say your name and your registration number %(number)s.",
                number=reference,
            )
        )
    if status is Status.OFFERED and offered_until:
        until = i18n.stamp(meetup.local(offered_until))
        answer = _("Please tell us by %(when)s whether you come.", when=until)
        return f"{answer} {number} {_asking(contact)}".strip()
    return "" if status in ENDED else f"{number} {_asking(contact)}".strip()


def _asking(contact: str) -> str:
    return str(_("You reach us at %(contact)s.", contact=contact)) if contact else ""


def _said(status: Status) -> str:
    said = {
        Status.CONFIRMED: _("you have a seat."),
        Status.WAITLISTED: _("you are on the waitlist."),
        Status.OFFERED: _("a seat is free for you. Please answer soon."),
        Status.APPLIED: _("we have your application."),
        Status.PENDING: _("we are checking our lists for you."),
    }
    return str(said.get(status, ""))
