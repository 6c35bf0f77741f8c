"""Erasing somebody who asked in writing, and the deletion log of the programme."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from app import access
from app.blueprints.programs.blueprint import bp
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Person, Program, Role
from app.one_of import OneOf
from app.refusals import explain
from app.services.organizing import attendee
from app.services.personal import erased_addresses, erasure, keeping
from app.typed_texts import no_resident_number

LATEST, LONGEST_REASON = 100, 200
ONE = "/desk/<program>/people/<int:person_id>/erasure"
HOW = {Asked.MAIL: _l("By mail"), Asked.LETTER: _l("By letter"), Asked.IN_PERSON: _l("In person")}
TEXTS = {
    "story": (_l("Story"), "meetups.story"),
    "photo": (_l("Words at a photo"), "meetups.story"),
    "inside_note": (_l("Notes for those who have a seat"), "meetups.inside_notes"),
    "message": (_l("Message"), "meetups.messages"),
    "invitation": (_l("Words in invitations"), "meetups.invitations"),
    "move": (_l("Words about a new time or place"), "meetups.show"),
}
"""What each kind of text to many is called, and where it is looked at."""
WAYS = HOW | {Asked.LINK: _l("At their personal link")}


class ErasureForm(FlaskForm):
    asked = OneOf(
        _l("How did they ask?"),
        choices=[SelectChoice(way.value, text) for way, text in HOW.items()],
        validators=[DataRequired(_l("Choose one."))],
    )
    confirm_name = StringField()


class AllowingForm(FlaskForm):
    address = StringField(_l("E-mail"), validators=[DataRequired(_l("Type the address.")), Length(max=320)])
    reason = StringField(
        _l("Reason"),
        description=_l("For example: asked by mail to be invited again. Without names."),
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST_REASON), no_resident_number],
    )


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def erasing(program: Program, person_id: int) -> ResponseReturnValue:
    return _page(program, _person(program, person_id), ErasureForm())


@bp.post(ONE)
@access.member(Role.ORGANIZER)
def erase(program: Program, person_id: int) -> ResponseReturnValue:
    person, form = _person(program, person_id), ErasureForm()
    if not form.validate():
        return _page(program, person, form), 422
    try:
        erasure.require_named(person, form.confirm_name.data or "")
    except DomainError as refusal:
        form.confirm_name.errors = [explain(refusal)]
        return _page(program, person, form), 422
    told = erasure.last_proved(person.id)
    erasure.erase(
        person.id, access.current_actor(), Asked(form.asked.data), told=told, locale=current_locale()
    )
    flash(_("The person is erased.") if not told else _("The person is erased. One last mail tells them."))
    return redirect(url_for(".erasures", program=program.slug), 303)


@bp.get("/desk/<program>/erasures")
@access.member(Role.ORGANIZER)
def erasures(program: Program) -> ResponseReturnValue:
    return _log(program, AllowingForm())


@bp.post("/desk/<program>/erasures/allowances")
@access.member(Role.ORGANIZER)
def allow_again(program: Program) -> ResponseReturnValue:
    """Let rosters name an erased person's address again."""
    form = AllowingForm()
    if not form.validate():
        return _log(program, form), 422
    try:
        erased_addresses.allow_again(
            program.id, form.address.data or "", access.current_actor(), form.reason.data or ""
        )
    except DomainError as refusal:
        form.address.errors = [explain(refusal)]
        return _log(program, form), 422
    flash(_("The next import takes this address again."))
    return redirect(url_for(".erasures", program=program.slug), 303)


def _person(program: Program, person_id: int) -> Person:
    return erasure.find(program.id, person_id) or abort(404)


def _page(program: Program, person: Person, form: ErasureForm) -> str:
    return render_template(
        "programs/erasure.html",
        program=program,
        person=person,
        form=form,
        outlook=erasure.outlook(person.id),
        told=erasure.last_proved(person.id),
    )


def _log(program: Program, form: AllowingForm) -> str:
    entries = erasure.log(program.id, LATEST)
    return render_template(
        "programs/erasures.html",
        program=program,
        entries=entries,
        names=attendee.names_of(entry.actor for entry in entries),
        ways=WAYS,
        texts=erasure.texts_of(entries),
        kinds=TEXTS,
        form=form,
        destructions=keeping.log_of_program(program.id, LATEST),
        withheld=erased_addresses.number(program.id),
    )
