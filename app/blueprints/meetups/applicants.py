"""Approval at the desk: who applied, a decision about many at once with a look at whom it reaches, and taking back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access, answer_words
from app.db import db
from app.domain.errors import DomainError
from app.domain.seating.pools import seated
from app.models import Meetup, Program, Role
from app.numbers import query_number
from app.refusals import explain
from app.services.organizing import attendee, attendees, looks
from app.services.seating import approvals, seat_counts
from app.services.seating.approvals import Decided

from .routes import bp
from .seat_forms import LONGEST_NOTE, DecisionForm

APPLICANTS = "/desk/<program>/meetups/<slug>/applicants"
PAGE, REFUSED = 200, 50


@bp.get(APPLICANTS)
@access.member(Role.ORGANIZER)
def applicants(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post(f"{APPLICANTS}/preview")
@access.member(Role.ORGANIZER)
def preview_decision(program: Program, slug: str) -> ResponseReturnValue:
    """Whom the decision would reach. Nothing is decided yet."""
    meetup, form = access.meetup_of(program, slug), DecisionForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    if not request.form.getlist("who"):
        form.form_errors.append(_("Tick the people whom you decide about."))
        return _page(program, meetup, form), 422
    return _preview(program, meetup, form)


@bp.post(f"{APPLICANTS}/decisions")
@access.member(Role.ORGANIZER)
def decide(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), DecisionForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    try:
        decided = approvals.decide(meetup.id, form.wish(request.form.getlist("who")), access.current_actor())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _preview(program, meetup, form), 422
    flash(_said(decided))
    return redirect(url_for(".applicants", program=program.slug, slug=slug), 303)


@bp.post(f"{APPLICANTS}/<reference>/reopening")
@access.member(Role.ORGANIZER)
def take_back(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """A refusal is taken back; the person is told. Back to the page on which that was asked for."""
    registration = attendee.find(access.meetup_of(program, slug).id, reference) or abort(404)
    try:
        approvals.take_back(registration.id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("Taken back. The person is told by mail."))
    page = ".claims" if request.form.get("page") == "claims" else ".applicants"
    return redirect(url_for(page, program=program.slug, slug=slug), 303)


def _said(decided: Decided) -> str:
    parts = [
        (ngettext("%(num)d person got a seat.", "%(num)d people got a seat.", decided.seated), decided.seated),
        (ngettext("%(num)d person waits in line.", "%(num)d people wait in line.", decided.waiting), decided.waiting),
        (ngettext("%(num)d person was not selected.", "%(num)d people were not selected.", decided.declined), decided.declined),
        (
            ngettext(
                "%(num)d person had withdrawn or was decided about already.",
                "%(num)d people had withdrawn or were decided about already.",
                decided.gone,
            ),
            decided.gone,
        ),
    ]  # fmt: skip
    return " ".join(said for said, number in parts if number)


def _preview(program: Program, meetup: Meetup, form: DecisionForm) -> str:
    chosen = approvals.chosen(meetup.id, frozenset(request.form.getlist("who")))
    seating = seat_counts.seating_of(db.session(), meetup)
    return render_template(
        "meetups/decision.html",
        program=program,
        meetup=meetup,
        form=form,
        chosen=chosen,
        seating=seating,
        fits=len(seated(seating.free, seating.kept, seat_counts.parties_of(db.session(), meetup, chosen))),
        longest_note=LONGEST_NOTE,
    )


def _page(program: Program, meetup: Meetup, form: DecisionForm | None = None) -> str:
    start, cohort_id = query_number("start", 0), query_number("cohort")
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = approvals.applicants(meetup.id, cohort_id, start=start, size=PAGE)
    return render_template(
        "meetups/applicants.html",
        program=program,
        meetup=meetup,
        rows=rows[:PAGE],
        answers=answer_words.to_choose_by(meetup, [row.id for row in rows[:PAGE]]),
        more=len(rows) > PAGE,
        start=start,
        step=PAGE,
        cohort_id=cohort_id,
        by_cohort=approvals.counts_by_cohort(meetup.id),
        cohorts=attendees.cohorts_of(meetup.id),
        refused=approvals.not_selected(meetup.id, REFUSED),
        seating=seat_counts.seating_of(db.session(), meetup),
        form=form or DecisionForm(formdata=None),
        ticked=set(request.form.getlist("who")),
    )
