"""By what an attendee is reached, corrected on their page: the phone, and the address to which their mails go."""

from __future__ import annotations

from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from app import access
from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.revising.parts import Part
from app.domain.writing.kept_texts import one_line
from app.models import Program, Registration, Role
from app.refusals import explain, sentence
from app.services.personal import own_links
from app.services.revising import contacts
from app.services.revising.contacts import Contact, Keeper
from app.typed_texts import no_resident_number


class ContactForm(FlaskForm):
    """`was_…`: what the registration had when the form was filled."""

    was_phone = HiddenField()
    was_address = HiddenField()
    phone = StringField(_l("Phone"), filters=[one_line], validators=[Length(max=40)])
    address = StringField(_l("E-mail address"), filters=[one_line], validators=[Length(max=320)])
    reason = StringField(
        filters=[one_line],
        validators=[
            no_resident_number,
            Length(max=attendee.LONGEST_REASON, message=_l("At most %(max)d characters, please.")),
        ],
    )

    @property
    def shown(self) -> Contact:
        return Contact(self.was_phone.data or "", self.was_address.data or "")

    def catch_up(self, now: Contact) -> None:
        """To what stands now, all but what was typed."""
        for part in contacts.PARTS:
            typed, was = self[part.value], self[f"was_{part.value}"]
            if (typed.data or "") == (was.data or ""):
                typed.data = now.of(part)
            was.data = now.of(part)


@bp.post(f"{attendee.ONE}/contact")
@access.member(Role.ORGANIZER)
def correct_contact(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """Whoever helps at this meetup alone corrects the phone: whose an address is, the programme's people alone may know."""
    meetup, form = access.meetup_of(program, slug), ContactForm()
    registration = attendee.registration_of(meetup, reference)
    if registration.person.erased_at:
        abort(404)
    if not access.runs_program():
        form.address.data = form.was_address.data = registration.address
    if not form.validate():
        return attendee.page(program, meetup, registration, contacting=form), 422
    keeper = Keeper(access.me().id, _("What stood there before")) if access.runs_program() else None
    try:
        wanted = contacts.read(Contact(form.phone.data or "", form.address.data or ""), form.shown)
        parts, back = contacts.correct(
            registration, wanted, form.shown, access.current_actor(), form.reason.data or "", keeper
        )
    except DomainError as refusal:
        registration = attendee.registration_of(meetup, reference)
        _note(form, refusal, registration)
        return attendee.page(program, meetup, registration, contacting=form), 422
    _tell(parts, attendee.registration_of(meetup, reference))
    there = attendee.address_of(program, slug, reference)
    if back:
        there += f"{'&' if '?' in there else '?'}back={back}"
    return redirect(there, 303)


def _note(form: ContactForm, refusal: DomainError, registration: Registration) -> None:
    """At the field that it is about."""
    if isinstance(refusal, Unusable):
        for name, problem in refusal.problems.items():
            form[name].errors = [explain(problem)]
    elif refusal.code in {"bad_address", "address_taken"}:
        form.address.errors = [explain(refusal)]
    elif refusal.code == "cell_changed_meanwhile":
        form.catch_up(contacts.contact_of(registration))
        form.form_errors.append(sentence("contact_changed_meanwhile"))
    else:
        form.form_errors.append(explain(refusal))


def _tell(parts: tuple[Part, ...], registration: Registration) -> None:
    if not parts:
        flash(_("Nothing was changed."), "info")
        return
    flash(_("The contact details are corrected."))
    if Part.ADDRESS in parts and own_links.is_ahead(registration):
        flash(
            _(
                "The mail with their link and ticket goes to %(address)s. The former ones no longer work.",
                address=registration.address,
            ),
            "info",
        )
