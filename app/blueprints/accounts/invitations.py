"""Accepting a mailed invitation: the link proves the address, so accepting signs in."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.accounts.blueprint import bp, browser, held_session, take_session
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.refusals import explain
from app.services.staff import invitations


@bp.get("/invitations/<token>")
@access.public
def invitation(token: str) -> ResponseReturnValue:
    try:
        found = invitations.by_token(token)
    except DomainError as refusal:
        return _unusable(refusal)
    return render_template("accounts/invitation.html", invitation=found)


@bp.post("/invitations/<token>")
@access.public
def accept_invitation(token: str) -> ResponseReturnValue:
    try:
        session_token, accepted = invitations.accept(
            token, locale=current_locale(), user_agent=browser(), ending=held_session()
        )
    except DomainError as refusal:
        return _unusable(refusal)
    take_session(session_token)
    flash(_("Welcome! You're signed in."), "success")
    program, meetup = accepted.program.slug, accepted.meetup
    if meetup:
        return redirect(url_for("meetups.show", program=program, slug=meetup.slug), 303)
    return redirect(url_for("programs.show", program=program), 303)


def _unusable(refusal: DomainError) -> Response:
    page = render_template(
        "accounts/unusable_invitation.html", reason=explain(refusal), used=refusal.code == "invitation_used"
    )
    return make_response(page, 404 if refusal.code == "invitation_unknown" else 410)
