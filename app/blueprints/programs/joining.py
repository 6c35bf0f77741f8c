"""Two people who are one: found, compared, joined."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app import access
from app.blueprints.programs.blueprint import bp
from app.domain.errors import DomainError
from app.models import Person, Program, Role
from app.numbers import query_number
from app.refusals import explain
from app.searches import searched
from app.services.alumni import joining
from app.services.organizing import looks
from app.services.personal import erasure
from app.typed_texts import no_resident_number

FOUND, LONGEST_REASON = 20, 200
ONE = "/desk/<program>/people/<int:person_id>/joining"


class JoiningForm(FlaskForm):
    reason = StringField(
        _l("Reason"),
        description=_l("For example: told by phone that both addresses are theirs. Without names."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST_REASON), no_resident_number],
    )
    knows = BooleanField(_l("I know that these two are one, not two people of one cohort"))


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def joining_page(program: Program, person_id: int) -> ResponseReturnValue:
    """Look for the other one; with `other`, what joining the two would do."""
    person = _person(program, person_id)
    if other := query_number("other", 0):
        return _compared(program, person, other, JoiningForm())
    asked = searched()
    found = joining.candidates(program.id, person_id, asked, FOUND)
    people = [each.id for each in found]
    page = render_template(
        "programs/joining.html",
        program=program,
        person=person,
        asked=asked,
        found=found,
        entries=joining.entries_of(people),
        limit=FOUND,
    )
    looks.at_people(program.id, (person_id, *people), access.current_actor())
    return page


@bp.post(f"{ONE}/<int:other_id>")
@access.member(Role.ORGANIZER)
def join_people(program: Program, person_id: int, other_id: int) -> ResponseReturnValue:
    person, form = _person(program, person_id), JoiningForm()
    if not form.validate():
        return _compared(program, person, other_id, form), 422
    try:
        reason = form.reason.data or ""
        joining.join(program.id, person_id, other_id, access.current_actor(), reason, knows=form.knows.data)
    except DomainError as refusal:
        if refusal.code == "no_such_person":
            abort(404)
        if refusal.code == "join_same_cohort_once":
            form.knows.errors = [explain(refusal)]
        else:
            flash(explain(refusal), "warning")
        return _compared(program, person, other_id, form), 422
    flash(_("They are one person now."))
    return redirect(_home(program, person_id), 303)


def _person(program: Program, person_id: int) -> Person:
    return erasure.find(program.id, person_id) or abort(404)


def _home(program: Program, person_id: int) -> str:
    """The person's own page where a list has them, else where others are looked for."""
    entries = joining.entries_of([person_id])[person_id]
    if not entries:
        return url_for(".joining_page", program=program.slug, person_id=person_id)
    return url_for(".entry", program=program.slug, ordinal=entries[-1].cohort.ordinal, person_id=person_id)


def _compared(program: Program, person: Person, other: int, form: JoiningForm) -> str:
    try:
        outlook = joining.outlook(program.id, person.id, other)
    except DomainError:
        abort(404)
    both = [person.id, other]
    page = render_template(
        "programs/joining_two.html",
        program=program,
        person=person,
        outlook=outlook,
        refusal=explain(outlook.refusal) if outlook.refusal else None,
        entries=joining.entries_of(both),
        registrations=joining.registrations_of(both),
        form=form,
    )
    looks.at_people(program.id, both, access.current_actor())
    return page
