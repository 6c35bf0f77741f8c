"""A registration's own pages, for whoever holds its personal link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import access, answer_words, links, qr
from app import certificate_papers as papers
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.routes import bp
from app.calendars import calendar_link, meetup_ics
from app.clock import now
from app.domain.door import tickets as ticket_codes
from app.domain.errors import DomainError
from app.domain.registering.companion_names import unnamed
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.registering.still_coming import Answer
from app.domain.seating.modes import Mode
from app.i18n import current_locale
from app.models import Payment, Registration, Ticket
from app.move_words import Change, changes
from app.refusals import explain
from app.services.alumni import attendance
from app.services.fees import deadlines, payments
from app.services.fees import terms as fee_terms
from app.services.meeting import introductions, tables
from app.services.organizing import certificates, inside_notes, stories
from app.services.personal import personal_links
from app.services.registering import (
    answers,
    claims,
    companions,
    host_entries,
    moves,
    registrations,
    surveys,
    tickets,
)
from app.services.revising import contacts
from app.services.seating import approvals, draws, line, reserved_seats, seat_release
from app.services.seating.windows import why_closed
from app.ticket_pictures import ticket_png

LINK = "/r/<reference>/<secret>"


@bp.get(LINK)
@access.declared("personal_link")
def registration(reference: str, secret: str) -> ResponseReturnValue:
    return _page(mine(reference, secret), secret)


@bp.get(f"{LINK}/cancellation")
@access.declared("personal_link")
def cancelling(reference: str, secret: str) -> ResponseReturnValue:
    """What cancelling means, before it is done."""
    found = mine(reference, secret)
    if found.status not in ACTIVE:
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _cancel_page(found, secret, EmptyForm())


@bp.post(f"{LINK}/cancellation")
@access.declared("personal_link")
def cancel(reference: str, secret: str) -> ResponseReturnValue:
    found, form = mine(reference, secret), EmptyForm()
    try:
        registrations.cancel(found.id)
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _cancel_page(mine(reference, secret), secret, form), 422
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


def pressed(reference: str, secret: str, act: Callable[[int], object]) -> ResponseReturnValue:
    """A button of the registration's own page: do it, and back to the page, which says why where it can't be."""
    found = mine(reference, secret)
    try:
        act(found.id)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


@bp.get(f"{LINK}/calendar.ics")
@access.declared("personal_link")
def own_calendar(reference: str, secret: str) -> Response:
    found = mine(reference, secret)
    confirmed = found.status is Status.CONFIRMED
    data = meetup_ics(
        found.meetup, current_locale(), personal_links.url_of(found), with_online_link=confirmed
    )
    return Response(data, mimetype="text/calendar")


@bp.get(f"{LINK}/ticket.png")
@access.declared("personal_link")
def ticket_picture(reference: str, secret: str) -> Response:
    """The ticket as a picture, to keep among one's photos."""
    found = mine(reference, secret)
    ticket = _ticket(found)
    if ticket is None:
        abort(404)
    return Response(ticket_png(found, payload_of(ticket), current_locale()), mimetype="image/png")


def payload_of(ticket: Ticket) -> str:
    """What the ticket's QR holds."""
    return ticket_codes.payload(current_app.config["SETTINGS"].base_url, tickets.code_of(ticket))


def mine(reference: str, secret: str) -> Registration:
    """The registration of this link, or 404."""
    found = personal_links.find(reference, secret)
    if found is None or not found.meetup.is_public:
        abort(404)
    return found


def _ticket(found: Registration) -> Ticket | None:
    return tickets.current(found.id) if found.status in ACTIVE else None


def _page(found: Registration, secret: str) -> str:
    meetup = found.meetup
    is_over = meetup.ends_at <= now()
    ticket = None if is_over else _ticket(found)
    waiting = found.status is Status.WAITLISTED
    still_coming = found.still_coming(meetup) if found.status is Status.CONFIRMED else None
    return render_template(
        "rsvp/registration.html",
        registration=found,
        meetup=meetup,
        secret=secret,
        is_over=is_over,
        qr=qr.svg(payload_of(ticket), quiet=2) if ticket else None,
        ticket_code=tickets.code_of(ticket) if ticket else None,
        place=line.place_of(found) if waiting else None,
        drawn=draws.of_registration(found) if meetup.mode is Mode.DRAW else None,
        stands=meetup.drawing(now()),
        offer_over=found.offered_until is not None and found.offered_until <= now(),
        still_coming=still_coming,
        attended=attendance.of_meetup(found) if found.is_verified else None,
        released_at=found.released_at(meetup),
        changes=_changes(found) if still_coming is Answer.OPEN else [],
        table=tables.number_of(found),
        quotes=stories.quotes_of(found.id) if meetup.starts_at <= now() else [],
        survey=surveys.standing(found),
        inside_note=inside_notes.for_registration(found),
        **_certificate(found),
        fee=fee_terms.facts(found),
        refund=_refund(found),
        was_unpaid=deadlines.was_unpaid(found),
        was_released=seat_release.was_released(found),
        reserved_as=reserved_seats.role_of(found),
        goes_on=still_coming is Answer.OPEN and line.goes_on(meetup),
        not_selected=approvals.was_not_selected(found),
        on_request=found.status is Status.CANCELLED and registrations.asked_to_cancel(found.id) is not None,
        refusal=claims.refusal(found),
        reason=why_closed(meetup),
        answers=answer_words.of_party(found),
        may_answer=bool(found.meetup.questions_version) and answers.may_change(found),
        answers_until=answers.open_until(found.meetup),
        says_host_entry=host_entries.may_say(found),
        owes_names=unnamed(found.companion_names, found.companions, meetup.companion_names),
        may_accompany=companions.may_change(found),
        may_change_phone=contacts.may_change_own(found),
        may_introduce=introductions.may_write(found),
        may_meet=introductions.may_look(found),
        calendar=calendar_link(meetup, current_locale(), links.external("rsvp.show", slug=meetup.slug)),
    )


def _certificate(found: Registration) -> dict[str, Any]:
    """Whether there is one, until when it can be checked, and which signs of the name keep it from being printed."""
    if not certificates.own(found):
        return {"has_certificate": False}
    until, refusal = (
        certificates.until(found, certificates.days(found.meetup)),
        papers.refusal(found.person.name),
    )
    return {"has_certificate": True, "until": until, "unprintable": explain(refusal) if refusal else ""}


def _refund(found: Registration) -> Payment | None:
    """What they paid and get back, as they have no seat for it."""
    payment = fee_terms.payments_of([found.id]).get(found.id)
    return payment if payments.is_to_refund(found, found.meetup, payment) else None


def _changes(found: Registration) -> list[Change]:
    """What has changed since the last time that they knew of, where they are asked about that."""
    move = moves.asking(found.meetup)
    if move is None:
        return []
    return changes(move.before, found.meetup.appointed(), current_locale(), online=True)


def _cancel_page(found: Registration, secret: str, form: EmptyForm) -> str:
    return render_template(
        "rsvp/cancelling.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=form,
        stands=found.meetup.drawing(now()),
    )
