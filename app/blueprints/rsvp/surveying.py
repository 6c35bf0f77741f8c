"""Answering the survey after a meetup: what is sent here is not kept with the person who sends it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.surveys import FEWEST, LONGEST_TEXT, SurveyQuestion
from app.models import Registration
from app.refusals import explain
from app.services.registering import surveys


@bp.get(f"{LINK}/survey")
@access.declared("personal_link")
def survey(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not surveys.is_asked(found) and not surveys.has_answered(found.id):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret)


@bp.post(f"{LINK}/survey")
@access.declared("personal_link")
def answer_survey(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        surveys.answer(found.id, request.form, _shown())
    except Unusable as refusal:
        problems = {name: [explain(problem)] for name, problem in refusal.problems.items()}
        return _page(mine(reference, secret), secret, problems=problems), 422
    except DomainError as refusal:
        return _page(mine(reference, secret), secret, error=explain(refusal)), 422
    return redirect(url_for(".survey", reference=reference, secret=secret), 303)


def _shown() -> dict[str, str]:
    """The questions that the form was about: it brings their digests along."""
    ends = "-is"
    return {name.removesuffix(ends): value for name, value in request.form.items() if name.endswith(ends)}


def _typed(questions: Iterable[SurveyQuestion]) -> dict[str, str]:
    """What was typed, at the questions that are the same, wherever they stand now."""
    by_digest = {digest: request.form.get(key, "") for key, digest in _shown().items()}
    return {each.key: by_digest.get(each.digest, "") for each in questions}


def _page(
    found: Registration, secret: str, problems: dict[str, list[str]] | None = None, error: str | None = None
) -> str:
    row = surveys.of_meetup(found.meetup_id)
    questions = surveys.questions_of(row) if row else ()
    return render_template(
        "rsvp/survey.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        survey=row,
        questions=questions,
        last_day=surveys.last_day(found.meetup, row) if row else None,
        is_asked=surveys.is_asked(found),
        answered=surveys.has_answered(found.id),
        typed=_typed(questions),
        problems=problems or {},
        error=error,
        fewest=FEWEST,
        longest=LONGEST_TEXT,
    )
