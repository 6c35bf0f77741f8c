"""Publishing, closing, reopening, calling off and copying: each a thing that is posted."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from app import access
from app.db import db
from app.domain.errors import DomainError
from app.domain.writing.kept_texts import one_line, several_lines
from app.i18n import current_locale
from app.models import TAKES_PLACE, Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import meetup_states, meetups

from . import numbers
from .forms import TOO_LONG
from .routes import bp, overview


class CallingOffForm(FlaskForm):
    confirm_name = StringField(filters=[one_line])
    reason = TextAreaField(
        _l("Reason, for everyone registered"),
        filters=[several_lines],
        validators=[Length(max=1000, message=TOO_LONG)],
    )

    def confirms(self, title: str) -> bool:
        """Whether the name and a reason stand there; says at the field what is missing."""
        valid = bool(self.validate())
        if self.confirm_name.data != one_line(title):
            self.confirm_name.errors = [_("The name isn't the same. Type it as it stands above.")]
        if not self.reason.data:
            self.reason.errors = [_("Write a sentence that people will understand.")]
        return valid and not self.errors


@bp.post("/desk/<program>/meetups/<slug>/publication")
@access.member(Role.ORGANIZER)
def publish(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        meetup_states.publish(meetup.id, access.current_actor())
    except DomainError as refusal:
        return _refused(program, meetup, refusal)
    return _done(program, meetup, _("Published. Everyone with the link can see it now."))


@bp.post("/desk/<program>/meetups/<slug>/closure")
@access.member(Role.ORGANIZER)
def close(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        meetup_states.close(meetup.id, access.current_actor())
    except DomainError as refusal:
        return _refused(program, meetup, refusal)
    return _done(program, meetup, _("Registration is closed. Those registered keep their places."))


@bp.post("/desk/<program>/meetups/<slug>/reopening")
@access.member(Role.ORGANIZER)
def reopen(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        meetup_states.reopen(meetup.id, access.current_actor())
    except DomainError as refusal:
        return _refused(program, meetup, refusal)
    return _done(program, meetup, _("Registration is open again."))


@bp.get("/desk/<program>/meetups/<slug>/calling-off")
@access.member(Role.ORGANIZER)
def calling_off(program: Program, slug: str) -> ResponseReturnValue:
    """What will happen, before it does."""
    meetup = access.meetup_of(program, slug)
    if meetup.state not in TAKES_PLACE:
        return redirect(url_for(".show", program=program.slug, slug=slug), 303)
    if reason := meetup_states.why_not_called_off(db.session(), meetup):
        return _refused(program, meetup, DomainError(reason))
    return _calling_off_page(program, meetup, CallingOffForm())


@bp.post("/desk/<program>/meetups/<slug>/calling-off")
@access.member(Role.ORGANIZER)
def call_off(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), CallingOffForm()
    if not form.confirms(meetup.title(current_locale())):
        return _calling_off_page(program, meetup, form), 422
    try:
        owed = meetup_states.call_off(meetup.id, form.reason.data, access.current_actor())
    except DomainError as refusal:
        return _refused(program, meetup, refusal)
    said = ngettext("Called off. %(num)d person gets a mail.", "Called off. %(num)d people get a mail.", owed)
    return _done(program, meetup, said if owed else _("Called off."))


@bp.post("/desk/<program>/meetups/<slug>/copies")
@access.program_member(Role.ORGANIZER)
def copy(program: Program, slug: str) -> ResponseReturnValue:
    made = meetups.copy(access.meetup_of(program, slug).id, access.current_actor())
    flash(_("This is the copy, a draft. Check the date and the seats, then publish it."))
    return redirect(url_for(".edit", program=program.slug, slug=made.slug), 303)


def _calling_off_page(program: Program, meetup: Meetup, form: CallingOffForm) -> str:
    return render_template(
        "meetups/calling_off.html",
        program=program,
        meetup=meetup,
        form=form,
        mails=numbers.of_meetup(meetup).total.registered,
    )


def _done(program: Program, meetup: Meetup, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for(".show", program=program.slug, slug=meetup.slug), 303)


def _refused(program: Program, meetup: Meetup, refusal: DomainError) -> ResponseReturnValue:
    """The overview lists what is missing by itself; the sentence says why nothing happened."""
    flash(explain(refusal), "error")
    return overview(program, meetup), 422
