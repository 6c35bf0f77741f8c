"""What organizers note of an attendee among themselves: tags, and a note."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.registering.tags import read
from app.domain.writing.kept_texts import several_lines
from app.models import Program, Registration, Role
from app.refusals import explain
from app.services.organizing import desk_notes, tags
from app.typed_texts import no_resident_number


class TagsForm(FlaskForm):
    """Tags to put or to take, parted by commas."""

    tags = StringField(validators=[DataRequired(_l("Write a tag.")), no_resident_number])


class NoteForm(FlaskForm):
    """`revision`: of the note that was shown when this one was begun; 0: there was none."""

    note = TextAreaField(
        filters=[several_lines],
        validators=[
            no_resident_number,
            Length(max=desk_notes.LONGEST, message=_l("At most %(max)d characters, please.")),
        ],
    )
    revision = IntegerField(validators=[Optional()])


@bp.post(f"{attendee.ONE}/tags")
@access.member(Role.ORGANIZER)
def tag_attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), TagsForm()
    registration = _living(attendee.registration_of(meetup, reference))
    if not form.validate():
        return attendee.page(program, meetup, registration, tagging=form), 422
    try:
        tags.change(meetup.id, [registration.id], access.current_actor(), add=read(form.tags.data))
    except DomainError as refusal:
        form.tags.errors = [explain(refusal)]
        return attendee.page(program, meetup, registration, tagging=form), 422
    return _back(program, slug, reference)


@bp.post(f"{attendee.ONE}/tags/removal")
@access.member(Role.ORGANIZER)
def untag_attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), TagsForm()
    registration = attendee.registration_of(meetup, reference)
    tags.change(meetup.id, [registration.id], access.current_actor(), remove=[form.tags.data or ""])
    return _back(program, slug, reference)


@bp.post(f"{attendee.ONE}/note")
@access.member(Role.ORGANIZER)
def note_attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), NoteForm()
    registration = _living(attendee.registration_of(meetup, reference))
    if not form.validate():
        return attendee.page(program, meetup, registration, noting=form), 422
    actor, based_on = access.current_actor(), form.revision.data or 0
    try:
        desk_notes.save(registration.id, form.note.data or "", actor, based_on=based_on)
    except DomainError as refusal:
        form.note.errors = [explain(refusal)]
        return attendee.page(program, meetup, registration, noting=form), 422
    flash(_("Saved."))
    return _back(program, slug, reference)


def _living(registration: Registration) -> Registration:
    """Nothing is noted of whoever was erased."""
    return abort(404) if registration.person.erased_at else registration


def _back(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    return redirect(f"{attendee.address_of(program, slug, reference)}#own-notes", 303)
