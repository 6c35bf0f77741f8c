"""The mails about a registration: applied, confirmed, in line, offered a seat, ended, meetup called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import aliased, joinedload

from app import host_words, i18n, links, qr
from app.calendars import calendar_link, meetup_ics
from app.clock import now
from app.db import db
from app.domain.door import tickets as ticket_codes
from app.domain.registering.host_events import to_remind
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.registering.still_coming import Answer
from app.domain.seating.modes import Mode
from app.domain.writing.mail_texts import NO_TEXT, MailText
from app.models import Meetup, MeetupState, OutboxMail, Registration, Ticket
from app.services.fees import terms as fee_terms
from app.services.fees.terms import FeeFacts
from app.services.mails import own_texts
from app.services.mails.draws import DrawFacts, draw_facts
from app.services.mails.letters import Attachment, Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.personal import personal_links
from app.services.registering import surveys, tickets
from app.services.seating import promotion

STILL_TRUE = {
    "registration_confirmed": Status.CONFIRMED,
    "registration_promoted": Status.CONFIRMED,
    "still_coming": Status.CONFIRMED,
    "reminder": Status.CONFIRMED,
    "registration_waitlisted": Status.WAITLISTED,
    "registration_applied": Status.APPLIED,
    "registration_pending": Status.PENDING,
    "registration_not_verified": Status.DECLINED,
    "registration_drawn": Status.CONFIRMED,
    "registration_not_drawn": Status.WAITLISTED,
    "registration_offered": Status.OFFERED,
    "registration_expired": Status.EXPIRED,
    "registration_released": Status.EXPIRED,
    "fee_asked": Status.CONFIRMED,
    "fee_reminder": Status.CONFIRMED,
    "fee_unpaid": Status.EXPIRED,
    "registration_not_selected": Status.DECLINED,
    "registration_cancelled": Status.CANCELLED,
    "registration_declined": Status.DECLINED,
    "thanks": Status.CONFIRMED,
    "registration_joined": Status.DECLINED,
}
WITHOUT_TICKET = frozenset(
    {"thanks", "link_renewed", "meetup_called_off", "still_coming", "fee_asked", "fee_reminder"}
)
TAKES_OUT = frozenset(
    {
        "registration_cancelled",
        "registration_declined",
        "registration_released",
        "registration_joined",
        "fee_unpaid",
        "meetup_called_off",
    }
)
"""The kinds that take the meetup out of a calendar again: their readers may have had a seat."""
ASKING = frozenset({"still_coming", "reminder"})
QR_NAME = "ticket.png"

# Made once: every batch asks them.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_meetup = joinedload(Registration.meetup, innerjoin=True)
_REGISTRATIONS = (
    select(Registration)
    .where(Registration.id.in_(_IDS))
    .options(
        joinedload(Registration.person, innerjoin=True), _meetup.joinedload(Meetup.program, innerjoin=True)
    )
    .execution_options(populate_existing=True)
)
_VALID_TICKETS = select(Ticket).where(Ticket.registration_id.in_(_IDS), Ticket.revoked_at.is_(None))


@dataclass(frozen=True)
class Facts:
    """`goes_on`: a seat that they give up goes to somebody who waits."""

    registration: Registration
    ticket: Ticket | None
    place: int | None  # in line
    draw: DrawFacts | None
    goes_on: bool = False
    fee: FeeFacts | None = None
    text: MailText = NO_TEXT  # the organizer's
    asks_how_it_was: bool = False


def rows_of(mails: Sequence[OutboxMail]) -> dict[int, Registration]:
    """The registrations that mails are about, with their people, meetups and programmes."""
    of = {"ids": list({mail.registration_id for mail in mails})}
    return {row.id: row for row in db.session.scalars(_REGISTRATIONS, of)}


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Facts]:
    """Registrations with their tickets, places and draws, in as many queries for a batch as for one mail."""
    rows = rows_of(mails)
    of = {"ids": list(rows)}
    issued = {ticket.registration_id: ticket for ticket in db.session.scalars(_VALID_TICKETS, of)}
    places = _places({row.id for row in rows.values() if row.status is Status.WAITLISTED})
    drawn = draw_facts(row for row in rows.values() if row.meetup.mode is Mode.DRAW)
    asks, thanks = mails and mails[0].kind in ASKING, mails and mails[0].kind == "thanks"
    goes_on = moving({row.meetup_id: row.meetup for row in rows.values()}) if asks else set()
    fees = _fees(rows)
    texts = own_texts.for_mails(mails[0].kind, {row.meetup_id for row in rows.values()}) if mails else {}
    surveyed = surveys.open_of({row.meetup_id for row in rows.values()}) if thanks else frozenset()
    return {
        mail.id: Facts(
            row,
            issued.get(row.id),
            places.get(row.id),
            drawn.get(row.id),
            row.meetup_id in goes_on,
            fees.get(row.id),
            texts.get(row.meetup_id, NO_TEXT),
            row.meetup_id in surveyed,
        )
        for mail in mails
        if (row := rows.get(mail.registration_id or 0))
    }


def write(mail: OutboxMail, facts: Facts | None) -> Letter | None:
    """None where the registration has changed since, and another mail says so."""
    if facts is None or not _is_true(mail, facts):
        return None
    registration, meetup = facts.registration, facts.registration.meetup
    values = meetup_values(meetup, mail.locale) | {
        "name": registration.person.name,
        "reference": registration.reference,
        "link": personal_links.url_of(registration),
        "survey_link": _survey_link(facts),
        "place_in_line": facts.place,
        "stands_behind": registration.stands_behind,
        "note": mail.params.get("note", ""),
        "other": mail.params.get("other", ""),
        "sooner": mail.params.get("sooner", False),
        "on_request": mail.params.get("on_request", False),
        "reopened": mail.params.get("reopened", False),
        "deadline": local_stamp(meetup, registration.offered_until),
        "released_at": local_stamp(meetup, registration.released_at(meetup)),
        "asks": registration.status is Status.CONFIRMED and is_open(registration),
        "goes_on": facts.goes_on,
        "draw": facts.draw,
        "host_note": host_words.note(meetup) if to_remind(registration.host_entry) else "",
        "companions": registration.companions if registration.status is Status.CONFIRMED else 0,
        "fee": facts.fee if registration.status in {Status.CONFIRMED, Status.EXPIRED} else None,
        "fee_due": local_stamp(meetup, facts.fee.due_at) if facts.fee else "",
        "calendar": calendar_link(meetup, mail.locale, links.external("rsvp.show", slug=meetup.slug)),
    }
    values |= own_texts.values(facts.text, mail.locale, values)
    confirmed = registration.status is Status.CONFIRMED and facts.ticket is not None
    if mail.kind in TAKES_OUT:
        return _taking_out(mail, meetup, values)
    if not confirmed or mail.kind in WITHOUT_TICKET:
        return Letter(mail.kind, values, contact_of(meetup))
    return _with_ticket(mail, facts, values)


def _survey_link(facts: Facts) -> str:
    """Where the thanks ask how it was, while answers are taken."""
    if not facts.asks_how_it_was:
        return ""
    registration = facts.registration
    secret = personal_links.secret_of(registration)
    return links.external("rsvp.survey", reference=registration.reference, secret=secret)


def _taking_out(mail: OutboxMail, meetup: Meetup, values: dict[str, object]) -> Letter:
    contact = contact_of(meetup)
    page = links.external("rsvp.show", slug=meetup.slug)
    ics = meetup_ics(meetup, mail.locale, page, ended=contact or "")
    return Letter(mail.kind, values, contact, attachments=[Attachment("cancelled.ics", "text/calendar", ics)])


def _with_ticket(mail: OutboxMail, facts: Facts, values: dict[str, object]) -> Letter:
    assert facts.ticket is not None  # noqa: S101 - for the type checker
    code = tickets.code_of(facts.ticket)
    payload = ticket_codes.payload(current_app.config["SETTINGS"].base_url, code)
    meetup = facts.registration.meetup
    calendar = meetup_ics(
        meetup, mail.locale, personal_links.url_of(facts.registration), with_online_link=True
    )
    return Letter(
        mail.kind,
        values | {"ticket_link": links.external("rsvp.ticket", code=code), "qr": QR_NAME},
        contact_of(meetup),
        pictures=[Attachment(QR_NAME, "image/png", qr.png(payload, scale=8))],
        attachments=[Attachment("meetup.ics", "text/calendar", calendar)],
    )


def _is_true(mail: OutboxMail, facts: Facts) -> bool:
    kind, registration = mail.kind, facts.registration
    called_off = registration.meetup.state is MeetupState.CALLED_OFF
    if kind == "link_renewed":
        return True
    if kind == "meetup_called_off":
        return called_off
    if not _still_says_something(mail, facts):
        return False
    return registration.status is STILL_TRUE[kind] and not (called_off and registration.status in ACTIVE)


def _still_says_something(mail: OutboxMail, facts: Facts) -> bool:
    """Whether what the mail asks or tells has not been settled since."""
    registration = facts.registration
    match mail.kind:
        case "still_coming":
            return is_open(registration) and _is_of_now(mail, registration)
        case "fee_asked" | "fee_reminder":
            return facts.fee is not None and facts.fee.left > 0
        case "thanks":
            return registration.admitted_at is not None
        case "reminder":
            return _is_ahead(registration, mail.params["start"])
    return True


def is_open(registration: Registration) -> bool:
    """Whether they still have to say if they come."""
    meetup = registration.meetup
    return registration.still_coming(meetup) is Answer.OPEN and meetup.starts_at > now()


def _is_of_now(mail: OutboxMail, registration: Registration) -> bool:
    """Whether the question is about the time and place as they are; about others, a later mail asks."""
    now_asked = registration.meetup.appointment
    return bool(mail.params.get("appointment", now_asked) == now_asked)


def _is_ahead(registration: Registration, start: str) -> bool:
    """Whether there is still something to remind them of: this start, if it hasn't been moved since."""
    meetup = registration.meetup
    is_same = meetup.starts_at.isoformat() == start
    return is_same and meetup.starts_at > now() and registration.admitted_at is None


def moving(meetups: Mapping[int, Meetup]) -> set[int]:
    """Of these meetups, those where a freed seat goes to somebody who waits."""
    waits = select(Registration.meetup_id).where(
        Registration.meetup_id.in_(meetups), Registration.status == Status.WAITLISTED
    )
    return {key for key in db.session.scalars(waits.distinct()) if not promotion.stopped(meetups[key], None)}


def local_stamp(meetup: Meetup, at: dt.datetime | None) -> str:
    return i18n.stamp(meetup.local(at)) if at else ""


def _fees(rows: Mapping[int, Registration]) -> dict[int, FeeFacts]:
    """How the fee stands, by registration; nothing where the meetup is free."""
    fees = fee_terms.of_meetups({row.meetup_id for row in rows.values()})
    payments = fee_terms.payments_of(list(rows)) if fees else {}
    return {
        row.id: fee_terms.facts_of(fee, row, payments.get(row.id))
        for row in rows.values()
        if (fee := fees.get(row.meetup_id))
    }


def _places(ids: set[int]) -> dict[int, int]:
    """Places in line, counted from 1, by registration."""
    if not ids:
        return {}
    ahead = aliased(Registration)
    rows = db.session.execute(
        select(Registration.id, func.count(ahead.id).label("place"))
        .join(ahead, ahead.meetup_id == Registration.meetup_id)
        .where(Registration.id.in_(ids), ahead.status == Status.WAITLISTED, ahead.rank <= Registration.rank)
        .group_by(Registration.id)
    )
    return {row.id: row.place for row in rows}


KINDS = {kind: Kind(write, load) for kind in (*STILL_TRUE, "link_renewed", "meetup_called_off")}
