"""Proving an address: asking for a mail, typing its code, or opening its link in any browser."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp import memory
from app.blueprints.rsvp.forms import AddressForm, CodeForm, EmptyForm
from app.blueprints.rsvp.memory import Asked
from app.blueprints.rsvp.phases import phase_of
from app.blueprints.rsvp.public import page
from app.blueprints.rsvp.routes import bp, client, public_meetup
from app.domain import tokens
from app.domain.addresses import address_key
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Meetup
from app.refusals import explain
from app.services import proofs

TOO_MANY = {"too_many_proofs", "too_many_codes"}


@bp.post("/m/<slug>/proofs")
@access.public
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
    memory.remember(phase.meetup_id, Asked(uid or _kept(phase.meetup_id, address), address))
    return redirect(url_for(".code", slug=slug), 303)


@bp.get("/m/<slug>/code")
@access.public
def code(slug: str) -> ResponseReturnValue:
    meetup = public_meetup(slug)
    asked = memory.recall(meetup.id)
    if asked is None:
        return redirect(url_for(".show", slug=slug))
    return _code_page(meetup, asked, CodeForm())


@bp.post("/m/<slug>/code")
@access.public
def try_code(slug: str) -> ResponseReturnValue:
    meetup, form = public_meetup(slug), CodeForm()
    asked = memory.recall(meetup.id)
    if asked is None:
        return redirect(url_for(".show", slug=slug), 303)
    if not form.validate():
        return _code_page(meetup, asked, form), 422
    try:
        proofs.check_code(meetup.id, asked.uid, form.code.data or "", client=client())
    except DomainError as refusal:
        form.code.errors = [explain(refusal)]
        return _code_page(meetup, asked, form), _status(refusal)
    memory.remember(meetup.id, Asked(asked.uid, asked.address, proved=True))
    return redirect(url_for(".check", slug=slug), 303)


@bp.get("/m/<slug>/proofs/<uid>/<secret>")
@access.declared("proof_link")
def open_proof(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    """A button: whoever opens links to look at them, as mail scanners do, proves nothing."""
    meetup = public_meetup(slug)
    try:
        proofs.require_link(meetup.id, uid, secret)
    except DomainError as refusal:
        return _link_refused(meetup, refusal)
    return render_template("rsvp/open_proof.html", meetup=meetup, form=EmptyForm())


@bp.post("/m/<slug>/proofs/<uid>/<secret>")
@access.declared("proof_link")
def prove(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    meetup = public_meetup(slug)
    try:
        proof = proofs.open_link(meetup.id, uid, secret)
    except DomainError as refusal:
        return _link_refused(meetup, refusal)
    memory.remember(meetup.id, Asked(uid, proof.address, proved=True))
    return redirect(url_for(".check", slug=slug), 303)


def _kept(meetup_id: int, address: str) -> str:
    """Past the limit of an address its last proof lives on in the browser that holds it."""
    asked = memory.recall(meetup_id)
    same = asked and address_key(asked.address) == address_key(address)
    return asked.uid if asked and same else tokens.uid()


def _code_page(meetup: Meetup, asked: Asked, form: CodeForm) -> str:
    again = AddressForm(formdata=None, address=asked.address)
    return render_template("rsvp/code.html", meetup=meetup, asked=asked, form=form, again=again)


def _link_refused(meetup: Meetup, refusal: DomainError) -> ResponseReturnValue:
    if refusal.code == "proof_unknown":
        abort(404)
    status = 410 if request.method == "GET" else 422
    return render_template("rsvp/link_expired.html", meetup=meetup), status


def _status(refusal: DomainError) -> int:
    return 429 if refusal.code in TOO_MANY else 422
