"""A ready text about somebody's registration, for an organizer to send by KakaoTalk or SMS where mail doesn't arrive."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app import i18n, links
from app.domain.registering.registrations import Status
from app.models import Registration


def about(registration: Registration) -> str:
    """In their language; empty where there is nothing to tell. It leads to the public page: their own link is a secret."""
    with force_locale(registration.locale):
        said = _said(registration.status)
        if not said:
            return ""
        meetup, locale = registration.meetup, registration.locale
        where = meetup.place(locale) or meetup.place_address
        when = " · ".join(part for part in (i18n.stamp(meetup.local(meetup.starts_at)), where) if part)
        hello = _("[%(meetup)s] Hello %(name)s,", meetup=meetup.title(locale), name=registration.person.name)
        page = links.external("rsvp.show", slug=meetup.slug)
        more = _("Type your e-mail address there, and you see your registration: %(page)s", page=page)
        return "\n".join((f"{hello} {said}", when, more))


def _said(status: Status) -> str:
    said = {
        Status.CONFIRMED: _("you have a seat."),
        Status.WAITLISTED: _("you are on the waitlist."),
        Status.OFFERED: _("a seat is free for you. Please answer soon."),
        Status.APPLIED: _("we have your application."),
        Status.PENDING: _("we are checking our lists for you."),
    }
    return str(said.get(status, ""))
