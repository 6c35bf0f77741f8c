"""From what was chosen on the export page to a file's order: at once, or later by the worker."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import people_filters
from app.blueprints.exports import answer_columns, columns
from app.db import db
from app.domain.registering.registrations import Status
from app.files import download_name
from app.i18n import current_locale
from app.models import ExportJob, Meetup
from app.services.organizing import people_pages
from app.services.organizing.exports import Order
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import restored, stored
from app.services.staff import rights

Wish = dict[str, Any]  # what JSON can hold: the worker reads it back


def wish_of(form: Any, given: MultiDict[str, str]) -> Wish:
    """What was chosen, apart from the reason. `given`: what else restricts and orders the list, as its address says it."""
    chosen = replace(
        people_filters.read(given),
        statuses=frozenset(Status(each) for each in form.statuses.data),
        cohorts=frozenset(form.cohorts.data),
        consents=frozenset(form.consents.data),
    )
    return {
        **stored(chosen),
        "sort": given.get("sort", ""),
        "columns": list(form.columns.data),
        "several": form.several.data,
        "sheets": form.sheets.data,
    }


def wanted(wish: Wish, *, of_lists: bool) -> Filter:
    """`of_lists`: the search looks at all that the programme knows of a person."""
    return replace(restored(wish), given_only=not of_lists)


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
        wanted=wanted(wish, of_lists=of_lists),
        columns=chosen,
        actor=actor,
        reason=reason,
        sheet=_("Attendees"),
        by_cohort=_sheet_name if wish.get("sheets") == "cohorts" else None,
        rows=people_pages.Order.read(wish["sort"]) if wish.get("sort") else None,
    )


def _sheet_name(ordinal: int | None) -> str:
    return columns.cohort_name(ordinal) or _("Without a cohort")


def of_job(job: ExportJob) -> Order:
    """The worker's, with what the account may see by now."""
    meetup = db.session.get_one(Meetup, job.meetup_id)
    runs = rights.runs_program(job.account_id, job.program_id)
    return order_of(meetup, job.wish, f"account:{job.account_id}", job.reason, of_lists=runs)


def file_name(meetup: Meetup, kind: str, wish: Wish) -> str:
    day = f"{meetup.local(meetup.starts_at):%Y-%m-%d}"
    what = _("attendees")  # not within the f-string: there it isn't collected for translation
    if kind == "xlsx" and wish.get("sheets") == "cohorts":
        what = _("attendees by cohort")
    return download_name(f"{day} {meetup.title(current_locale())} {what}", kind)
