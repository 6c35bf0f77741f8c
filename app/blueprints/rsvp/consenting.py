"""Consents at the personal link: given and withdrawn at any time, also after the meetup."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp import personal, texts
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.models import Registration
from app.refusals import explain
from app.services.registering import consents


@bp.get(f"{personal.LINK}/consents")
@access.declared("personal_link")
def show_consents(reference: str, secret: str) -> ResponseReturnValue:
    return _page(personal.mine(reference, secret), secret, EmptyForm())


@bp.post(f"{personal.LINK}/consents")
@access.declared("personal_link")
def change_consents(reference: str, secret: str) -> ResponseReturnValue:
    found, form = personal.mine(reference, secret), EmptyForm()
    shown = request.form.getlist("shown")
    try:
        changed = consents.change(found.id, {key: texts.BOX + key in request.form for key in shown})
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _page(personal.mine(reference, secret), secret, form), 422
    flash(_("Saved.") if changed else _("Nothing to change."))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


def _page(found: Registration, secret: str, form: EmptyForm) -> str:
    return render_template(
        "rsvp/consents.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=form,
        notice=texts.notice_of(found.meetup),
        standing=consents.of_registration(found),
    )
