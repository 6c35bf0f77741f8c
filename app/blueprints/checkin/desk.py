"""The organizer's side of the door: open it, see its phones and counts, check in by hand."""

from __future__ import annotations

import uuid

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import access, qr
from app.blueprints.checkin import answers
from app.blueprints.checkin.forms import (
    DeskCheckInForm,
    DoorSettingsForm,
    KioskCodeForm,
    OpenDoorForm,
    WalkInForm,
    settings_of,
)
from app.blueprints.checkin.routes import bp
from app.clock import now
from app.db import db
from app.domain.door.admission import Verdict
from app.domain.door.scans import ENTRY, EXIT
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.i18n import current_locale
from app.models import Device, DeviceRole, Enrolment, Meetup, Program, Role
from app.refusals import explain
from app.services.door import (
    checkin_undo,
    checkins,
    devices,
    door_counts,
    door_gates,
    door_ticks,
    walk_in_checks,
    walk_ins,
)
from app.services.door.door_outcomes import Outcome

DOOR = "/desk/<program>/meetups/<slug>/door"
TONES = {
    Verdict.OK: "success",
    Verdict.UNDONE: "success",
    Verdict.LEFT: "success",
    Verdict.ALREADY_REDEEMED: "warning",
    Verdict.NOT_IN: "warning",
}


@bp.get(DOOR)
@access.member(Role.ORGANIZER)
def door(program: Program, slug: str) -> ResponseReturnValue:
    return page(program, access.meetup_of(program, slug))


@bp.post(f"{DOOR}/enrolments")
@access.member(Role.ORGANIZER)
def open_door(program: Program, slug: str) -> ResponseReturnValue:
    """Make a QR for one more phone."""
    meetup = access.meetup_of(program, slug)
    form = OpenDoorForm(meetup.door_gates, asks_lists=not devices.was_opened(meetup.id))
    if not form.validate():
        return page(program, meetup, opening=form), 422
    try:
        role, gate = DeviceRole(form.role.data), form.chosen_gate()
        enrolment = devices.open_door(meetup.id, role, access.me().id, gate, lists=form.allows_lists())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return page(program, meetup, opening=form), 422
    return redirect(
        url_for("checkin.door", program=program.slug, slug=slug, qr=enrolment.uid, _anchor="qr"), 303
    )


@bp.post(f"{DOOR}/own-phones")
@access.member(Role.DOOR)
def own_phone(program: Program, slug: str) -> ResponseReturnValue:
    """Make the phone that asks a staff phone, as long as its holder has the right."""
    meetup = access.meetup_of(program, slug)
    try:
        enrolment = devices.open_door(meetup.id, DeviceRole.SCAN, access.me().id, is_own=True)
    except DomainError as refusal:
        flash(explain(refusal), "error")
        return redirect(url_for("meetups.show", program=program.slug, slug=slug), 303)
    return redirect(url_for("checkin.enrolment", token=devices.link_token(enrolment)), 303)


@bp.post(f"{DOOR}/devices/<int:device_id>/revocation")
@access.member(Role.ORGANIZER)
def revoke(program: Program, slug: str, device_id: int) -> ResponseReturnValue:
    """Take a phone its right, at once."""
    meetup = access.meetup_of(program, slug)
    try:
        device = devices.revoke(meetup.id, device_id, access.current_actor())
    except DomainError:
        abort(404)
    flash(_("%(name)s can no longer work this door.", name=device.name))
    return _back(program, slug)


@bp.post("/desk/<program>/meetups/<slug>/check-ins")
@access.member(Role.ORGANIZER)
def desk_check_in(program: Program, slug: str) -> ResponseReturnValue:
    """Check one person in by `reference` or ticket `code`, or out (`kind`); then back to `next`."""
    meetup, form = access.meetup_of(program, slug), DeskCheckInForm()
    if not form.validate():
        abort(400)
    scan = {
        "id": form.id.data or str(uuid.uuid4()),
        "kind": EXIT if form.kind.data == EXIT else ENTRY,
        "registration": form.reference.data or None,
        "code": None if form.reference.data else form.code.data,
    }
    _tell(checkins.record_at_desk(meetup.id, access.me().id, scan), meetup.zone)
    return _back(program, slug)


@bp.post("/desk/<program>/meetups/<slug>/check-ins/undo")
@access.member(Role.ORGANIZER)
def desk_undo(program: Program, slug: str) -> ResponseReturnValue:
    """Take back the check-in of `reference`, for a `reason`; then back to `next`."""
    meetup, form = access.meetup_of(program, slug), DeskCheckInForm()
    if not form.validate():
        abort(400)
    undo_id = form.id.data or str(uuid.uuid4())
    try:
        outcome = checkin_undo.undo_at_desk(
            meetup.id, access.me().id, form.reference.data or "", form.reason.data, undo_id
        )
    except DomainError as refusal:
        flash(explain(refusal), "error")
    else:
        _tell(outcome, meetup.zone)
    return _back(program, slug)


def page(
    program: Program,
    meetup: Meetup,
    *,
    opening: OpenDoorForm | None = None,
    settings: DoorSettingsForm | None = None,
    walking_in: WalkInForm | None = None,
    kiosk: KioskCodeForm | None = None,
) -> str:
    """The door's page, with the forms as they were sent where one was refused."""
    phones = db.session.scalars(
        select(Device)
        .where(Device.meetup_id == meetup.id)
        .order_by(Device.revoked_at.is_not(None), Device.id)
    ).all()
    return render_template(
        "checkin/door.html",
        program=program,
        meetup=meetup,
        title=meetup.title(current_locale()),
        form=opening or _fresh_opening(meetup),
        settings=settings or DoorSettingsForm(formdata=None, data=settings_of(meetup)),
        to_verify=walk_in_checks.number_waiting(meetup),
        walking_in=walking_in or _fresh_walk_in(program),
        kiosk=kiosk or KioskCodeForm(formdata=None),
        gates=door_gates.counts(meetup.id, meetup.door_gates) if meetup.door_gates else [],
        ticks=door_ticks.counts(meetup.id, meetup.door_ticks),
        phones=phones,
        at=now(),
        counts=answers.counts(door_counts.of(meetup.id)),
        offer=_offer(meetup, request.args.get("qr", "")),
    )


def _fresh_opening(meetup: Meetup) -> OpenDoorForm:
    """Who decided in the settings already finds that answer."""
    decided = {"lists": "yes"} if meetup.door_lists_people else {}
    asks = not devices.was_opened(meetup.id)
    return OpenDoorForm(meetup.door_gates, asks_lists=asks, formdata=None, data=decided)


def _fresh_walk_in(program: Program) -> WalkInForm:
    return WalkInForm(walk_ins.cohorts(program.id), formdata=None, data={"id": str(uuid.uuid4())})


def _offer(meetup: Meetup, uid: str) -> dict[str, object] | None:
    """The QR that was asked for: to be scanned, used by now, or run out."""
    enrolment = db.session.scalars(
        select(Enrolment).where(Enrolment.uid == uid, Enrolment.meetup_id == meetup.id)
    ).one_or_none()
    if enrolment is None:
        return None
    taken = db.session.scalars(select(Device).where(Device.enrolment_id == enrolment.id)).first()
    if taken is not None or enrolment.expires_at <= now():
        return {"taken_by": taken, "role": enrolment.role.value}
    path = url_for("checkin.enrolment", token=devices.link_token(enrolment))
    link = current_app.config["SETTINGS"].base_url + path
    return {
        "link": link,
        "qr": qr.svg(link),
        "until": enrolment.expires_at,
        "role": enrolment.role.value,
        "gate": enrolment.gate,
    }


def _tell(outcome: Outcome, zone: str) -> None:
    told = answers.outcome(outcome, zone)
    kind = TONES.get(outcome.verdict, "error") if outcome.verdict else "error"
    if outcome.verdict is Verdict.OK and outcome.person:
        flash(_("%(name)s is checked in.", name=outcome.person.name), kind)
    elif outcome.verdict is Verdict.LEFT and outcome.person:
        flash(_("%(name)s has left.", name=outcome.person.name), kind)
    else:
        flash(" ".join(filter(None, (told["reason"], told.get("advice")))), kind)


def _back(program: Program, slug: str) -> ResponseReturnValue:
    there = url_for("checkin.door", program=program.slug, slug=slug)
    return redirect(local_path(request.form.get("next")) or there, 303)
