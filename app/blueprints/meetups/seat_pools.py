"""Seats that are kept, at the desk: for cohorts until a date, and for persons who are named. What a change does is shown before."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, guest_words
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating.drawing import Drawing
from app.domain.seating.pools import GuestRole
from app.domain.seating.seat_pools import SeatPools
from app.models import Meetup, Program, Role
from app.numbers import number
from app.refusals import explain
from app.searches import searched
from app.services.organizing import looks
from app.services.seating import reserved_seats, seat_counts
from app.services.seating import seat_pools as service

from .pool_forms import SeatPoolsForm, pools_of, quotas_typed
from .routes import bp

POOLS = "/desk/<program>/meetups/<slug>/pools"


@bp.app_template_global("guest_role")
def guest_role(role: GuestRole) -> str:
    return str(guest_words.ROLES[role])


@bp.get(POOLS)
@access.member(Role.ORGANIZER)
def seat_pools(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _page(program, meetup, SeatPoolsForm(formdata=None, data=pools_of(meetup)))


@bp.post(POOLS)
@access.member(Role.ORGANIZER)
def save_seat_pools(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), SeatPoolsForm()
    try:
        if not form.validate():
            return _page(program, meetup, form), 422
        wanted = form.pools(meetup)
        service.require_usable(db.session(), meetup, wanted)
        if form.understood.data != "yes" and (shown := _warning(program, meetup, form, wanted)):
            return shown
        service.save(meetup.id, wanted, access.current_actor())
    except Unusable as refusal:
        form.note(refusal)
        return _page(program, access.meetup_of(program, slug), form), 422
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _page(program, access.meetup_of(program, slug), form), 422
    flash(_("Saved."))
    return _back(program, slug)


@bp.post(f"{POOLS}/guests")
@access.program_member(Role.ORGANIZER)
def reserve_seat(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    role = request.form.get("role", "")
    chosen = GuestRole(role) if role in set(GuestRole) else GuestRole.GUEST
    person_id = number(request.form.get("person", "")) or 0
    try:
        reserved_seats.assign(meetup.id, person_id, chosen, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "error")
        return _back(program, slug, "guests")
    flash(
        _("A seat is reserved for them. Registered already, they have it now; otherwise when they register.")
    )
    return _back(program, slug, "guests")


@bp.post(f"{POOLS}/guests/removal")
@access.program_member(Role.ORGANIZER)
def release_reserved_seat(program: Program, slug: str) -> ResponseReturnValue:
    meetup, keeps = access.meetup_of(program, slug), request.form.get("keep") == "yes"
    person_id = number(request.form.get("person", "")) or 0
    try:
        reserved_seats.release(meetup.id, person_id, access.current_actor(), keep_seat=keeps)
    except DomainError as refusal:
        flash(explain(refusal), "error")
        return _back(program, slug, "guests")
    flash(
        _("They are off the list. The seat stays reserved.")
        if keeps
        else _("They are off the list, and one seat fewer is reserved.")
    )
    return _back(program, slug, "guests")


def _back(program: Program, slug: str, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".seat_pools", program=program.slug, slug=slug, _anchor=anchor), 303)


def _warning(program: Program, meetup: Meetup, form: SeatPoolsForm, wanted: SeatPools) -> str | None:
    """Whom it affects, to be read before it is saved; None where it reaches nobody."""
    effect = service.effect_of(meetup, wanted)
    redrawn = meetup.drawing(now()) is Drawing.ENTERING and wanted.reserved != meetup.reserved_seats
    if not (effect.moving or effect.waiting or effect.short or redrawn):
        return None
    return render_template(
        "meetups/pools_change.html",
        program=program,
        meetup=meetup,
        effect=effect,
        redrawn=redrawn,
        sent={
            name: value for name, value in request.form.items() if name not in {"csrf_token", "understood"}
        },
    )


def _page(program: Program, meetup: Meetup, form: SeatPoolsForm) -> str:
    asked = searched() if access.runs_program() else ""
    found = reserved_seats.found(meetup, asked)
    seen = [person.id for person in found[: reserved_seats.MOST_FOUND]]
    named = [
        (row, registration)
        for row, registration in reserved_seats.of_meetup(meetup.id)
        if registration or access.runs_program()
    ]
    page = render_template(
        "meetups/seat_pools.html",
        program=program,
        meetup=meetup,
        form=form,
        seating=seat_counts.seating_of(db.session(), meetup),
        quotas=quotas_typed(meetup),
        named=named,
        asked=asked,
        found=found[: reserved_seats.MOST_FOUND],
        more=len(found) > reserved_seats.MOST_FOUND,
        roles=[(role.value, word) for role, word in guest_words.ROLES.items()],
        flowed=meetup.quotas_until is not None and meetup.quotas_until <= now(),
    )
    looks.at_people(program.id, seen, access.current_actor())
    if named:
        looks.at_attendees(program.id, meetup.id, access.current_actor())
    return page
