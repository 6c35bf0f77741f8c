"""From what was chosen on the export page to a file's order: at once, or later by the worker."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.blueprints.exports import answer_columns, columns
from app.db import db
from app.domain.registering.registrations import Status
from app.files import download_name
from app.i18n import current_locale
from app.models import ExportJob, Meetup
from app.services.organizing.attendees import Filter
from app.services.organizing.exports import Order
from app.services.staff import rights

Wish = dict[str, Any]  # what JSON can hold: the worker reads it back


def wish_of(form: Any) -> Wish:
    """What was chosen, apart from the reason."""
    return {
        "statuses": sorted(form.statuses.data),
        "cohorts": sorted(form.cohorts.data),
        "consents": sorted(form.consents.data),
        "columns": list(form.columns.data),
        "several": form.several.data,
        "sheets": form.sheets.data,
    }


def wanted(wish: Wish) -> Filter:
    return Filter(
        frozenset(Status(each) for each in wish["statuses"]),
        frozenset(wish["cohorts"]),
        consents=frozenset(wish["consents"]),
    )


def order_of(meetup: Meetup, wish: Wish, actor: str, reason: str, *, of_lists: bool) -> Order:
    """In the language of whoever asks. A column that the meetup has no longer, or that is not theirs, is left out."""
    chosen = [
        column
        for key, column in columns.offered(meetup, of_lists=of_lists).items()
        if key in columns.ALWAYS | set(wish["columns"])
    ]
    if wish["several"] == "columns":
        chosen = answer_columns.apart(meetup, chosen)
    return Order(
        meetup_id=meetup.id,
        program_id=meetup.program_id,
        wanted=wanted(wish),
        columns=chosen,
        actor=actor,
        reason=reason,
        sheet=_("Attendees"),
        by_cohort=_sheet_name if wish.get("sheets") == "cohorts" else None,
    )


def _sheet_name(ordinal: int | None) -> str:
    return columns.cohort_name(ordinal) or _("Without a cohort")


def of_job(job: ExportJob) -> Order:
    """The worker's, with what the account may see by now."""
    meetup = db.session.get_one(Meetup, job.meetup_id)
    runs = rights.runs_program(job.account_id, job.program_id)
    return order_of(meetup, job.wish, f"account:{job.account_id}", job.reason, of_lists=runs)


def file_name(meetup: Meetup, kind: str) -> str:
    day = f"{meetup.local(meetup.starts_at):%Y-%m-%d}"
    what = _("attendees")  # not within the f-string: there it isn't collected for translation
    return download_name(f"{day} {meetup.title(current_locale())} {what}", kind)
