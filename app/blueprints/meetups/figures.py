"""A meetup's numbers in pictures, with no word about anybody: who sees only numbers sees all of them, but for small groups
where an answer is sensitive."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, mail_words
from app.blueprints.meetups import charts, numbers
from app.blueprints.meetups.charts import Picture, Table
from app.blueprints.meetups.routes import bp, may_edit
from app.clock import now
from app.domain.charts.counted import in_groups
from app.domain.charts.over_time import Point, by_day, thinned
from app.domain.door.arrivals import chart
from app.domain.writing.spreadsheet_cells import guard
from app.models import Meetup, Program, Role
from app.services.mails import mail_fates
from app.services.organizing import meetup_figures
from app.services.organizing.exports import MARK
from app.services.organizing.kept_counts import kept

PAGE = "/desk/<program>/meetups/<slug>/numbers"


@bp.get(PAGE)
@access.member(Role.VIEWER)
def figures(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    (over_time, counted_at), came, asked = _over_time(meetup), _arrivals(meetup), _answers(meetup)
    return render_template(
        "meetups/figures.html",
        program=program,
        meetup=meetup,
        pictures=[over_time, *([came] if came.over else []), _cohorts(meetup)],
        answers=asked,
        mails=_mails(meetup),
        told=charts.told,
        counted_at=counted_at,
        may_edit=may_edit(),
    )


@bp.get(f"{PAGE}/<kind>.csv")
@access.member(Role.VIEWER)
def figures_file(program: Program, slug: str, kind: str) -> ResponseReturnValue:
    """The table of one picture, or of all questions, for Excel."""
    meetup = access.meetup_of(program, slug)
    tables = {
        "registrations": lambda: charts.registrations(_days(meetup)[0]).table,
        "cohorts": lambda: _cohorts(meetup).table,
        "arrivals": lambda: _arrivals(meetup).table,
        "answers": lambda: charts.together(_answers(meetup)),
        "mails": lambda: _mails(meetup),
    }
    if kind not in tables:
        abort(404)
    response = Response(_csv(tables[kind]()), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{meetup.slug}-{kind}.csv")
    return response


def _over_time(meetup: Meetup) -> tuple[Picture, dt.datetime]:
    points, at = _days(meetup)
    return charts.registrations(thinned(points)), at


def _days(meetup: Meetup) -> tuple[Sequence[Point], dt.datetime]:
    today = meetup.local(min(now(), meetup.ends_at)).date()
    return kept(
        ("registrations", meetup.id, meetup.zone, today),
        lambda: by_day(meetup_figures.changes(meetup.id), meetup.timezone, today, most=None),
    )


def _cohorts(meetup: Meetup) -> Picture:
    return charts.cohorts(numbers.of_meetup(meetup), numbers.confirmed_of_list(meetup))


def _arrivals(meetup: Meetup) -> Picture:
    return charts.arrivals(
        meetup, kept(("arrivals", meetup.id), lambda: chart(meetup_figures.arrivals(meetup.id)))[0]
    )


def _answers(meetup: Meetup) -> list[Picture]:
    found, _at = kept(
        ("answers", meetup.id, meetup.questions_version), lambda: meetup_figures.answers(meetup)
    )
    shown = found if may_edit() else map(in_groups, found)
    return [charts.answers(number, each) for number, each in enumerate(shown, 1)]


def _mails(meetup: Meetup) -> Table:
    states = mail_fates.health(meetup.id).states
    rows = [(str(words[0]), states.get(state, 0)) for state, words in mail_words.STATES.items()]
    return Table([_("State"), _("Mails")], rows)


def _csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in (table.headings, *table.rows):
        writer.writerow(_cells(row))
    return MARK + text.getvalue()


def _cells(row: Sequence[charts.Cell]) -> list[str]:
    """Words behind the prefix where Excel would run them; days and times as Excel knows them."""
    return [guard(cell) if isinstance(cell, str) else _plain(cell) for cell in row]


def _plain(cell: int | dt.date) -> str:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, dt.datetime) else str(cell)
