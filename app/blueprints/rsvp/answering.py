"""One's answers at the personal link: seen, and changed until the organizer's date."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, answer_forms
from app.answer_forms import AnswersForm
from app.blueprints.rsvp import personal
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.registering.answers import Typed
from app.models import Registration
from app.services.registering import answers, question_sets


@bp.get(f"{personal.LINK}/answers")
@access.declared("personal_link")
def show_answers(reference: str, secret: str) -> ResponseReturnValue:
    found = personal.mine(reference, secret)
    if not answers.may_change(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret, AnswersForm())


@bp.post(f"{personal.LINK}/answers")
@access.declared("personal_link")
def change_answers(reference: str, secret: str) -> ResponseReturnValue:
    found, form = personal.mine(reference, secret), AnswersForm()
    typed, shown = answer_forms.typed_by_party(found), request.form.get("questions", 0, type=int)
    try:
        changed = answers.change(found.id, typed, shown=shown, seen=answer_forms.seen())
    except DomainError as refusal:
        form.note(refusal, question_sets.current(found.meetup))
        return _page(personal.mine(reference, secret), secret, form, typed), 422
    flash(_("Saved.") if changed else _("Nothing to change."))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


def _page(found: Registration, secret: str, form: AnswersForm, typed: dict[int, Typed] | None = None) -> str:
    """The questions with the answers of now, and with what was typed where it was refused."""
    return render_template(
        "rsvp/answers.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=form,
        party=answer_forms.party(found, typed),
        until=answers.open_until(found.meetup),
    )
