"""The fee at the personal link: by whose name it comes, and where it goes back to."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.refusals import explain
from app.services.fees import payments


@bp.post(f"{LINK}/depositor")
@access.declared("personal_link")
def say_depositor(reference: str, secret: str) -> ResponseReturnValue:
    return _said(reference, secret, payments.say_depositor, "depositor")


@bp.post(f"{LINK}/refund-account")
@access.declared("personal_link")
def say_refund_account(reference: str, secret: str) -> ResponseReturnValue:
    return _said(reference, secret, payments.say_refund_account, "account")


def _said(reference: str, secret: str, say: Callable[[int, str], object], field: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        say(found.id, request.form.get(field, ""))
        flash(_("Saved."))
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return redirect(url_for(".registration", reference=reference, secret=secret, _anchor="fee"), 303)
