"""Erase me: what it means, a code by mail, one's name typed, and then nothing is left to come back to."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp import fresh, memory
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.i18n import current_locale
from app.models import Registration
from app.refusals import explain
from app.services.personal import erasure

ACT = Purpose.ERASURE


@bp.get(f"{LINK}/erasure")
@access.declared("personal_link")
def erasing(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    return _page(found, secret) if fresh.is_proved(found, ACT) else fresh.page(found, secret, ACT)


@bp.post(f"{LINK}/erasure/codes")
@access.declared("personal_link")
def ask_erasure_code(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.ask(reference, secret, ACT)


@bp.post(f"{LINK}/erasure/proof")
@access.declared("personal_link")
def prove_erasure(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.prove(reference, secret, ACT)


@bp.post(f"{LINK}/erasure")
@access.declared("personal_link")
def erase(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        erasure.require_named(found.person, request.form.get("confirm_name", ""))
        erasure.erase_by_link(found, fresh.uid_of(found, ACT), locale=current_locale())
    except DomainError as refusal:
        if refusal.code == "proof_expired":
            return fresh.page(found, secret, ACT), 422
        return _page(found, secret, explain(refusal)), 422
    fresh.forget()
    session.pop(memory.KEY, None)
    return redirect(url_for(".erased"), 303)


@bp.get("/erased")
@access.public
def erased() -> ResponseReturnValue:
    """Knows nobody: there is nobody left to know."""
    return render_template("rsvp/erased.html")


def _page(found: Registration, secret: str, error: str | None = None) -> str:
    return render_template(
        "rsvp/erasure.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        errors=[error] if error else [],
        outlook=erasure.outlook(found.person_id),
    )
