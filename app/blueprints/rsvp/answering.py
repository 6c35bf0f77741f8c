"""One's answers at the personal link: seen, and changed until the organizer's date."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp import personal, texts
from app.blueprints.rsvp.forms import AnswersForm
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.registering.answers import Typed, asked_of, typed_as
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
    typed = _typed(found)
    try:
        changed = answers.change(found.id, typed, shown=request.form.get("questions", 0, type=int))
    except DomainError as refusal:
        form.note(refusal, question_sets.current(found.meetup))
        return _page(personal.mine(reference, secret), secret, form, typed), 422
    flash(_("Saved.") if changed else _("Nothing to change."))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


def _typed(found: Registration) -> dict[int, Typed]:
    questions = question_sets.current(found.meetup)
    return {who: texts.typed(questions, who) for who in range(found.companions + 1)}


def _page(found: Registration, secret: str, form: AnswersForm, typed: dict[int, Typed] | None = None) -> str:
    """The questions with the answers of now, or with what was typed where it was refused."""
    return render_template(
        "rsvp/answers.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=form,
        party=[_part(found, who, (typed or {}).get(who)) for who in range(found.companions + 1)],
        until=answers.open_until(found.meetup),
    )


def _part(found: Registration, who: int, typed: Typed | None) -> dict[str, Any]:
    """What one person of the party is asked, and what stands in the fields."""
    answering = answers.answering(found, who)
    questions = asked_of(question_sets.current(found.meetup), answering)
    now = {key: typed_as(answer) for key, answer in answering.before.items()}
    return {
        "number": who,
        "prefix": texts.prefix(who),
        "questions": [q for q in questions if not q.consent or q.consent in answering.consents],
        "typed": now if typed is None else typed,
        "before": answering.before,
    }
