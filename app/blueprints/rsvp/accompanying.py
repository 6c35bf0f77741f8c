"""Who comes along: chosen by whoever has the seat, as far as the meetup allows."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.clock import now
from app.domain.errors import DomainError
from app.models import Registration
from app.refusals import explain
from app.services.registering import answers, companions, question_sets


@bp.get(f"{LINK}/companions")
@access.declared("personal_link")
def accompanying(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not companions.may_change(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret)


@bp.post(f"{LINK}/companions")
@access.declared("personal_link")
def set_own_companions(reference: str, secret: str) -> ResponseReturnValue:
    found, number = mine(reference, secret), request.form.get("companions", -1, type=int)
    before = found.companions
    try:
        companions.set_own(found.id, number)
    except DomainError as refusal:
        return _page(mine(reference, secret), secret, explain(refusal)), 422
    flash(_("Saved."))
    asks = any(question.of_companions for question in question_sets.current(found.meetup).asked)
    where = ".show_answers" if asks and number > before else ".registration"
    return redirect(url_for(where, reference=reference, secret=secret), 303)


def _page(found: Registration, secret: str, error: str | None = None) -> str:
    until = answers.open_until(found.meetup)
    most = companions.most_of(found) if now() < until else found.companions
    return render_template(
        "rsvp/companions.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        error=error,
        most=most,
        until=until if now() < until else None,
    )
