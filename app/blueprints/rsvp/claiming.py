"""Asking for a list check, by the link in the mail that said that an address is on no list."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, answer_forms
from app.blueprints.rsvp import texts
from app.blueprints.rsvp.forms import ClaimForm
from app.blueprints.rsvp.routes import bp, personal_path, public_meetup
from app.domain.errors import DomainError
from app.domain.registering.answers import Answering, asked_of
from app.i18n import current_locale
from app.models import AddressProof, Meetup, Registration
from app.refusals import explain
from app.services.registering import claims
from app.services.seating.windows import why_closed

LINK = "/m/<slug>/list-checks/<uid>/<secret>"


@bp.get(LINK)
@access.declared("proof_link")
def list_check(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    """The form; opening it asks for nothing yet."""
    return _answer(slug, uid, secret, None)


@bp.post(LINK)
@access.declared("proof_link")
def ask_for_list_check(slug: str, uid: str, secret: str) -> ResponseReturnValue:
    meetup, form = public_meetup(slug), ClaimForm()
    form.offer(meetup)
    try:
        if form.validate() and (registration := _opened(meetup, uid, secret, form)):
            return redirect(personal_path(registration), 303)
    except DomainError as refusal:
        return _refused(meetup, refusal)
    return _answer(slug, uid, secret, form)


def _opened(meetup: Meetup, uid: str, secret: str, form: ClaimForm) -> Registration | None:
    """The registration that holds the rank from now on; None where something is to be mended, which the form then says."""
    try:
        return claims.open_check(
            meetup.id,
            uid,
            secret,
            form.statement(),
            locale=current_locale(),
            said=texts.said(meetup, lambda: form.cohort_id),
        )
    except DomainError as refusal:
        if refusal.code in {"proof_unknown", "claim_link_over", "claim_not_needed", "claim_asked"}:
            raise
        form.note(refusal, texts.questions_of(meetup))
        return None


def _answer(slug: str, uid: str, secret: str, form: ClaimForm | None) -> ResponseReturnValue:
    meetup = public_meetup(slug)
    try:
        proof = claims.require_link(meetup.id, uid, secret)
        claims.require_unasked(proof)
    except DomainError as refusal:
        return _refused(meetup, refusal)
    page = _page(meetup, proof, form)
    return (page, 422) if form else page


def _page(meetup: Meetup, proof: AddressProof, form: ClaimForm | None) -> str:
    form = form or ClaimForm()
    form.offer(meetup)
    reason, notice, questions = why_closed(meetup), texts.notice_of(meetup), texts.questions_of(meetup)
    sent = request.method == "POST"
    return render_template(
        "rsvp/list_check.html",
        meetup=meetup,
        address=proof.address,
        closed=explain(DomainError(reason)) if reason else None,
        notice=notice,
        questions=asked_of(questions, Answering(cohort=form.cohort_id, consents=notice.boxes)),
        typed=answer_forms.typed(questions) if sent else {},
        prefix=answer_forms.prefix(0),
        ticked=texts.ticked(notice) if sent else {},
        form=form,
    )


def _refused(meetup: Meetup, refusal: DomainError) -> ResponseReturnValue:
    if refusal.code == "proof_unknown":
        abort(404)
    status = 410 if request.method == "GET" else 422
    again = url_for(".show", slug=meetup.slug) + "#register"
    return render_template(
        "rsvp/list_check_over.html", meetup=meetup, said=explain(refusal), again=again, title=_("List check")
    ), status
