"""Making a programme, and its settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.programs.blueprint import bp
from app.blueprints.programs.forms import ProgramForm
from app.domain.errors import DomainError
from app.models import Program, Role
from app.refusals import explain
from app.services.organizing import programs

FIELD_OF = {
    "bad_program_slug": "slug",
    "program_slug_taken": "slug",
    "bad_contact_address": "contact_address",
}


@bp.get("/desk/new")
@access.founder
def new() -> ResponseReturnValue:
    return render_template("programs/new.html", form=ProgramForm())


@bp.post("/desk/new")
@access.founder
def create() -> ResponseReturnValue:
    form = ProgramForm()
    if not form.validate():
        return render_template("programs/new.html", form=form), 422
    try:
        program = programs.create(form.fields(), by=access.me().id)
    except DomainError as refusal:
        _show(form, refusal)
        return render_template("programs/new.html", form=form), 422
    flash(_("The programme is there. Add its cohorts next."), "success")
    return redirect(url_for(".show", program=program.slug), 303)


@bp.get("/desk/<program>/settings")
@access.member(Role.OWNER)
def edit(program: Program) -> ResponseReturnValue:
    form = ProgramForm(obj=program)
    form.alumni_term.data = program.alumni_term.value
    return render_template("programs/edit.html", program=program, form=form)


@bp.post("/desk/<program>/settings")
@access.member(Role.OWNER)
def save(program: Program) -> ResponseReturnValue:
    form = ProgramForm()
    if not form.validate():
        return render_template("programs/edit.html", program=program, form=form), 422
    try:
        saved = programs.edit(program.id, form.fields(), by=access.me().id)
    except DomainError as refusal:
        _show(form, refusal)
        return render_template("programs/edit.html", program=program, form=form), 422
    flash(_("Saved."), "success")
    return redirect(url_for(".show", program=saved.slug), 303)


def _show(form: ProgramForm, refusal: DomainError) -> None:
    """Put the sentence where it belongs: at its field, or above the form."""
    name = FIELD_OF.get(refusal.code)
    if name:
        form[name].errors = [*form[name].errors, explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))
