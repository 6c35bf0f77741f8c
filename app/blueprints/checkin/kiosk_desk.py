"""The organizer's side of self check-in: the exit code, and the QR that makes a tablet one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.checkin import desk
from app.blueprints.checkin.forms import KioskCodeForm
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.models import DeviceRole, Meetup, Program, Role
from app.refusals import explain
from app.services.door import devices, kiosks


@bp.post(f"{desk.DOOR}/kiosk-code")
@access.member(Role.ORGANIZER)
def set_kiosk_code(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), KioskCodeForm()
    try:
        if not form.validate():
            return desk.page(program, meetup, kiosk=form), 422
        kiosks.set_code(meetup.id, form.code.data or "", access.current_actor())
    except DomainError as refusal:
        form.code.errors = [explain(refusal)]
        return desk.page(program, meetup, kiosk=form), 422
    flash(_("The exit code is set."))
    return redirect(url_for("checkin.door", program=program.slug, slug=slug, _anchor="kiosk"), 303)


@bp.post(f"{desk.DOOR}/kiosks")
@access.member(Role.ORGANIZER)
def open_kiosk(program: Program, slug: str) -> ResponseReturnValue:
    """Make a QR for one tablet."""
    meetup = access.meetup_of(program, slug)
    try:
        enrolment = devices.open_door(meetup.id, DeviceRole.KIOSK, access.me().id)
    except DomainError as refusal:
        return _refused(program, meetup, refusal), 422
    return redirect(
        url_for("checkin.door", program=program.slug, slug=slug, qr=enrolment.uid, _anchor="qr"), 303
    )


def _refused(program: Program, meetup: Meetup, refusal: DomainError) -> str:
    form = KioskCodeForm(formdata=None)
    form.form_errors.append(explain(refusal))
    return desk.page(program, meetup, kiosk=form)
