"""Where one's mails go: a code to the present address, one to the new; and the former one's way to object."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp import fresh
from app.blueprints.rsvp.forms import AddressForm, CodeForm, EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp, personal_path
from app.db import db
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.domain.writing.addresses import masked_address
from app.i18n import current_locale
from app.models import AddressChange, Registration
from app.refusals import explain
from app.services.personal import address_changes, fresh_proofs
from app.visitors import client

OLD, NEW = Purpose.ADDRESS, Purpose.NEW_ADDRESS
OBJECTION = "/address-changes/<uid>/<secret>"


@bp.get(f"{LINK}/address")
@access.declared("personal_link")
def changing_address(reference: str, secret: str) -> ResponseReturnValue:
    return _page(mine(reference, secret), secret)


@bp.post(f"{LINK}/address/codes")
@access.declared("personal_link")
def ask_address_code(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.ask(reference, secret, OLD)


@bp.post(f"{LINK}/address/proof")
@access.declared("personal_link")
def prove_address(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.prove(reference, secret, OLD)


@bp.post(f"{LINK}/address/new")
@access.declared("personal_link")
def ask_new_address_code(reference: str, secret: str) -> ResponseReturnValue:
    found, form = mine(reference, secret), AddressForm()
    if not form.validate():
        return _page(found, secret, form), 422
    try:
        uid = address_changes.ask(
            found,
            fresh.uid_of(found, OLD),
            form.address.data or "",
            client=client(),
            locale=current_locale(),
        )
    except DomainError as refusal:
        form.address.errors = [explain(refusal)]
        return _page(found, secret, form), 422
    fresh.remember(found, NEW, uid)
    return redirect(url_for(".changing_address", reference=reference, secret=secret), 303)


@bp.post(f"{LINK}/address")
@access.declared("personal_link")
def change_address(reference: str, secret: str) -> ResponseReturnValue:
    """The code that went to the new address: with it everything moves there, this page's own link, too."""
    found, form = mine(reference, secret), CodeForm()
    if not form.validate():
        return _page(found, secret, code=form), 422
    uid = fresh.uid_of(found, NEW)
    try:
        fresh_proofs.prove(found.id, NEW, uid, form.code.data or "", client=client())
        address_changes.change(found, fresh.uid_of(found, OLD), uid)
    except DomainError as refusal:
        form.code.errors = [explain(refusal)]
        return _page(mine(reference, secret), secret, code=form), 422
    flash(_("Your mails go to the new address now. This page has a new link, and your ticket is a new one."))
    return redirect(personal_path(db.session.get_one(Registration, found.id, populate_existing=True)), 303)


@bp.get(OBJECTION)
@access.declared("proof_link")
def objecting(uid: str, secret: str) -> ResponseReturnValue:
    """A button: whoever opens links to look at them, as mail scanners do, changes nothing."""
    return _objection(_change(uid, secret))


@bp.post(OBJECTION)
@access.declared("proof_link")
def put_address_back(uid: str, secret: str) -> ResponseReturnValue:
    made = _change(uid, secret)
    try:
        address_changes.put_back(made.id)
    except DomainError as refusal:
        return _objection(_change(uid, secret), explain(refusal)), 422
    return redirect(url_for(".objecting", uid=uid, secret=secret), 303)


def _change(uid: str, secret: str) -> AddressChange:
    return address_changes.find(uid, secret) or abort(404)


def _objection(made: AddressChange, error: str | None = None) -> str:
    registration = db.session.get_one(Registration, made.registration_id)
    try:
        address_changes.require_open(made)
        is_open = True
    except DomainError:
        is_open = False
    return render_template(
        "rsvp/objection.html",
        meetup=registration.meetup,
        made=made,
        masked=masked_address(made.address),
        is_open=is_open,
        error=error,
        form=EmptyForm(),
    )


def _page(
    found: Registration, secret: str, new: AddressForm | None = None, code: CodeForm | None = None
) -> str:
    """The step at which this browser stands: the present address, the new one, or its code."""
    if not fresh.is_proved(found, OLD):
        return fresh.page(found, secret, OLD)
    asked = fresh_proofs.find(found, NEW, fresh.uid_of(found, NEW))
    other = "another" in request.args or new is not None
    return render_template(
        "rsvp/address.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        asked=asked.address if asked and not other else None,
        form=(new or AddressForm()) if other or not asked else (code or CodeForm()),
    )
