"""A meetup's attendees at the desk, taken away as a file. Looking at them: people.py."""

from __future__ import annotations

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, people_filters
from app.blueprints.exports import answer_columns, columns
from app.blueprints.exports.forms import ExportForm
from app.domain.registering.registrations import Status
from app.files import download_name
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.services.organizing import attendees, exports
from app.services.organizing.attendees import Filter

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
    page = render_template("exports/export.html", program=program, meetup=meetup, form=form)
    return page, 200 if request.method == "GET" else 422


def _file(program: Program, meetup: Meetup, form: ExportForm) -> ResponseReturnValue:
    offered = columns.offered(meetup)
    chosen = [column for key, column in offered.items() if key in columns.ALWAYS | set(form.columns.data)]
    if form.several.data == "columns":
        chosen = answer_columns.apart(meetup, chosen)
    order = exports.Order(
        meetup_id=meetup.id,
        program_id=program.id,
        wanted=Filter(
            frozenset(Status(s) for s in form.statuses.data),
            frozenset(form.cohorts.data),
            consents=frozenset(form.consents.data),
        ),
        columns=chosen,
        actor=access.current_actor(),
        reason=form.reason.data.strip(),
        sheet=_("Attendees"),
    )
    what = _("attendees")  # not within the f-string: there it isn't collected for translation
    name = f"{meetup.local(meetup.starts_at):%Y-%m-%d} {meetup.title(current_locale())} {what}"
    kind = form.kind.data
    file = exports.as_csv(order) if kind == "csv" else exports.as_xlsx(order)
    return send_file(
        file, MEDIA[kind], as_attachment=True, download_name=download_name(name, kind), max_age=0
    )


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
