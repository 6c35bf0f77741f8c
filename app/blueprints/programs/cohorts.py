"""Cohorts: the list with its counts, and one cohort's roster."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app import access
from app.blueprints.programs import entries, numbers
from app.blueprints.programs.blueprint import bp, may
from app.blueprints.programs.forms import AddCohortsForm, CohortForm
from app.db import db
from app.domain.errors import DomainError
from app.models import Cohort, Program, Role, RosterImport
from app.numbers import query_number
from app.refusals import explain
from app.searches import searched
from app.services.alumni import cohorts as service
from app.services.organizing import looks

IMPORTS_SHOWN = 5


@bp.get("/desk/<program>/cohorts")
@access.member(Role.VIEWER)
def cohorts(program: Program) -> ResponseReturnValue:
    lines = numbers.of_cohorts(program.id)
    form = AddCohortsForm()
    last = lines[-1].cohort if lines else None
    form.first.data = form.last.data = last.ordinal + 1 if last else 1
    form.first_year.data = last.year + 1 if last and last.year else None
    return _list_page(program, lines, form)


@bp.post("/desk/<program>/cohorts")
@access.member(Role.ORGANIZER)
def add_cohorts(program: Program) -> ResponseReturnValue:
    form = AddCohortsForm()
    if not form.validate():
        return _list_page(program, numbers.of_cohorts(program.id), form), 422
    try:
        new = service.add_several(
            program.id,
            form.first.data,
            form.last.data,
            first_year=form.first_year.data,
            actor=access.current_actor(),
        )
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _list_page(program, numbers.of_cohorts(program.id), form), 422
    said = ngettext("%(num)s cohort was added.", "%(num)s cohorts were added.", len(new))
    flash(said, "success")
    return redirect(url_for(".cohorts", program=program.slug), 303)


@bp.get("/desk/<program>/cohorts/<int:ordinal>")
@access.member(Role.ORGANIZER)
def cohort(program: Program, ordinal: int) -> ResponseReturnValue:
    found = _cohort(program, ordinal)
    looks.at_roster(program.id, found.id, access.current_actor())
    line = next(line for line in numbers.of_cohorts(program.id) if line.cohort.id == found.id)
    typed = searched()
    kind = request.args.get("show", "all")
    kind = kind if kind in entries.FILTERS else "all"
    page = entries.page(found.id, typed=typed, kind=kind, number=query_number("page", 1, most=10_000))
    return render_template(
        "programs/cohort.html",
        program=program,
        cohort=found,
        line=line,
        page=page,
        typed=typed,
        kind=kind,
        imports=_imports(found),
    )


@bp.get("/desk/<program>/cohorts/<int:ordinal>/edit")
@access.member(Role.ORGANIZER)
def edit_cohort(program: Program, ordinal: int) -> ResponseReturnValue:
    found = _cohort(program, ordinal)
    return _edit_page(program, found, CohortForm(obj=found))


@bp.post("/desk/<program>/cohorts/<int:ordinal>/edit")
@access.member(Role.ORGANIZER)
def save_cohort(program: Program, ordinal: int) -> ResponseReturnValue:
    found, form = _cohort(program, ordinal), CohortForm()
    if not form.validate():
        return _edit_page(program, found, form), 422
    try:
        saved = service.edit(
            program.id,
            found.id,
            ordinal=form.ordinal.data,
            year=form.year.data,
            name_ko=form.name_ko.data or "",
            name_en=form.name_en.data or "",
            actor=access.current_actor(),
        )
    except DomainError as refusal:
        form.ordinal.errors = [*form.ordinal.errors, explain(refusal)]
        return _edit_page(program, found, form), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".cohort", program=program.slug, ordinal=saved.ordinal), 303)


@bp.post("/desk/<program>/cohorts/<int:ordinal>/deletion")
@access.member(Role.ORGANIZER)
def delete_cohort(program: Program, ordinal: int) -> ResponseReturnValue:
    found = _cohort(program, ordinal)
    try:
        service.delete(program.id, found.id, actor=access.current_actor())
    except DomainError as refusal:
        form = CohortForm(formdata=None, obj=found)
        form.form_errors.append(explain(refusal))
        return _edit_page(program, found, form), 422
    flash(_("Cohort %(n)s was deleted.", n=ordinal), "success")
    return redirect(url_for(".cohorts", program=program.slug), 303)


def _cohort(program: Program, ordinal: int) -> Cohort:
    query = select(Cohort).where(Cohort.program_id == program.id, Cohort.ordinal == ordinal)
    return db.session.scalars(query).one_or_none() or abort(404)


def _imports(cohort: Cohort) -> list[RosterImport]:
    """The latest imports that said something of this cohort; one by column may speak of several."""
    query = (
        select(RosterImport)
        .where(RosterImport.cohort_id == cohort.id)
        .order_by(RosterImport.id.desc())
        .limit(IMPORTS_SHOWN)
    )
    return list(db.session.scalars(query))


def _list_page(program: Program, lines: list[numbers.CohortLine], form: AddCohortsForm) -> str:
    return render_template(
        "programs/cohorts.html",
        program=program,
        lines=lines,
        form=form,
        may_edit=may(Role.ORGANIZER),
    )


def _edit_page(program: Program, cohort: Cohort, form: CohortForm) -> str:
    return render_template("programs/edit_cohort.html", program=program, cohort=cohort, form=form)
