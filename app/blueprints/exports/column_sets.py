"""Sets of columns: kept from an export's form, renamed, deleted, made what exports begin with."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.exports import routes
from app.blueprints.exports.forms import ColumnSetForm, SetNameForm
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.models import ColumnSet, Program, Role
from app.refusals import explain
from app.services.organizing import column_sets, kept_keys

HERE = "/export/sets"
ONE = f"{HERE}/<int:set_id>"


@bp.post(HERE)
@access.program_member(Role.ORGANIZER)
def save_columns(program: Program, slug: str) -> ResponseReturnValue:
    """From the form of an export, whose other fields stay as they are typed where this one is refused."""
    meetup = access.meetup_of(program, slug)
    export, form = routes.form_of(meetup), ColumnSetForm()
    form.columns.choices = export.columns.choices
    form.several.choices = export.several.choices
    if not form.validate():
        export.columns.errors, export.set_name.errors = form.columns.errors, form.set_name.errors
        return routes.page(program, meetup, export), 422
    labels, several = kept_keys.of_meetup(meetup), form.several.data
    chosen = [labels.kept_column(key) for key in form.columns.data or ()]
    try:
        kept = column_sets.save(program.id, form.set_name.data, chosen, several, access.current_actor())
    except DomainError as refusal:
        export.set_name.errors = [explain(refusal)]
        return routes.page(program, meetup, export), 422
    flash(_("Saved."))
    query: dict[str, Any] = {**routes.list_of(export, request.form), "set": kept}
    return redirect(url_for(".export", program=program.slug, slug=slug, **query), 303)


@bp.post(f"{ONE}/name")
@access.program_member(Role.ORGANIZER)
def rename_columns(program: Program, slug: str, set_id: int) -> ResponseReturnValue:
    access.meetup_of(program, slug)
    found, form = _own(program, set_id), SetNameForm()
    if not form.validate():
        flash(str(form.set_name.errors[0]), "warning")
        return _back(program, slug, found.id)
    try:
        column_sets.rename(program.id, found.id, form.set_name.data, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("Saved."))
    return _back(program, slug, found.id)


@bp.post(f"{ONE}/removal")
@access.program_member(Role.ORGANIZER)
def delete_columns(program: Program, slug: str, set_id: int) -> ResponseReturnValue:
    access.meetup_of(program, slug)
    column_sets.delete(program.id, _own(program, set_id).id, access.current_actor())
    flash(_("Deleted."))
    return _back(program, slug)


@bp.post(f"{ONE}/default")
@access.program_member(Role.ORGANIZER)
def default_columns(program: Program, slug: str, set_id: int) -> ResponseReturnValue:
    access.meetup_of(program, slug)
    found, wanted = _own(program, set_id), request.form.get("default") == "yes"
    column_sets.make_default(program.id, found.id, access.current_actor(), default=wanted)
    flash(_("Saved."))
    return _back(program, slug, found.id)


def _own(program: Program, set_id: int) -> ColumnSet:
    return column_sets.find(program.id, set_id) or abort(404)


def _back(program: Program, slug: str, set_id: int | None = None) -> ResponseReturnValue:
    return redirect(url_for(".export", program=program.slug, slug=slug, set=set_id), 303)
