"""Proving an address: asking for a mail, typing its code, or opening its link in any browser."""

from __future__ import annotations

import dataclasses

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp import memory
from app.blueprints.rsvp.forms import AddressForm, CodeForm, EmptyForm
from app.blueprints.rsvp.memory import Asked
from app.blueprints.rsvp.phases import phase_of
from app.blueprints.rsvp.public import page
from app.blueprints.rsvp.routes import bp, meetup_seen, public_meetup
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key
from app.i18n import current_locale
from app.models import Meetup
from app.origins import own_origin
from app.refusals import explain
from app.services.registering import proofs
from app.visitors import client

TOO_MANY = {"too_many_proofs", "too_many_codes"}


@bp.post("/m/<slug>/proofs")
@access.public
@own_origin
def ask(slug: str) -> ResponseReturnValue:
    """The same answer for every address that could be one."""
    phase = phase_of(slug)
    if phase is None:
        abort(404)
    form = AddressForm()
    if not form.validate():
        return page(slug, phase, form), 422
    address = form.address.data or ""
    try:
        uid = proofs.ask(phase.meetup_id, address, locale=current_locale(), client=client())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return page(slug, phase, form), _status(refusal)
    before = _asked_before(phase.meetup_id, address)
    if before:
        limit = current_app.config["SETTINGS"].MAILS_PER_ADDRESS_HOUR
        flash(
            _(
                "Asked again. Only the newest mail's code works. One address gets %(n)s mails an hour.",
                n=limit,
            ),
            "info",
        )
    uids = (uid or tokens.uid(), *(before.uids if before else ()))
    memory.remember(phase.meetup_id, Asked(uids[: memory.MOST_ASKINGS], address))
    return redirect(url_for(".code", slug=slug), 303)


@bp.get("/m/<slug>/code")
@access.public
def code(slug: str) -> ResponseReturnValue:
    meetup = meetup_seen(slug)
    asked = memory.recall(meetup.id)
    if asked is None:
        return redirect(url_for(".show", slug=slug))
    return _code_page(meetup, asked, CodeForm())


@bp.post("/m/<slug>/code")
@access.public
def try_code(slug: str) -> ResponseReturnValue:
    meetup, form = meetup_seen(slug), CodeForm()
    asked = memory.recall(meetup.id)
    if asked is None:
        return redirect(url_for(".show", slug=slug), 303)
    if not form.validate():
        return _code_page(meetup, asked, form), 422
    try:
        uid = proofs.check_code(meetup.id, asked.uids, form.code.data or "", client=client())
    except DomainError as refusal:
        form.code.errors = [explain(refusal)]
        return _code_page(meetup, asked, form), _status(refusal)
    memory.remember(meetup.id, dataclasses.replace(asked, uids=(uid,), proved=True))
    return redirect(url_for(".check", slug=slug), 303)


@bp.get("/m/<slug>/proofs/<uid>/<secret>")
@access.declared("proof_link")
def open_proof(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    """A button: whoever opens links to look at them, as mail scanners do, proves nothing."""
    meetup = public_meetup(slug)
    if _proved_here(meetup, uid):
        return redirect(url_for(".check", slug=slug))
    try:
        proofs.require_link(meetup.id, uid, secret)
    except DomainError as refusal:
        return _link_refused(meetup, refusal)
    return render_template("rsvp/open_proof.html", meetup=meetup, form=EmptyForm())


@bp.post("/m/<slug>/proofs/<uid>/<secret>")
@access.declared("proof_link")
def prove(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    meetup = public_meetup(slug)
    if _proved_here(meetup, uid):
        return redirect(url_for(".check", slug=slug), 303)
    try:
        proof = proofs.open_link(meetup.id, uid, secret)
    except DomainError as refusal:
        return _link_refused(meetup, refusal)
    memory.remember(meetup.id, Asked((uid,), proof.address, proved=True))
    return redirect(url_for(".check", slug=slug), 303)


def _asked_before(meetup_id: int, address: str) -> Asked | None:
    """What this browser asked for the same address."""
    asked = memory.recall(meetup_id)
    same = asked and not asked.invitation and address_key(asked.address) == address_key(address)
    return asked if same else None


def _proved_here(meetup: Meetup, uid: str) -> bool:
    """Whether this very browser has used the link: pressing twice, or going back, is no mistake."""
    asked = memory.recall(meetup.id)
    return asked is not None and asked.uid == uid and asked.proved


def _code_page(meetup: Meetup, asked: Asked, form: CodeForm) -> str:
    return render_template("rsvp/code.html", meetup=meetup, asked=asked, form=form)


def _link_refused(meetup: Meetup, refusal: DomainError) -> ResponseReturnValue:
    if refusal.code == "proof_unknown":
        abort(404)
    status = 410 if request.method == "GET" else 422
    return render_template("rsvp/link_expired.html", meetup=meetup, code=refusal.code), status


def _status(refusal: DomainError) -> int:
    return 429 if refusal.code in TOO_MANY else 422
