"""The fee at the desk: its terms, who has paid, a bank's list, what goes back."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app import access
from app.db import db
from app.domain.errors import DomainError
from app.domain.fees.terms import Terms
from app.domain.fees.transfers import counts
from app.domain.meetup_drafts import Unusable
from app.given_files import source_of
from app.models import Meetup, Program, Registration, Role
from app.numbers import query_number
from app.refusals import explain
from app.services.fees import lists, payments, terms
from app.services.organizing import looks

from .fee_forms import FeeForm, TransfersForm, bookings, shown
from .routes import bp

FEE = "/desk/<program>/meetups/<slug>/fee"
PAGE, REFUNDS = 100, 500


@bp.get(FEE)
@access.member(Role.ORGANIZER)
def fee(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if terms.of_meetup(meetup.id) is None:
        return redirect(url_for(".fee_terms", program=program.slug, slug=slug))
    return _page(program, meetup, TransfersForm())


@bp.get(f"{FEE}/terms")
@access.member(Role.ORGANIZER)
def fee_terms(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    found = terms.of_meetup(meetup.id)
    form = FeeForm(formdata=None, data=shown(found.terms if found else Terms(), meetup))
    return _terms_page(program, meetup, form)


@bp.post(f"{FEE}/terms")
@access.member(Role.ORGANIZER)
def save_fee_terms(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), FeeForm()
    try:
        if not form.validate():
            return _terms_page(program, meetup, form), 422
        terms.save(meetup.id, form.terms(meetup), access.current_actor())
    except Unusable as refusal:
        form.note(refusal)
        return _terms_page(program, access.meetup_of(program, slug), form), 422
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _terms_page(program, access.meetup_of(program, slug), form), 422
    flash(_("Saved."))
    return redirect(url_for(".fee", program=program.slug, slug=slug), 303)


@bp.post(f"{FEE}/transfers")
@access.member(Role.ORGANIZER)
def match_transfers(program: Program, slug: str) -> ResponseReturnValue:
    """Whose each line is; nothing is kept of the list, nothing changed."""
    meetup, form = access.meetup_of(program, slug), TransfersForm()
    found = terms.of_meetup(meetup.id)
    if found is None:
        return redirect(url_for(".fee_terms", program=program.slug, slug=slug), 303)
    if not form.validate():
        return _page(program, meetup, form), 422
    try:
        matched, left_out = lists.matched(meetup, found, source_of(form))
    except DomainError as refusal:
        form.paste.errors = [explain(refusal)]
        return _page(program, meetup, form), 422
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    return render_template(
        "meetups/fee_transfers.html",
        program=program,
        meetup=meetup,
        matched=matched,
        counts=counts(matched),
        left_out=left_out,
    )


@bp.post(f"{FEE}/bookings")
@access.member(Role.ORGANIZER)
def book_transfers(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    chosen = bookings(request.form, request.form.getlist("line"))
    try:
        number, batch = payments.book_all(meetup.id, chosen, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        number, batch = 0, ""
    else:
        flash(ngettext("%(num)s transfer is booked.", "%(num)s transfers are booked.", number))
    return redirect(
        url_for(".fee", program=program.slug, slug=slug, undo=batch if number else None, number=number), 303
    )


@bp.post(f"{FEE}/bookings/undo")
@access.member(Role.ORGANIZER)
def undo_bookings(program: Program, slug: str) -> ResponseReturnValue:
    meetup, batch = access.meetup_of(program, slug), request.form.get("batch", "")[:64]
    number = payments.take_back_all(meetup.id, batch, access.current_actor())
    flash(ngettext("%(num)s booking was undone.", "%(num)s bookings were undone.", number), "info")
    return redirect(url_for(".fee", program=program.slug, slug=slug), 303)


@bp.post(f"{FEE}/<reference>/payment")
@access.member(Role.ORGANIZER)
def book_fee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """One person's: it came in, nothing is wanted of them, or it did not come after all."""
    said = request.form.get("fee", "")
    acts: dict[str, Callable[[int, str], None]] = {
        "paid": lambda row, actor: payments.book(row, None, actor),
        "waived": lambda row, actor: payments.book(row, 0, actor),
        "open": payments.take_back,
        "kept": lambda row, actor: payments.keep(row, actor, kept=True),
        "not_kept": lambda row, actor: payments.keep(row, actor, kept=False),
        "refunded": lambda row, actor: payments.refund(row, actor, done=True),
        "not_refunded": lambda row, actor: payments.refund(row, actor, done=False),
    }
    meetup = access.meetup_of(program, slug)
    row = db.session.scalar(
        select(Registration.id).where(
            Registration.meetup_id == meetup.id, Registration.reference == reference
        )
    )
    if row is None:
        abort(404)
    if said not in acts:
        abort(400)
    try:
        acts[said](row, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    show = "paid" if request.form.get("show") == "paid" else None
    return redirect(url_for(".fee", program=program.slug, slug=slug, show=show), 303)


def _page(program: Program, meetup: Meetup, form: TransfersForm) -> str:
    found = terms.require(meetup.id)
    paid, start = request.args.get("show") == "paid", query_number("start", 0)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = lists.page(found, paid=paid, start=start, size=PAGE)
    return render_template(
        "meetups/fee.html",
        program=program,
        meetup=meetup,
        fee=found,
        form=form,
        sums=lists.sums(meetup.id),
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        paid=paid,
        start=start,
        step=PAGE,
        refunds=lists.to_refund(meetup, found, size=REFUNDS),
        undo=request.args.get("undo", "")[:64],
        undo_number=query_number("number", 0),
    )


def _terms_page(program: Program, meetup: Meetup, form: FeeForm) -> str:
    return render_template(
        "meetups/fee_terms.html",
        program=program,
        meetup=meetup,
        form=form,
        seated=lists.sums(meetup.id).open,
    )
