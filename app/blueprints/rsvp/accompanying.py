"""Who comes along: chosen by whoever has the seat, as far as the meetup allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.clock import now
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating.seats import MOST_COMPANIONS
from app.models import Registration
from app.refusals import explain
from app.services.registering import answers, companions, question_sets


@dataclass(frozen=True)
class Typed:
    """What the page shows as chosen; `problems`: what is wrong with a name, by its field."""

    number: int
    names: Sequence[str]
    problems: dict[str, list[str]] = field(default_factory=dict)


@bp.get(f"{LINK}/companions")
@access.declared("personal_link")
def accompanying(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not companions.may_change(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret, Typed(found.companions, found.companion_names))


@bp.post(f"{LINK}/companions")
@access.declared("personal_link")
def set_own_companions(reference: str, secret: str) -> ResponseReturnValue:
    found, number = mine(reference, secret), request.form.get("companions", -1, type=int)
    before, names = found.companions, _names()
    try:
        companions.set_own(found.id, number, names)
    except Unusable as refusal:
        problems = {where: [explain(problem)] for where, problem in refusal.problems.items()}
        return _page(mine(reference, secret), secret, Typed(number, names, problems)), 422
    except DomainError as refusal:
        return _page(mine(reference, secret), secret, Typed(before, names), explain(refusal)), 422
    flash(_("Saved."))
    asks = any(question.of_companions for question in question_sets.current(found.meetup).asked)
    where = ".show_answers" if asks and number > before else ".registration"
    return redirect(url_for(where, reference=reference, secret=secret), 303)


def _names() -> list[str]:
    """As they were typed, the first companion's first."""
    return [request.form.get(f"name-{n}", "") for n in range(1, MOST_COMPANIONS + 1)]


def _page(found: Registration, secret: str, typed: Typed, error: str | None = None) -> str:
    until = answers.open_until(found.meetup)
    most = companions.most_of(found) if now() < until else found.companions
    return render_template(
        "rsvp/companions.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        error=error,
        number=typed.number,
        names=typed.names,
        problems=typed.problems,
        most=most,
        until=until if now() < until else None,
    )
