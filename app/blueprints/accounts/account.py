"""One's own account: name, language of mails, signed-in browsers, programmes."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app import access
from app.blueprints.accounts.blueprint import bp, held_session, is_this_browser
from app.blueprints.accounts.forms import AccountForm
from app.db import db
from app.domain.errors import DomainError
from app.models import Meetup, MeetupMembership, Membership, Program, Role
from app.refusals import explain
from app.services.staff import accounts, browser_sessions, members, passkeys


@bp.get("/desk/account")
@access.signed_in
def account() -> ResponseReturnValue:
    return _page(AccountForm(obj=access.me()))


@bp.post("/desk/account")
@access.signed_in
def edit_account() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate():
        return _page(form), 422
    accounts.update(access.me().id, name=form.name.data or "", locale=form.locale.data)
    flash(_("Saved."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/desk/account/sessions/<int:session_id>/end")
@access.signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    try:
        browser_sessions.end(access.me().id, session_id)
    except DomainError:
        abort(404)
    flash(_("That browser is signed out."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/desk/account/sessions/others/end")
@access.signed_in
def end_other_sessions() -> ResponseReturnValue:
    browser_sessions.end_others(access.me().id, keep=held_session() or "")
    flash(_("All other browsers are signed out."), "success")
    return redirect(url_for(".account"), 303)


@bp.post("/desk/<program>/people/leaving")
@access.member(Role.VIEWER)
def leave(program: Program) -> ResponseReturnValue:
    try:
        members.leave(program.id, access.me().id)
    except DomainError as refusal:
        form = AccountForm(formdata=None, obj=access.me())
        form.form_errors.append(explain(refusal))
        return _page(form), 422
    flash(_("You left the programme."), "success")
    return redirect(url_for(".account"), 303)


def page(*, problem: str) -> str:
    """The page after something else on it was refused."""
    form = AccountForm(formdata=None, obj=access.me())
    form.form_errors.append(problem)
    return _page(form)


def _page(form: AccountForm) -> str:
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.program)
        .options(joinedload(Membership.program, innerjoin=True))
        .where(Membership.account_id == access.me().id)
        .order_by(Program.slug)
    ).all()
    at_meetups = db.session.scalars(
        select(MeetupMembership)
        .join(MeetupMembership.meetup)
        .options(contains_eager(MeetupMembership.meetup).joinedload(Meetup.program, innerjoin=True))
        .where(MeetupMembership.account_id == access.me().id)
        .order_by(Meetup.starts_at.desc(), Meetup.id)
    ).all()
    return render_template(
        "accounts/account.html",
        form=form,
        sessions=[(row, is_this_browser(row)) for row in browser_sessions.live_of(access.me().id)],
        memberships=memberships,
        passkeys=passkeys.of_account(access.me().id),
        at_meetups=at_meetups,
    )
