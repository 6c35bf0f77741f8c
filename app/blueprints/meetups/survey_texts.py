"""What people wrote in a survey, page by page, and one text taken away."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.domain.errors import DomainError
from app.domain.surveys import SurveyKind
from app.models import Program, Role
from app.numbers import query_number
from app.services.registering import survey_results, surveys

from .routes import bp
from .surveys import SURVEY

PAGE = 50


@bp.get(f"{SURVEY}/texts")
@access.member(Role.ORGANIZER)
def survey_texts(program: Program, slug: str) -> ResponseReturnValue:
    meetup, question = access.meetup_of(program, slug), request.args.get("question", "")
    survey, shown = surveys.of_meetup(meetup.id), survey_results.results(meetup.id)
    asked = {each.key: each for each in surveys.questions_of(survey)} if survey else {}
    of_page = asked.get(question)
    if of_page is None or of_page.kind is not SurveyKind.TEXT or shown is None:
        return redirect(url_for(".survey", program=program.slug, slug=slug))
    texts = survey_results.texts(meetup.id, question, after=query_number("after", 0), size=PAGE)
    if question not in shown.counts:
        texts = ()
    return render_template(
        "meetups/survey_texts.html",
        program=program,
        meetup=meetup,
        question=of_page,
        number=shown.texts.get(question, 0),
        texts=texts[:PAGE],
        next_after=texts[PAGE - 1].id if len(texts) > PAGE else None,
    )


@bp.post(f"{SURVEY}/texts/<int:text_id>/removal")
@access.member(Role.ORGANIZER)
def remove_survey_text(program: Program, slug: str, text_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        survey_results.remove_text(meetup.id, text_id, access.current_actor())
    except DomainError:
        abort(404)
    flash(_("The text is removed for good."))
    return redirect(url_for(".survey", program=program.slug, slug=slug), 303)
