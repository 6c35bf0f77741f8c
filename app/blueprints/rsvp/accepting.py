"""An offered seat: taken by one press on the registration's own page."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.refusals import explain
from app.services import offers


@bp.post(f"{LINK}/acceptance")
@access.declared("personal_link")
def accept(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        offers.accept(found.id)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)
