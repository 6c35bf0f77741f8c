"""One's phone at the personal link: for the day itself, and as often as it changes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.models import Registration
from app.refusals import explain
from app.services.revising import contacts


@bp.get(f"{LINK}/phone")
@access.declared("personal_link")
def changing_phone(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not contacts.may_change_own(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret, found.phone or "")


@bp.post(f"{LINK}/phone")
@access.declared("personal_link")
def change_phone(reference: str, secret: str) -> ResponseReturnValue:
    found, typed = mine(reference, secret), request.form.get("phone", "")[:400]
    try:
        changed = contacts.change_own(found, typed)
    except Unusable as refusal:
        errors = [explain(problem) for problem in refusal.problems.values()]
        return _page(mine(reference, secret), secret, typed, errors), 422
    except DomainError as refusal:
        return _page(mine(reference, secret), secret, typed, [explain(refusal)]), 422
    flash(_("Saved.") if changed else _("Nothing to change."))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


def _page(found: Registration, secret: str, typed: str, errors: list[str] | None = None) -> str:
    return render_template(
        "rsvp/phone.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        typed=typed,
        errors=errors or (),
    )
