"""The last step: a look at the name and cohort that the roster has, then the button."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, answer_forms
from app.blueprints.rsvp import hosting, memory, phases, texts
from app.blueprints.rsvp.forms import RegistrationForm
from app.blueprints.rsvp.routes import bp, meetup_seen, personal_path, public_meetup
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.registering.answers import Answering, asked_of
from app.i18n import current_locale
from app.models import Meetup, Registration
from app.refusals import explain
from app.services.registering import eligibility, proofs, registrations
from app.services.registering.proofs import Standing
from app.services.seating.windows import why_closed


@bp.get("/m/<slug>/check")
@access.declared("proved_address")
def check(slug: str) -> ResponseReturnValue:
    meetup = meetup_seen(slug)
    try:
        person = _standing(meetup)
    except DomainError as refusal:
        return _prove_again(meetup, refusal)
    if person.held_id:
        return redirect(personal_path(db.session.get_one(Registration, person.held_id)))
    return _page(meetup, person, RegistrationForm())


@bp.post("/m/<slug>/registrations")
@access.declared("proved_address")
def create(slug: str) -> ResponseReturnValue:
    meetup, form = texts.shown_in_the_request(meetup_seen(slug)), RegistrationForm()
    try:
        if form.validate() and (registration := _registered(meetup, form)):
            phases.note_registered(slug)
            return redirect(personal_path(registration), 303)
        if form.is_of_old_texts:
            meetup = public_meetup(slug)
        return _page(meetup, _standing(meetup), form), 422
    except DomainError as refusal:
        if refusal.code != "proof_expired":
            raise
        return _prove_again(meetup, refusal)


def _registered(meetup: Meetup, form: RegistrationForm) -> Registration | None:
    """The registration; None where something is to be mended, which the form then says."""
    try:
        return registrations.register(
            meetup.id,
            memory.proved(meetup.id),
            phone=form.kept_phone,
            host_entry=hosting.said_in_the_request() if meetup.has_host_event else None,
            locale=current_locale(),
            said=texts.said(meetup, lambda: _standing(meetup).cohort_id),
        )
    except DomainError as refusal:
        if refusal.code == "proof_expired":
            raise
        form.note(refusal, texts.questions_of(meetup))
        return None


def _standing(meetup: Meetup) -> Standing:
    return proofs.standing(db.session(), meetup.id, memory.proved(meetup.id))


def _page(meetup: Meetup, person: Standing, form: RegistrationForm) -> str:
    reason, notice, questions = why_closed(meetup), texts.notice_of(meetup), texts.questions_of(meetup)
    who = Answering(cohort=person.cohort_id, consents=notice.boxes)
    return render_template(
        "rsvp/check.html",
        meetup=meetup,
        person=person,
        cohorts=eligibility.cohorts_of(db.session(), meetup.id, person.person_id),
        why_not=eligibility.why_not(meetup.mode),
        stands=meetup.drawing(now()),
        closed=explain(DomainError(reason)) if reason else None,
        notice=notice,
        questions=asked_of(questions, who),
        typed=answer_forms.typed(questions) if request.method == "POST" else {},
        prefix=answer_forms.prefix(0),
        host_entry=hosting.said_in_the_request(),
        ticked=texts.ticked(notice) if request.method == "POST" else {},
        form=form,
    )


def _prove_again(meetup: Meetup, refusal: DomainError) -> ResponseReturnValue:
    memory.forget(meetup.id)
    flash(explain(refusal), "info")
    return redirect(url_for(".show", slug=meetup.slug), 303)
