"""What somebody says to an organizer, kept for them: other answers than before, and a consent that they take back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from app import access, answer_forms
from app.answer_forms import AnswersForm
from app.blueprints.exports import attendee
from app.blueprints.exports.attendee import ReasonForm
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.registering.answers import Typed
from app.models import Meetup, Program, Registration, Role
from app.refusals import explain
from app.services.organizing import looks
from app.services.registering import answers, consents, question_sets

ANSWERS = f"{attendee.ONE}/answers"


class WithdrawalForm(ReasonForm):
    """`key`: of the consent. The reason says who asked, and how."""

    key = HiddenField()


@bp.get(ANSWERS)
@access.member(Role.ORGANIZER)
def attendee_answers(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    registration = attendee.registration_of(meetup, reference)
    if not (meetup.questions_version and answers.may_record(registration)):
        return attendee.back(program, slug, reference)
    return _page(program, meetup, registration, AnswersForm())


@bp.post(ANSWERS)
@access.member(Role.ORGANIZER)
def record_answers(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), AnswersForm()
    registration = attendee.registration_of(meetup, reference)
    typed, shown = answer_forms.typed_by_party(registration), request.form.get("questions", 0, type=int)
    seen, actor = answer_forms.seen(), access.current_actor()
    try:
        changed = answers.change(registration.id, typed, shown=shown, seen=seen, actor=actor)
    except DomainError as refusal:
        form.note(refusal, question_sets.current(meetup))
        registration = attendee.registration_of(meetup, reference)
        return _page(program, meetup, registration, form, typed), 422
    flash(_("Saved.") if changed else _("Nothing to change."))
    return attendee.back(program, slug, reference)


@bp.post(f"{attendee.ONE}/consents/withdrawal")
@access.member(Role.ORGANIZER)
def withdraw_consent(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """As easy as giving it was; only the person gives one."""
    meetup, form = access.meetup_of(program, slug), WithdrawalForm()
    registration = attendee.registration_of(meetup, reference)
    if registration.person.erased_at:
        abort(404)
    if not form.validate():
        return attendee.page(program, meetup, registration, withdrawing=form), 422
    try:
        actor, reason = access.current_actor(), form.reason.data or ""
        changed = consents.withdraw(registration.id, form.key.data or "", actor, reason)
    except DomainError as refusal:
        form.reason.errors = [explain(refusal)]
        registration = attendee.registration_of(meetup, reference)
        return attendee.page(program, meetup, registration, withdrawing=form), 422
    if changed:
        flash(_("The consent is withdrawn."))
    else:
        flash(_("This consent doesn't stand any more."), "info")
    return redirect(f"{attendee.address_of(program, slug, reference)}#consents-title", 303)


def _page(
    program: Program,
    meetup: Meetup,
    registration: Registration,
    form: AnswersForm,
    typed: dict[int, Typed] | None = None,
) -> str:
    """The questions with the answers of now, and with what was typed where it was refused."""
    looks.at_attendee(program.id, registration.id, access.current_actor())
    return render_template(
        "exports/answers.html",
        program=program,
        meetup=meetup,
        registration=registration,
        form=form,
        back=attendee.address_of(program, meetup.slug, registration.reference),
        party=answer_forms.party(registration, typed, at_desk=True),
    )
