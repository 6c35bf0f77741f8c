"""The survey after a meetup, at the desk: its questions, when it is open, what was said."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app import access
from app.clock import now
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.surveys import (
    FEWEST,
    LONGEST_LABEL,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    USUAL_DAYS,
    SurveyKind,
    SurveyQuestion,
    average,
    ready_made,
)
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.spreadsheet_cells import guard
from app.domain.writing.words import Words
from app.files import download_name
from app.i18n import LOCALES, current_locale
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.registering import survey_results
from app.services.registering import surveys as service
from app.services.registering.survey_results import Results

from .routes import bp

FIRST_TEXTS = 20  # of a question; the rest by pages
SURVEY = "/desk/<program>/meetups/<slug>/survey"
MARK = "\ufeff"  # Excel reads UTF-8 only behind this mark
KINDS = {
    SurveyKind.RATING: _l("Rating from 1 to 5"),
    SurveyKind.CHOICE: _l("One of several answers"),
    SurveyKind.TEXT: _l("A short text"),
}
Typed = list[dict[str, str]]


@bp.get(SURVEY)
@access.member(Role.ORGANIZER)
def survey(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.get(f"{SURVEY}/preview")
@access.member(Role.ORGANIZER)
def survey_preview(program: Program, slug: str) -> ResponseReturnValue:
    """What people see, in either language, before it opens: afterwards questions can't be changed."""
    meetup, shown = access.meetup_of(program, slug), request.args.get("lang", current_locale())
    row = service.of_meetup(meetup.id)
    if row is None or shown not in LOCALES:
        abort(404)
    with force_locale(shown):
        told = render_template(
            "meetups/_survey_asked.html",
            meetup=meetup,
            questions=service.questions_of(row),
            fewest=FEWEST,
            longest=LONGEST_TEXT,
            last_day=service.last_day(meetup, row),
        )
    asked = Markup(told)  # noqa: S704 - a template's own
    return render_template(
        "meetups/survey_preview.html", program=program, meetup=meetup, shown=shown, questions=asked
    )


@bp.post(SURVEY)
@access.member(Role.ORGANIZER)
def save_survey(program: Program, slug: str) -> ResponseReturnValue:
    meetup, typed = access.meetup_of(program, slug), _typed(request.form)
    thanks, problems = request.form.get("with_thanks") == "yes", {}
    filled = [
        number for number, row in enumerate(typed) if row["label_ko"] or row["label_en"] or row["options"]
    ]
    try:
        service.save(
            meetup.id,
            [_question(typed[number]) for number in filled],
            with_thanks=thanks,
            actor=access.current_actor(),
        )
    except Unusable as refusal:
        for where, problem in refusal.problems.items():
            name, _dash, number = where.rpartition("-")
            problems[f"{name}-{filled[int(number)] if filled else 0}"] = [explain(problem)]
        return _page(program, meetup, typed=typed, thanks=thanks, problems=problems), 422
    except DomainError as refusal:
        return _page(program, meetup, typed=typed, thanks=thanks, error=explain(refusal)), 422
    flash(_("Saved."))
    return _back(program, slug)


@bp.post(f"{SURVEY}/opening")
@access.member(Role.ORGANIZER)
def open_survey(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        day = dt.date.fromisoformat(request.form.get("until", ""))
    except ValueError:
        flash(_("Choose the last day on which people can answer."), "warning")
        return _back(program, slug)
    try:
        service.open_until(meetup.id, day, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("The survey is open: those who came find it at their personal link."))
    return _back(program, slug)


@bp.post(f"{SURVEY}/closing")
@access.member(Role.ORGANIZER)
def close_survey(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        service.close(meetup.id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("The survey is closed. You can open it again until another day."))
    return _back(program, slug)


@bp.post(f"{SURVEY}/results.csv")
@access.member(Role.ORGANIZER)
def survey_file(program: Program, slug: str) -> ResponseReturnValue:
    """Counts and texts by question: no line is a person, and no two answers stand together because one person gave them."""
    meetup = access.meetup_of(program, slug)
    found, results = service.of_meetup(meetup.id), survey_results.results(meetup.id)
    if found is None or results is None:
        return _back(program, slug)
    service.note_taken(meetup, access.current_actor())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("Question"), _("What was answered"), _("How many")])
    for question in service.questions_of(found):
        writer.writerows(_lines(meetup, question, results))
    name = download_name(f"{meetup.local(meetup.starts_at):%Y-%m-%d} {meetup.title(current_locale())}", "csv")
    answer = Response(MARK + text.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _lines(meetup: Meetup, question: SurveyQuestion, results: Results) -> list[list[str | int]]:
    label = guard(question.label.read(current_locale()))
    if question.kind is SurveyKind.TEXT:
        number = results.texts.get(question.key, 0)
        found = survey_results.texts(meetup.id, question.key, after=0, size=number) if number else ()
        return [[label, guard(each.text), ""] for each in found]
    counts = results.counts.get(question.key)
    if counts is None:
        return []
    return [[label, guard(told(question, key)), counts.get(key, 0)] for key in question.choices]


@bp.app_template_global("survey_choice")
def told(question: SurveyQuestion, key: str) -> str:
    """A rating or an option in the reader's language."""
    if question.kind is SurveyKind.RATING:
        return key
    return question.options[int(key) - 1].read(current_locale())


def _page(
    program: Program,
    meetup: Meetup,
    *,
    typed: Typed | None = None,
    thanks: bool | None = None,
    problems: Mapping[str, list[str]] | None = None,
    error: str | None = None,
) -> str:
    found, at = service.of_meetup(meetup.id), now()
    questions = service.questions_of(found) if found else ready_made()
    answers, shown = survey_results.answered(meetup.id), survey_results.results(meetup.id)
    return render_template(
        "meetups/survey.html",
        program=program,
        meetup=meetup,
        survey=found,
        questions=questions,
        rows=typed or _rows(questions),
        kinds=KINDS,
        thanks=(found.with_thanks if found else True) if thanks is None else thanks,
        problems=problems or {},
        error=error,
        answers=answers,
        came=service.came(meetup.id),
        results=shown,
        averages=_averages(questions, shown) if shown else {},
        texts={
            key: survey_results.texts(meetup.id, key, after=0, size=FIRST_TEXTS)[:FIRST_TEXTS]
            for key in (shown.texts if shown else ())
        },
        fewest=FEWEST,
        longest=LONGEST_LABEL,
        is_open=bool(found and found.is_open(at)),
        last_day=service.last_day(meetup, found) if found else None,
        is_over=meetup.ends_at <= at,
        usual_until=(meetup.local(max(at, meetup.ends_at)) + dt.timedelta(days=USUAL_DAYS)).date(),
    )


def _averages(questions: Iterable[SurveyQuestion], shown: Results) -> dict[str, float | None]:
    rated = (each.key for each in questions if each.kind is SurveyKind.RATING)
    return {key: average(shown.counts.get(key, {})) for key in rated}


def _rows(questions: tuple[SurveyQuestion, ...]) -> Typed:
    rows = [
        {
            "kind": each.kind.value,
            "label_ko": each.label.ko,
            "label_en": each.label.en,
            "options": "\n".join(" | ".join(filter(None, (option.ko, option.en))) for option in each.options),
        }
        for each in questions
    ]
    blank = {"kind": SurveyKind.RATING.value, "label_ko": "", "label_en": "", "options": ""}
    return rows + [dict(blank) for _row in range(MOST_QUESTIONS - len(rows))]


def _typed(given: Mapping[str, str]) -> Typed:
    return [
        {
            "kind": given.get(f"kind-{n}", ""),
            "label_ko": one_line(given.get(f"label_ko-{n}"))[:LONGEST_LABEL],
            "label_en": one_line(given.get(f"label_en-{n}"))[:LONGEST_LABEL],
            "options": several_lines(given.get(f"options-{n}"))[: 4 * LONGEST_LABEL * MOST_OPTIONS],
        }
        for n in range(MOST_QUESTIONS)
    ]


def _question(row: Mapping[str, Any]) -> SurveyQuestion:
    kind = SurveyKind(row["kind"]) if row["kind"] in set(SurveyKind) else SurveyKind.TEXT
    lines = [line for line in row["options"].splitlines() if line.strip()]
    return SurveyQuestion("", kind, Words(row["label_ko"], row["label_en"]), tuple(map(_option, lines)))


def _option(line: str) -> Words:
    korean, _bar, english = line.partition("|")
    return Words(korean.strip(), english.strip())


def _back(program: Program, slug: str) -> ResponseReturnValue:
    return redirect(url_for(".survey", program=program.slug, slug=slug), 303)
