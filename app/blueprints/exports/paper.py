"""Lists for paper: to tick at the door when no phone works, and to sign."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from app import access, hand_written, i18n, people_choice
from app.blueprints.exports import columns
from app.blueprints.exports.routes import bp
from app.clock import now
from app.domain.errors import DomainError
from app.domain.printing import lists
from app.domain.printing.lists import Columns, Frame, Guest, Part
from app.domain.printing.marks import Mark
from app.file_fields import reason_field
from app.files import download_name
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.printing import faces
from app.printing.pdf import Pdf
from app.refusals import explain
from app.services.organizing import attendees, paper_lists
from app.services.organizing.paper_lists import Order
from app.services.printing import badge_people
from app.tick_boxes import TicksField
from app.typed_texts import no_resident_number

TICK, SIGN, EXPENSES = "tick", "sign", "expenses"
KINDS = {
    TICK: _l("Check-in list: a box before each name"),
    SIGN: _l("Signature sheet"),
    EXPENSES: _l("Signature sheet as proof of expenses"),
}
MOST_SPARE, LONGEST_PURPOSE = 100, 600


class PaperForm(FlaskForm):
    """What to print, of whom, and why."""

    kind = RadioField(_l("What to print"), default=TICK)
    cohorts = TicksField(_l("Which cohorts"), coerce=int)
    apart = BooleanField(_l("Begin a new page for each cohort"))
    came_only = BooleanField(_l("Only those who came in"))
    spare = IntegerField(
        _l("Empty lines at the end"),
        default=0,
        validators=[Optional(), NumberRange(0, MOST_SPARE, _l("0 to 100 lines."))],
    )
    purpose = TextAreaField(
        _l("What they sign"), validators=[Length(max=LONGEST_PURPOSE), no_resident_number]
    )
    reason = reason_field(_l("For example: the door on the 14th. Kept in the audit log."))


@bp.route("/paper", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def paper(program: Program, slug: str) -> ResponseReturnValue:
    """The lists as a PDF."""
    meetup = access.meetup_of(program, slug)
    form = PaperForm()
    form.kind.choices = list(KINDS.items())
    form.cohorts.choices = [
        (c.ordinal, columns.cohort_name(c.ordinal)) for c in attendees.cohorts_of(meetup.id)
    ]
    if request.method == "GET":
        form.purpose.data = _usual_purpose()
    elif form.validate():
        try:
            return _file(meetup, form)
        except DomainError as refusal:
            form.form_errors.append(explain(refusal))
    choice, seated = people_choice.of(meetup), badge_people.seated(meetup.id)
    page = render_template(
        "exports/paper.html",
        program=program,
        meetup=meetup,
        form=form,
        choice=choice,
        to_write=hand_written.of((row.reference, (row.name, *row.companion_names)) for row in seated),
    )
    return page, 200 if request.method == "GET" else 422


def _file(meetup: Meetup, form: PaperForm) -> ResponseReturnValue:
    kind = form.kind.data
    wanted, cohorts = people_choice.of(meetup).printed, frozenset(form.cohorts.data)
    came_only = form.came_only.data or bool(wanted and wanted.arrived)
    form.came_only.data = came_only
    order = Order(kind, cohorts, form.reason.data.strip(), came_only, wanted)
    rows = paper_lists.people(meetup, order, access.current_actor())
    pages = _pages(meetup, form, rows)
    title = f"{meetup.title(current_locale())} {_heading(kind)}"
    pdf = Pdf(title=title, locale=current_locale())
    for marks in pages:
        pdf.page(lists.PAPER)
        pdf.draw(marks)
    called = f"{meetup.title(current_locale())} {_file_title(kind)}"
    name = download_name(f"{meetup.local(meetup.starts_at):%Y-%m-%d} {called}", "pdf")
    file = io.BytesIO(pdf.finished())
    return send_file(file, "application/pdf", as_attachment=True, download_name=name, max_age=0)


def _pages(meetup: Meetup, form: PaperForm, rows: Sequence[Any]) -> list[list[Mark]]:
    kind, came_only = form.kind.data, form.came_only.data
    frame = _frame(meetup, kind, sum(1 + len(_along(row, came_only=came_only)) for row in rows))
    if kind == TICK:
        return lists.tick_pages(_parts(meetup, form, rows), frame, faces.measure)
    named = Columns(
        _("No."), _("Name"), _("Cohort"), _("Affiliation") if kind == EXPENSES else "", _("Signature")
    )
    purpose = form.purpose.data if kind == EXPENSES else ""
    return lists.sign_pages(
        _parts(meetup, form, rows),
        frame,
        named,
        faces.measure,
        purpose="\n".join(faces.printable(line) for line in (purpose or "").splitlines()),
        spare=form.spare.data or 0,
    )


def _parts(meetup: Meetup, form: PaperForm, rows: Sequence[Any]) -> list[Part]:
    """Everybody by name, or cohort by cohort. Who signs has a line each; who is ticked stands with who brought them."""
    guests_of = _ticked if form.kind.data == TICK else _signing
    by_cohort: dict[tuple[int, str], list[Guest]] = {}
    hints = paper_lists.hints(rows)
    for row, hint in zip(rows, hints, strict=True):
        ordinal = row.ordinal or 0
        key = (ordinal or 10**6, _cohort(row)) if form.apart.data else (0, "")
        by_cohort.setdefault(key, []).extend(
            guests_of(meetup, row, _along(row, came_only=form.came_only.data), hint)
        )
    found = [
        Part(label, sorted(guests, key=lists.by_name)) for (_n, label), guests in sorted(by_cohort.items())
    ]
    return found or [Part("", [])]


def _along(row: Any, *, came_only: bool) -> list[str]:
    """The companions' names, empty where unknown: all of them or so many as came in. Which of them came isn't known of a part."""
    number = min(max(row.admitted_count - 1, 0), row.companions) if came_only else row.companions
    names = row.companion_names if number == row.companions else ()
    return [faces.printable(names[n]) if n < len(names) else "" for n in range(number)]


def _ticked(meetup: Meetup, row: Any, along: Sequence[str], hint: str) -> list[Guest]:
    came = i18n.clock(meetup.local(row.admitted_at)) if row.admitted_at else ""
    companions = tuple(each or _("companion") for each in along)
    return [Guest(_name(row, hint), _cohort(row), companions, came)]


def _signing(_meetup: Meetup, row: Any, along: Sequence[str], hint: str) -> list[Guest]:
    name, cohort = _name(row, hint), _cohort(row)
    return [
        Guest(name, cohort),
        *(
            Guest(f"{name} +{n}: {each}" if each else f"{name} +{n}", cohort)
            for n, each in enumerate(along, 1)
        ),
    ]


def _name(row: Any, hint: str) -> str:
    """Beside a namesake's name what tells them apart."""
    return " ".join(each for each in (faces.printable(row.name), hint) if each)


def _cohort(row: Any) -> str:
    if row.ordinal is None:
        return ""
    named = row.name_ko if current_locale() == "ko" else row.name_en
    return faces.printable(named) or columns.cohort_name(row.ordinal)


def _frame(meetup: Meetup, kind: str, people: int) -> Frame:
    locale, at = current_locale(), meetup.local(now())
    start, end = meetup.local(meetup.starts_at), meetup.local(meetup.ends_at)
    where = " · ".join(
        each for each in (i18n.span(start, end, year=True), faces.printable(meetup.place(locale))) if each
    )
    number = ngettext("%(num)d person", "%(num)d people", people)
    care = _("Names of people: destroy this sheet when it is no longer needed.")
    return Frame(
        title=faces.printable(meetup.title(locale)),
        where=where,
        listed=f"{_heading(kind)} · {number}",
        made=_("As of %(when)s", when=f"{i18n.day(at, year=True)} {i18n.clock(at)}"),
        foot=f"{faces.printable(meetup.program.name(locale))} · {care}",
        page=lambda page, pages: f"{page} / {pages}",
    )


def _heading(kind: str) -> str:
    return str(_("Check-in list") if kind == TICK else _("Signature sheet"))


def _file_title(kind: str) -> str:
    """Both signature sheets have one heading on paper; in a folder they are told apart."""
    return str(KINDS[kind]) if kind == EXPENSES else _heading(kind)


def _usual_purpose() -> str:
    return str(_("We took part in the meetup named above and received what its organizers provided."))
