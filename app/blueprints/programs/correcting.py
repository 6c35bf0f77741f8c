"""What a roster says of somebody, corrected on their page."""

from __future__ import annotations

from flask import abort, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.programs import entry as entry_pages
from app.blueprints.programs.blueprint import bp
from app.blueprints.programs.forms import CorrectionForm
from app.domain.errors import DomainError
from app.domain.rosters import Field
from app.domain.rosters.correcting import Facts, read_fact
from app.models import Program, Role
from app.refusals import explain
from app.services.alumni import entry_corrections

WORDS = (Field.NAME, Field.OTHER_NAME, Field.PHONE, Field.CERTIFICATE)


@bp.post(f"{entry_pages.ENTRY}/corrections")
@access.member(Role.ORGANIZER)
def correct_entry(program: Program, ordinal: int, person_id: int) -> ResponseReturnValue:
    found, form = entry_pages.entry_of(program, ordinal, person_id), CorrectionForm()
    is_whole = form.validate()
    facts = _read(form)
    if not is_whole or facts is None:
        return entry_pages.page(program, found, correcting=form), 422
    try:
        changed = entry_corrections.correct(
            program.id, found.id, facts, access.current_actor(), shown=form.shown
        )
    except DomainError as refusal:
        if refusal.code == "no_such_person":
            abort(404)
        form.form_errors.append(explain(refusal))
        found = entry_pages.entry_of(program, ordinal, person_id)
        form.catch_up(facts, entry_corrections.facts_of(found))
        return entry_pages.page(program, found, correcting=form), 422
    flash(
        _("The entry is corrected.") if changed else _("Nothing was changed."),
        "success" if changed else "info",
    )
    return entry_pages.back(program, ordinal, person_id)


def _read(form: CorrectionForm) -> Facts | None:
    """None where something can't be kept; the form says what, beside its field."""
    said: dict[str, str] = {}
    for field in WORDS:
        try:
            said[field.value] = read_fact(field, form[field.value].data or "")
        except DomainError as refusal:
            form[field.value].errors = [explain(refusal)]
    return Facts(**said, completed=form.completed.data) if len(said) == len(WORDS) else None
