"""A meetup's attendees at the desk, taken away as a file. Looking at them: people.py."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, people_filters
from app.blueprints.exports import columns, orders
from app.blueprints.exports.forms import ExportForm
from app.domain.registering.registrations import Status
from app.i18n import current_locale
from app.models import Account, ColumnSet, Meetup, Program, Role
from app.numbers import query_number
from app.services.organizing import attendees, column_sets, export_jobs, exports
from app.services.organizing.json_files import as_json

bp = Blueprint("exports", __name__, url_prefix="/desk/<program>/meetups/<slug>")
MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.route("/export", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def export(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = form_of(meetup)
    if request.method == "GET":
        form.statuses.data = [s.value for s in people_filters.read(request.args).statuses] or [
            Status.CONFIRMED.value
        ]
        form.consents.data = request.args.getlist("consent")
        _begin_with(form, _chosen_set(program))
    elif form.validate():
        return _file(program, meetup, form)
    return page(program, meetup, form), 200 if request.method == "GET" else 422


def page(program: Program, meetup: Meetup, form: ExportForm) -> str:
    return render_template(
        "exports/export.html",
        program=program,
        meetup=meetup,
        form=form,
        files=export_jobs.of_account(meetup.id, _account().id),
        sets=column_sets.of_program(program.id),
        chosen=_chosen_set(program),
    )


def _chosen_set(program: Program) -> ColumnSet | None:
    """The set in the page's address, or the programme's default; `set=none` asks for the usual columns."""
    wanted = query_number("set")
    sets = column_sets.of_program(program.id)
    if "set" in request.args:
        return next((each for each in sets if each.id == wanted), None)
    return next((each for each in sets if each.is_default), None)


def _begin_with(form: ExportForm, kept: ColumnSet | None) -> None:
    form.columns.data = list(kept.columns if kept else columns.DEFAULT)
    if kept:
        form.several.data, form.set_name.data = kept.several, kept.name


def _file(program: Program, meetup: Meetup, form: ExportForm) -> ResponseReturnValue:
    kind, reason, wish = form.kind.data, form.reason.data.strip(), orders.wish_of(form)
    total = attendees.number(meetup.id, orders.wanted(wish)) if kind == "xlsx" else 0
    if total > export_jobs.LARGE:
        account, locale = _account(), current_locale()
        job = export_jobs.ask(meetup, account.id, wish, reason, locale=locale, total=total)
        there = url_for(".large_file", program=program.slug, slug=meetup.slug, file=job.reference)
        return redirect(there, 303)
    knows = access.runs_program()
    order = orders.order_of(meetup, wish, access.current_actor(), reason, of_lists=knows)
    if kind == "json":
        file = as_json(order, meetup)
    else:
        file = exports.as_csv(order) if kind == "csv" else exports.as_xlsx(order)
    name = orders.file_name(meetup, kind)
    return send_file(file, MEDIA[kind], as_attachment=True, download_name=name, max_age=0)


def form_of(meetup: Meetup) -> ExportForm:
    """An export's form with what there is to choose at this meetup."""
    form = ExportForm()
    offered = columns.offered(meetup, of_lists=access.runs_program())
    form.columns.choices = [
        (key, column.heading) for key, column in offered.items() if key not in columns.ALWAYS
    ]
    form.statuses.choices = [(status.value, name) for status, name in columns.status_names().items()]
    form.cohorts.choices = [
        (c.ordinal, columns.cohort_name(c.ordinal)) for c in attendees.cohorts_of(meetup.id)
    ]
    form.consents.choices = list(columns.consent_names(meetup).items())
    form.several.choices = [("cell", _("In one cell")), ("columns", _("A column for each answer"))]
    form.sheets.choices = [("one", _("One for everybody")), ("cohorts", _("One for each cohort"))]
    form.kind.choices = [
        ("xlsx", _("Excel workbook (XLSX)")),
        ("csv", _("CSV, opens in Excel")),
        ("json", _("JSON, for programs")),
    ]
    return form


def _account() -> Account:
    return access.current_account() or abort(401)
