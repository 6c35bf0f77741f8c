"""A meetup's attendees at the desk: look, search, filter, and take away as a file."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.exports import answer_columns, columns
from app.blueprints.exports.forms import ExportForm
from app.blueprints.exports.wording import WALK_INS
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Reply
from app.files import download_name
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.numbers import query_number, query_numbers
from app.services.alumni import attendance
from app.services.door import door_ticks, walk_in_checks
from app.services.organizing import attendees, exports, looks, tags
from app.services.organizing.attendees import Filter
from app.services.registering import replies

bp = Blueprint("exports", __name__, url_prefix="/desk/<program>/meetups/<slug>")
PAGE = 50
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@bp.get("/attendees")
@access.member(Role.ORGANIZER)
def attendees_list(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    wanted, start = _filter(), query_number("start", 0)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = attendees.page(meetup.id, wanted, start=start, size=PAGE)
    return render_template(
        "exports/attendees.html",
        program=program,
        meetup=meetup,
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        start=start,
        step=PAGE,
        total=attendees.count(meetup.id, wanted),
        coming=replies.counts(meetup) if meetup.asks_who_comes else None,
        no_shows=attendance.no_shows(meetup),
        releases_at=meetup.releases_at,
        released_at=partial(columns.released_at, meetup),
        by_status=attendees.counts_by_status(meetup.id),
        cohorts=attendees.cohorts_of(meetup.id),
        places=attendees.place_in_line(meetup.id),
        names=columns.status_names(),
        walk_in=partial(attendees.walk_in, meetup),
        walk_ins=WALK_INS,
        to_verify=walk_in_checks.number_waiting(meetup),
        handed=door_ticks.given(meetup.id, [row.reference for row in rows]) if meetup.door_ticks else {},
        query={
            k: request.args.getlist(k)
            for k in ("status", "cohort", "q", "arrived", "consent", "reply", "host", "paid", "tag")
            if request.args.get(k)
        },
        consents=columns.consent_names(meetup),
        tags=tags.of_meetup(meetup.id),
        tagged=tags.of_registrations([row.id for row in rows]),
    )


@bp.route("/export", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def export(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = _form(meetup)
    if request.method == "GET":
        form.statuses.data = [s.value for s in _filter().statuses] or [Status.CONFIRMED.value]
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


def _filter() -> Filter:
    """The filter in the page's address; unknown values restrict nothing."""
    known = {status.value for status in Status}
    arrived = {"yes": True, "no": False}.get(request.args.get("arrived", ""))
    return Filter(
        statuses=frozenset(Status(text) for text in request.args.getlist("status") if text in known),
        cohorts=query_numbers("cohort"),
        search=request.args.get("q", "")[:100],
        arrived=arrived,
        no_show=request.args.get("arrived") == "no_show",
        consents=frozenset(request.args.getlist("consent")) - {""},
        paid={"yes": True, "no": False}.get(request.args.get("paid", "")),
        host_entry=HostEntry(host) if (host := request.args.get("host", "")) in set(HostEntry) else None,
        reply=Reply(said) if (said := request.args.get("reply", "")) in set(Reply) else None,
        tags=frozenset(request.args.getlist("tag")) - {""},
    )
