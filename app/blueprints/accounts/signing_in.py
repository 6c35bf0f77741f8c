"""Signing in by a mailed link, and out. What the page answers is the same for every address."""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.accounts.blueprint import bp, browser, held_session, take_session
from app.blueprints.accounts.forms import SignInForm
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.i18n import current_locale
from app.refusals import explain
from app.services.staff import browser_sessions, sign_in
from app.visitors import client

ASKED = "sign_in_asked"  # the address that this browser typed, for the page that follows


@bp.get("/sign-in", endpoint="sign_in")
@access.public
def sign_in_page() -> ResponseReturnValue:
    asked_next = local_path(request.args.get("next"))
    if access.current_account():
        return redirect(asked_next or url_for("programs.index"))
    form = SignInForm(address=session.get(ASKED), next=asked_next or "")
    return render_template("accounts/sign_in.html", form=form)


@bp.post("/sign-in")
@access.public
def ask() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        sign_in.ask(
            form.address.data,
            locale=current_locale(),
            client=client(),
            next_path=local_path(form.next.data),
        )
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return render_template("accounts/sign_in.html", form=form), 429
    session[ASKED] = form.address.data
    return redirect(url_for(".asked", next=local_path(form.next.data)), 303)


@bp.get("/sign-in/mail")
@access.public
def asked() -> ResponseReturnValue:
    """Check your mail: the same whatever was typed."""
    address = session.get(ASKED)
    if address is None:
        return redirect(url_for(".sign_in", next=local_path(request.args.get("next"))))
    return render_template(
        "accounts/asked.html", address=address, next_path=local_path(request.args.get("next"))
    )


@bp.get("/sign-in/<token>")
@access.public
def open_link(token: str) -> ResponseReturnValue:
    """A page with a button: mail scanners open links, people press buttons."""
    try:
        holder = sign_in.holder(token)
    except DomainError as refusal:
        return _unusable(refusal)
    return render_template("accounts/open_link.html", holder=holder, action=request.full_path.rstrip("?"))


@bp.post("/sign-in/<token>")
@access.public
def redeem(token: str) -> ResponseReturnValue:
    try:
        session_token = sign_in.redeem(token, user_agent=browser(), ending=held_session())
    except DomainError as refusal:
        return _unusable(refusal)
    take_session(session_token)
    return redirect(local_path(request.args.get("next")) or url_for("programs.index"), 303)


@bp.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    """End the session in the records, not only in this browser. Harmless when signed out already."""
    if token := held_session():
        browser_sessions.sign_out(token)
    session.clear()
    return redirect(url_for("site.home"), 303)


def _unusable(refusal: DomainError) -> Response:
    next_path = local_path(request.args.get("next"))
    page = render_template("accounts/unusable_link.html", reason=explain(refusal), next_path=next_path)
    return make_response(page, 404 if refusal.code == "sign_in_link_unknown" else 410)
