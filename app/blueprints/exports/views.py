"""Ways of looking at the table that are kept under a name, for all meetups of the programme."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app import access
from app.blueprints.exports import people
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.writing.kept_texts import one_line
from app.models import Program, Role
from app.refusals import explain
from app.services.organizing import kept_keys, saved_views
from app.typed_texts import no_resident_number


class ViewForm(FlaskForm):
    """`query`: the view as the address has it."""

    name = StringField(
        filters=[one_line],
        validators=[
            DataRequired(_l("Give the view a name.")),
            no_resident_number,
            Length(max=saved_views.LONGEST, message=_l("At most %(max)d characters, please.")),
        ],
    )
    shared = BooleanField()
    query = HiddenField(validators=[Length(max=4000)])


@bp.post("/views")
@access.program_member(Role.ORGANIZER)
def keep_view(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), ViewForm()
    given = MultiDict(
        (key, value) for key, values in parse_qs(form.query.data or "").items() for value in values
    )
    if not form.validate():
        return people.table(program, meetup, given, keeping=form), 422
    view = {name: values for name, values in people.view_of(given).items() if name != "only"}
    try:
        kept = kept_keys.of_meetup(meetup).kept_view(view)
        saved_views.keep(program.id, access.me().id, form.name.data or "", kept, shared=form.shared.data)
    except DomainError as refusal:
        form.name.errors = [explain(refusal)]
        return people.table(program, meetup, given, keeping=form), 422
    flash(_("The view is kept."))
    there = url_for(".attendees_list", program=program.slug, slug=slug)
    return redirect(f"{there}?{urlencode(view, doseq=True)}", 303)


@bp.post("/views/<int:view_id>/removal")
@access.program_member(Role.ORGANIZER)
def drop_view(program: Program, slug: str, view_id: int) -> ResponseReturnValue:
    access.meetup_of(program, slug)
    if not saved_views.drop(program.id, access.me().id, view_id):
        abort(404)
    flash(_("The view is no longer kept."))
    return redirect(url_for(".attendees_list", program=program.slug, slug=slug), 303)
