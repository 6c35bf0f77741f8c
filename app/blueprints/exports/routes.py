"""A meetup's attendees at the desk, taken away as a file. Looking at them: people.py."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import access, people_choice, people_filters
from app.blueprints.exports import columns, orders
from app.blueprints.exports.forms import ExportForm
from app.file_fields import MEDIA
from app.i18n import current_locale
from app.models import ColumnSet, Meetup, Program, Role
from app.numbers import number, query_number
from app.people_filters import Chip
from app.services.organizing import attendees, column_sets, export_jobs, exports, kept_keys
from app.services.organizing.filters import NO_COHORT, Filter
from app.services.organizing.json_files import as_json
from app.services.organizing.people_pages import Order

bp = Blueprint("exports", __name__, url_prefix="/desk/<program>/meetups/<slug>")
CARRIED = tuple(name for name in people_filters.ARGUMENTS if name not in {"status", "cohort", "consent"})
"""What restricts the list and has no ticks of its own here."""


@bp.route("/export", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def export(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = form_of(meetup)
    if request.method == "GET":
        _begin_like_the_list(form, people_filters.read(request.args))
        _begin_with(form, meetup, _chosen_set(program))
    elif form.validate():
        return _file(program, meetup, form)
    return page(program, meetup, form), 200 if request.method == "GET" else 422


def page(program: Program, meetup: Meetup, form: ExportForm) -> str:
    given = request.args if request.method == "GET" else request.form
    return render_template(
        "exports/export.html",
        program=program,
        meetup=meetup,
        form=form,
        restrictions=_restrictions(meetup, given),
        sort=_sort(given),
        sorted_by=_sorted_by(meetup, given),
        query=list_of(form, given),
        files=export_jobs.of_account(meetup.id, access.me().id),
        sets=column_sets.of_program(program.id),
        chosen=_chosen_set(program),
    )


def list_of(form: ExportForm, given: MultiDict[str, str]) -> dict[str, list[str]]:
    """The address of the list whose people the form is about: what this page begins with again."""
    query = {
        "status": list(form.statuses.data or ()),
        "cohort": [people_filters.cohort_value(each) for each in form.cohorts.data or ()],
        "consent": list(form.consents.data or ()),
        **{name: given.getlist(name) for name in (*CARRIED, "sort")},
    }
    return {name: kept for name, values in query.items() if (kept := [each for each in values if each])}


def _begin_like_the_list(form: ExportForm, shown: Filter) -> None:
    form.statuses.data = sorted(shown.states)
    form.cohorts.data, form.consents.data = sorted(shown.cohorts), sorted(shown.consents)


def _restrictions(meetup: Meetup, given: MultiDict[str, str]) -> list[Chip]:
    """By what the list is restricted that the form has no ticks for."""
    return [chip for chip in people_choice.words_of(meetup).chips(given) if chip.name in CARRIED]


def _sort(given: MultiDict[str, str]) -> str:
    return str(Order.read(given["sort"])) if given.get("sort") else ""


def _sorted_by(meetup: Meetup, given: MultiDict[str, str]) -> str:
    """In words; empty for the usual order of files."""
    order = Order.read(_sort(given))
    offered = columns.offered(meetup, of_lists=access.runs_program())
    return offered[order.by].heading if _sort(given) and order.by in offered else ""


def _chosen_set(program: Program) -> ColumnSet | None:
    """The set in the page's address, or the programme's default; `set=none` asks for the usual columns."""
    wanted = query_number("set")
    sets = column_sets.of_program(program.id)
    if "set" in request.args:
        return next((each for each in sets if each.id == wanted), None)
    return next((each for each in sets if each.is_default), None)


def _begin_with(form: ExportForm, meetup: Meetup, kept: ColumnSet | None) -> None:
    """What of a set is asked by other words here, or not at all, stays unticked."""
    form.columns.data = list(columns.DEFAULT)
    if kept:
        form.columns.data = kept_keys.of_meetup(meetup).columns(kept.columns)
        form.several.data, form.set_name.data = kept.several, kept.name


def _file(program: Program, meetup: Meetup, form: ExportForm) -> ResponseReturnValue:
    kind, reason, wish = form.kind.data, form.reason.data.strip(), orders.wish_of(form, request.form)
    knows = access.runs_program()
    total = attendees.number(meetup.id, orders.wanted(wish, of_lists=knows)) if kind == "xlsx" else 0
    if total > export_jobs.LARGE:
        account, locale = access.me(), current_locale()
        job = export_jobs.ask(meetup, account.id, wish, reason, locale=locale, total=total)
        there = url_for(".large_file", program=program.slug, slug=meetup.slug, file=job.reference)
        return redirect(there, 303)
    order = orders.order_of(meetup, wish, access.current_actor(), reason, of_lists=knows)
    if kind == "json":
        file = as_json(order, meetup)
    else:
        file = exports.as_csv(order) if kind == "csv" else exports.as_xlsx(order)
    name = orders.file_name(meetup, kind, wish)
    return send_file(file, MEDIA[kind], as_attachment=True, download_name=name, max_age=0)


def form_of(meetup: Meetup) -> ExportForm:
    """An export's form with what there is to choose at this meetup."""
    form = ExportForm()
    offered = columns.offered(meetup, of_lists=access.runs_program())
    form.columns.choices = [
        (key, column.heading) for key, column in offered.items() if key not in columns.ALWAYS
    ]
    form.statuses.choices = [(status.value, name) for status, name in columns.status_names().items()]
    form.cohorts.choices = _cohorts(meetup)
    form.consents.choices = _consents(meetup)
    form.several.choices = [("cell", _("In one cell")), ("columns", _("A column for each answer"))]
    form.sheets.choices = [("one", _("One for everybody")), ("cohorts", _("One for each cohort"))]
    form.kind.choices = [
        ("xlsx", _("Excel workbook (XLSX)")),
        ("csv", _("CSV, opens in Excel")),
        ("json", _("JSON, for programs")),
    ]
    return form


def _cohorts(meetup: Meetup) -> list[tuple[int, str]]:
    """Those that occur, and what the list was restricted to even where it doesn't: else everybody would be in the file."""
    found = [c.ordinal for c in attendees.cohorts_of(meetup.id)]
    found += [NO_COHORT] if attendees.has_without_cohort(meetup.id) else []
    asked = {n for text in request.form.getlist("cohorts") if (n := number(text)) is not None}
    asked |= people_filters.read(request.args).cohorts
    found += sorted(asked.difference(found))
    return [(each, people_filters.cohort_words(each)) for each in found]


def _consents(meetup: Meetup) -> list[tuple[str, str]]:
    names = people_choice.consent_names(meetup)
    asked = {*request.form.getlist("consents"), *people_filters.read(request.args).consents}
    elsewhere = sorted(asked.difference(names))
    return [*names.items(), *((key, str(people_filters.NOT_ASKED)) for key in elsewhere)]
