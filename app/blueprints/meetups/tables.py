"""The table plan: filled, put right by hand, published, printed. Everything works with the keyboard alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import Length

from app import access
from app.domain.errors import DomainError
from app.domain.seating.tables import LONGEST_MARK, Plan, Seating, written
from app.domain.writing.kept_texts import one_line
from app.models import Meetup, Program, Role, TablePlan
from app.numbers import number, query_number
from app.refusals import explain
from app.services.meeting import tables as service
from app.services.meeting.tables import AnyRow, Wanted
from app.services.organizing import looks
from app.services.organizing.paper_lists import hints_for_all_to_see
from app.typed_texts import no_resident_number

from .routes import bp

TABLES = "/desk/<program>/meetups/<slug>/tables"
PAGE = 40  # tables
USUAL = 6
HOW = {
    Seating.MIX: _l("Mix the cohorts"),
    Seating.GROUP: _l("Each cohort together"),
    Seating.RANDOM: _l("By chance"),
}


class TablesForm(FlaskForm):
    sizes = StringField(_l("Tables and seats"), filters=[one_line], validators=[Length(max=300)])
    how = RadioField(_l("Who sits with whom"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.how.choices = [(how.value, words) for how, words in HOW.items()]


class SeatForm(FlaskForm):
    table = StringField(_l("Table"))
    beside = StringField(
        _l("Sits with"), filters=[one_line], validators=[Length(max=LONGEST_MARK), no_resident_number]
    )


@dataclass(frozen=True)
class Table:
    """One table as the page shows it."""

    number: int
    size: int
    rows: Sequence[AnyRow]

    @property
    def people(self) -> int:
        return sum(1 + row.companions for row in self.rows)


@bp.get(TABLES)
@access.member(Role.ORGANIZER)
def tables(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post(TABLES)
@access.member(Role.ORGANIZER)
def lay_tables(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), TablesForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    wanted = Wanted(form.sizes.data or "", Seating(form.how.data), request.form.get("anew") == "yes")
    try:
        made = service.lay(meetup.id, wanted, access.current_actor())
    except DomainError as refusal:
        form.sizes.errors = [explain(refusal)]
        return _page(program, meetup, form), 422
    _say(made)
    return _back(program, slug)


@bp.post(f"{TABLES}/late")
@access.member(Role.ORGANIZER)
def seat_late(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _pressed(program, slug, lambda: _say(service.seat_late(meetup.id, access.current_actor())))


@bp.post(f"{TABLES}/publication")
@access.member(Role.ORGANIZER)
def publish_tables(program: Program, slug: str) -> ResponseReturnValue:
    meetup, shown = access.meetup_of(program, slug), request.form.get("shown") == "yes"

    def act() -> None:
        service.publish(meetup.id, shown, access.current_actor())
        flash(
            _("People see their table now, and so does the door.")
            if shown
            else _("Nobody sees their table any more.")
        )

    return _pressed(program, slug, act)


@bp.post(f"{TABLES}/removal")
@access.member(Role.ORGANIZER)
def discard_tables(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)

    def act() -> None:
        service.discard(meetup.id, access.current_actor())
        flash(_("The table plan is taken away."))

    return _pressed(program, slug, act)


@bp.get(f"{TABLES}/print")
@access.member(Role.ORGANIZER)
def print_tables(program: Program, slug: str) -> ResponseReturnValue:
    """The whole plan by table, and by name: for the wall and for whoever shows the way."""
    meetup = access.meetup_of(program, slug)
    plan = service.of_meetup(meetup.id)
    if plan is None:
        return redirect(url_for(".tables", program=program.slug, slug=slug))
    rows = service.people(meetup.id)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    return render_template(
        "meetups/tables_print.html",
        program=program,
        meetup=meetup,
        tables=[table for table in _tables(plan, rows) if table.rows],
        hints=dict(zip((row.id for row in rows), hints_for_all_to_see(rows), strict=True)),
        by_name=sorted((row for row in rows if row.number), key=lambda row: row.name),
    )


@bp.get(f"{TABLES}/<reference>")
@access.member(Role.ORGANIZER)
def table_of(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, plan, row = _person(program, slug, reference)
    chosen = str(row.number) if row.fixed and row.number else ""
    form = SeatForm(formdata=None, data={"table": chosen, "beside": row.beside or ""})
    return _person_page(program, meetup, plan, row, form)


@bp.post(f"{TABLES}/<reference>")
@access.member(Role.ORGANIZER)
def move_to_table(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, plan, row = _person(program, slug, reference)
    form = SeatForm()
    if not form.validate():
        return _person_page(program, meetup, plan, row, form), 422
    chosen = number(form.table.data or "")
    try:
        service.move(meetup.id, row.id, chosen, form.beside.data or "", access.current_actor())
    except DomainError as refusal:
        form.table.errors = [explain(refusal)]
        return _person_page(program, meetup, plan, row, form), 422
    flash(_("Saved."))
    return redirect(
        f"{url_for('.tables', program=program.slug, slug=slug)}#table-{chosen or row.number}", 303
    )


def _person(program: Program, slug: str, reference: str) -> tuple[Meetup, TablePlan, AnyRow]:
    meetup = access.meetup_of(program, slug)
    plan, row = service.of_meetup(meetup.id), service.person(meetup.id, reference)
    if plan is None or row is None:
        abort(404)
    return meetup, plan, row


def _page(program: Program, meetup: Meetup, form: TablesForm | None = None) -> str:
    plan, rows, start = service.of_meetup(meetup.id), service.people(meetup.id), query_number("start", 0)
    if rows:
        looks.at_attendees(program.id, meetup.id, access.current_actor())
    laid = _tables(plan, rows) if plan else []
    number_of_tables = len(laid)
    return render_template(
        "meetups/tables.html",
        program=program,
        meetup=meetup,
        plan=plan,
        form=form or _form(plan, rows),
        how=HOW,
        tables=laid[start : start + PAGE],
        number=number_of_tables,
        start=start,
        step=PAGE,
        left=[row for row in rows if plan and not _sits(plan, row)],
        people=sum(1 + row.companions for row in rows),
        seats=sum(plan.sizes) if plan else 0,
    )


def _form(plan: TablePlan | None, rows: Sequence[AnyRow]) -> TablesForm:
    """As it is, or tables of six for everybody who comes."""
    people = sum(1 + row.companions for row in rows)
    sizes = plan.sizes if plan else [USUAL] * max(-(-people // USUAL), 1)
    how = plan.how if plan else Seating.MIX
    return TablesForm(formdata=None, data={"sizes": written(sizes), "how": how.value})


def _tables(plan: TablePlan, rows: Sequence[AnyRow]) -> list[Table]:
    at: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        if row.number:
            at[row.number].append(row)
    return [Table(n, size, at[n]) for n, size in enumerate(plan.sizes, start=1)]


def _sits(plan: TablePlan, row: Any) -> bool:
    return bool(row.number) and row.number <= len(plan.sizes)


def _person_page(program: Program, meetup: Meetup, plan: TablePlan, row: AnyRow, form: SeatForm) -> str:
    looks.at_attendee(program.id, row.id, access.current_actor())
    taken = {table.number: table.people for table in _tables(plan, service.people(meetup.id))}
    return render_template(
        "meetups/table_of.html",
        program=program,
        meetup=meetup,
        row=row,
        form=form,
        free={n: size - taken[n] for n, size in enumerate(plan.sizes, start=1)},
    )


def _pressed(program: Program, slug: str, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return _back(program, slug)


def _back(program: Program, slug: str) -> ResponseReturnValue:
    return redirect(url_for(".tables", program=program.slug, slug=slug), 303)


def _say(made: Plan) -> None:
    if made.left:
        flash(
            ngettext(
                "%(num)d registration has no table: add seats, or move somebody.",
                "%(num)d registrations have no table: add seats, or move somebody.",
                len(made.left),
            ),
            "warning",
        )
    else:
        flash(_("Everybody has a table."))
