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
from app.models import Account, Meetup, Program, Role
from app.services.organizing import attendees, export_jobs, exports

bp = Blueprint("exports", __name__, url_prefix="/desk/<program>/meetups/<slug>")
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.route("/export", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def export(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = _form(meetup)
    if request.method == "GET":
        form.statuses.data = [s.value for s in people_filters.read(request.args).statuses] or [
            Status.CONFIRMED.value
        ]
        form.consents.data = request.args.getlist("consent")
        form.columns.data = list(columns.DEFAULT)
    elif form.validate():
        return _file(program, meetup, form)
    files = export_jobs.of_account(meetup.id, _account().id)
    page = render_template("exports/export.html", program=program, meetup=meetup, form=form, files=files)
    return page, 200 if request.method == "GET" else 422


def _file(program: Program, meetup: Meetup, form: ExportForm) -> ResponseReturnValue:
    kind, reason, wish = form.kind.data, form.reason.data.strip(), orders.wish_of(form)
    total = attendees.number(meetup.id, orders.wanted(wish)) if kind == "xlsx" else 0
    if total > export_jobs.LARGE:
        account, locale = _account(), current_locale()
        job = export_jobs.ask(meetup, account.id, wish, reason, locale=locale, total=total)
        there = url_for(".large_file", program=program.slug, slug=meetup.slug, file=job.reference)
        return redirect(there, 303)
    order = orders.order_of(meetup, wish, access.current_actor(), reason)
    file = exports.as_csv(order) if kind == "csv" else exports.as_xlsx(order)
    name = orders.file_name(meetup, kind)
    return send_file(file, MEDIA[kind], as_attachment=True, download_name=name, max_age=0)


def _form(meetup: Meetup) -> ExportForm:
    form = ExportForm()
    offered = columns.offered(meetup)
    form.columns.choices = [
        (key, column.heading) for key, column in offered.items() if key not in columns.ALWAYS
    ]
    form.statuses.choices = [(status.value, name) for status, name in columns.status_names().items()]
    form.cohorts.choices = [
        (c.ordinal, columns.cohort_name(c.ordinal)) for c in attendees.cohorts_of(meetup.id)
    ]
    form.consents.choices = list(columns.consent_names(meetup).items())
    form.several.choices = [("cell", _("In one cell")), ("columns", _("A column for each answer"))]
    form.kind.choices = [("xlsx", _("Excel workbook (XLSX)")), ("csv", _("CSV, opens in Excel"))]
    return form


def _account() -> Account:
    return access.current_account() or abort(401)
