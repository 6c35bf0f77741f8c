"""The waitlist at the desk: how it stands, holding it back, and what can be done for one person in it."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.models import Meetup, Program, Registration, Role
from app.numbers import query_number
from app.refusals import explain
from app.services.organizing import attendee, looks
from app.services.seating import line, promotion, seat_counts
from app.services.seating import waitlist as service

from .deciding import decided
from .routes import bp
from .seat_forms import LONGEST_REASON, MoveForm, ReasonForm

WAITLIST = "/desk/<program>/meetups/<slug>/waitlist"
ONE = f"{WAITLIST}/<reference>"
PAGE = 100


@bp.get(WAITLIST)
@access.member(Role.ORGANIZER)
def waitlist(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post(f"{WAITLIST}/pause")
@access.member(Role.ORGANIZER)
def pause_promotion(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), ReasonForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    try:
        service.pause(meetup.id, form.reason.data or "", access.current_actor())
    except DomainError as refusal:
        form.reason.errors = [explain(refusal)]
        return _page(program, meetup, form), 422
    flash(_("Freed seats are held back now. Everyone who waits can read why."))
    return redirect(url_for(".waitlist", program=program.slug, slug=slug), 303)


@bp.post(f"{WAITLIST}/resumption")
@access.member(Role.ORGANIZER)
def resume_promotion(program: Program, slug: str) -> ResponseReturnValue:
    moved = service.resume(access.meetup_of(program, slug).id, access.current_actor())
    said = ngettext("It goes on: %(num)d person moved up.", "It goes on: %(num)d people moved up.", moved)
    flash(said if moved else _("It goes on. Nobody could move up yet."))
    return redirect(url_for(".waitlist", program=program.slug, slug=slug), 303)


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def waiting(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    registration = _named(meetup, reference)
    if registration.status is not Status.WAITLISTED:
        return redirect(_attendee(program, slug, reference))
    return _one(program, meetup, registration)


@bp.post(f"{ONE}/place")
@access.member(Role.ORGANIZER)
def move_in_line(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = MoveForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: service.move(row.id, form.wanted, form.reason.data or "", access.current_actor()),
        _("Moved. The others keep their order."),
    )


@bp.post(f"{ONE}/seat")
@access.member(Role.ORGANIZER)
def give_seat(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = ReasonForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: service.confirm(row.id, form.reason.data or "", access.current_actor()),
        _("They have a seat now. The ticket is on its way by mail."),
    )


@bp.post(f"{ONE}/offer")
@access.member(Role.ORGANIZER)
def offer_seat(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = ReasonForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: service.offer(row.id, form.reason.data or "", access.current_actor()),
        _("A seat is held for them. The mail says until when."),
    )


def _decide(
    program: Program,
    slug: str,
    reference: str,
    form: ReasonForm,
    act: Callable[[Registration], None],
    done: str,
) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    registration = _named(meetup, reference)

    def do() -> str:
        act(registration)
        return done

    return decided(
        form,
        do,
        page=lambda form: _one(program, meetup, _named(meetup, reference), form),
        back=url_for(".waitlist", program=program.slug, slug=slug),
    )


def _named(meetup: Meetup, reference: str) -> Registration:
    return attendee.find(meetup.id, reference) or abort(404)


def _attendee(program: Program, slug: str, reference: str) -> str:
    return url_for("exports.attendee", program=program.slug, slug=slug, reference=reference)


def _page(program: Program, meetup: Meetup, pausing: ReasonForm | None = None) -> str:
    start = query_number("start", 0)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = line.waiting(meetup.id, start=start, size=PAGE)
    return render_template(
        "meetups/waitlist.html",
        program=program,
        meetup=meetup,
        line=line.of_meetup(meetup),
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        start=start,
        step=PAGE,
        pausing=pausing,
        longest_reason=LONGEST_REASON,
    )


def _one(program: Program, meetup: Meetup, registration: Registration, form: ReasonForm | None = None) -> str:
    looks.at_attendee(program.id, registration.id, access.current_actor())
    waits = registration.status is Status.WAITLISTED
    seating = seat_counts.seating_of(db.session(), meetup)
    party = seat_counts.party_of_registration(db.session(), meetup, registration)
    return render_template(
        "meetups/waiting.html",
        program=program,
        meetup=meetup,
        registration=registration,
        place=seat_counts.place_in_line(registration) if waits else None,
        seating=seating,
        free=seating.room.seats_for(party),
        until=promotion.deadline(meetup),
        form=form,
        longest_reason=LONGEST_REASON,
    )
