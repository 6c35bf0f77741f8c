"""Who came how often, over all meetups of the programme: the list, and the list as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select

from app import access
from app.blueprints.programs.blueprint import bp
from app.db import db
from app.file_fields import MEDIA, kind_field, reason_field
from app.files import download_name
from app.i18n import current_locale
from app.models import Cohort, Meetup, Program, Role
from app.numbers import query_number
from app.searches import searched
from app.services.alumni import attendance_lists as service
from app.services.alumni.attendance_lists import By, Over, Wanted
from app.services.organizing import looks, plain_files
from app.services.organizing.plain_files import Note, Table

HERE = "/desk/<program>/attendance"
PAGE = 50


class AttendanceFileForm(FlaskForm):
    kind = kind_field()
    reason = reason_field(_l("For example: thanks to those who come every time. Kept in the audit log."))


@bp.get(HERE)
@access.member(Role.ORGANIZER)
def attendance(program: Program) -> ResponseReturnValue:
    looks.at_attendance(program.id, access.current_actor())
    wanted, over = _wanted(), service.over(program.id)
    found = service.page(program.id, over.counted, wanted, start=query_number("start", 0), size=PAGE)
    return render_template(
        "programs/attendance.html", found=found, step=PAGE, **_about(program, wanted, over)
    )


@bp.route(f"{HERE}/file", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def attendance_file(program: Program) -> ResponseReturnValue:
    wanted, over, form = _wanted(), service.over(program.id), AttendanceFileForm()
    if request.method == "GET" or not form.validate():
        page = render_template("programs/attendance_file.html", form=form, **_about(program, wanted, over))
        return page, 422 if request.method == "POST" else 200
    kind, title = form.kind.data, _("Who came how often")
    headings = [_("Name"), _("Cohort"), _("Registered for"), _("Came"), _("Did not come")]
    details = {
        "meetups": [meetup.id for meetup in over.counted],
        "restricted_by": [each for each in ("cohort", "never_came", "search") if getattr(wanted, each)],
    }
    actor, reason = access.current_actor(), form.reason.data.strip()
    note = Note("attendance.exported", f"program:{program.id}", program.id, actor, reason, details)
    table = Table(title, headings, _rows(program, over.counted, wanted))
    name = download_name(f"{program.name(current_locale())} {title}", kind)
    file = plain_files.as_file(kind, table, note)
    return send_file(file, MEDIA[kind], as_attachment=True, download_name=name, max_age=0)


def _wanted() -> Wanted:
    """Unknown values restrict nothing."""
    by = request.args.get("by", "")
    return Wanted(
        cohort=query_number("cohort"),
        never_came=request.args.get("came", "") == "never",
        search=searched(),
        by=By(by) if by in set(By) else By.NAME,
    )


def _about(program: Program, wanted: Wanted, over: Over) -> dict[str, Any]:
    query = {
        "cohort": wanted.cohort,
        "came": "never" if wanted.never_came else None,
        "q": wanted.search,
        "by": None if wanted.by is By.NAME else wanted.by.value,
    }
    words = [
        *([_("Cohort %(n)s", n=wanted.cohort)] if wanted.cohort is not None else []),
        *([_("Never came")] if wanted.never_came else []),
        *([_("Search: %(text)s", text=wanted.search)] if wanted.search else []),
    ]
    cohorts = select(Cohort).where(Cohort.program_id == program.id)
    return {
        "program": program,
        "wanted": wanted,
        "over": over,
        "query": {"program": program.slug}
        | {name: value for name, value in query.items() if value is not None},
        "restrictions": words,
        "cohorts": db.session.scalars(cohorts.order_by(Cohort.ordinal)).all(),
    }


def _rows(program: Program, meetups: Sequence[Meetup], wanted: Wanted) -> Iterator[Sequence[str | int]]:
    for lines in service.chunks(program.id, meetups, wanted):
        for each in lines:
            cohorts = ", ".join(_("Cohort %(n)s", n=ordinal) for ordinal in each.cohorts)
            yield each.name, cohorts, each.registered, each.came, each.missed
