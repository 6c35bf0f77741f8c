"""Still coming? "Yes" is one press on the registration's own page; "no" is the ordinary cancelling."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.refusals import explain
from app.services import still_coming


@bp.post(f"{LINK}/coming")
@access.declared("personal_link")
def still_come(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        still_coming.say_yes(found.id)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)
