"""Passkeys at one's account and at signing in. The browser asks for a challenge, answers it, and sends an ordinary form."""

from __future__ import annotations

from collections.abc import Callable

from flask import (
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.accounts.account import page as account_page
from app.blueprints.accounts.blueprint import bp, browser, held_session, take_session
from app.blueprints.accounts.forms import SignInForm
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.refusals import explain
from app.services.staff import passkeys as service
from app.visitors import client

CHALLENGE = "passkey"  # the challenge that this browser was given last
ONE = "/desk/account/passkeys/<int:passkey_id>"


@bp.post("/desk/account/passkeys/options")
@access.signed_in
def passkey_options() -> ResponseReturnValue:
    return _challenged(lambda: service.begin_adding(access.me().id, held_session() or ""))


@bp.post("/desk/account/passkeys")
@access.signed_in
def add_passkey() -> ResponseReturnValue:
    """Back to `next` where the gate of a programme led here."""
    next_path = local_path(request.form.get("next"))
    try:
        service.add(
            access.me().id, held_session() or "", _challenge(), _answer(), request.form.get("name", "")
        )
    except DomainError as refusal:
        return _refused(refusal, next_path)
    flash(_("The passkey is added. Other browsers were signed out."), "success")
    return redirect(next_path or url_for(".account", _anchor="passkeys"), 303)


@bp.post(f"{ONE}/name")
@access.signed_in
def rename_passkey(passkey_id: int) -> ResponseReturnValue:
    return _changed(
        lambda: service.rename(access.me().id, passkey_id, request.form.get("name", "")), _("Saved.")
    )


@bp.post(f"{ONE}/removal")
@access.signed_in
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    return _changed(
        lambda: service.remove(access.me().id, held_session() or "", passkey_id),
        _("The passkey is deleted here. Other browsers were signed out; delete it on the device, too."),
    )


@bp.get("/desk/passkey")
@access.signed_in
def passkey_gate() -> ResponseReturnValue:
    """Where whoever has not shown a passkey is led by what asks for one; with `again`, also who showed theirs a while ago."""
    next_path = local_path(request.args.get("next"))
    if access.showed_passkey() and "again" not in request.args:
        return redirect(next_path or url_for("programs.index"))
    return _gate(next_path)


@bp.post("/desk/passkey/options")
@access.signed_in
def passkey_proof_options() -> ResponseReturnValue:
    return _challenged(lambda: service.begin_proving(access.me().id))


@bp.post("/desk/passkey")
@access.signed_in
def prove_passkey() -> ResponseReturnValue:
    next_path = local_path(request.form.get("next"))
    try:
        service.prove(access.me().id, held_session() or "", _challenge(), _answer())
    except DomainError as refusal:
        return _gate(next_path, explain(refusal)), 422
    return redirect(next_path or url_for("programs.index"), 303)


@bp.post("/sign-in/passkey/options")
@access.public
def sign_in_passkey_options() -> ResponseReturnValue:
    return _challenged(lambda: service.begin_sign_in(client()))


@bp.post("/sign-in/passkey")
@access.public
def sign_in_by_passkey() -> ResponseReturnValue:
    next_path = local_path(request.form.get("next"))
    try:
        token = service.sign_in(_challenge(), _answer(), user_agent=browser(), ending=held_session())
    except DomainError as refusal:
        form = SignInForm(formdata=None, data={"next": next_path or ""})
        form.form_errors.append(explain(refusal))
        return render_template("accounts/sign_in.html", form=form), 422
    take_session(token)
    return redirect(next_path or url_for("programs.index"), 303)


def _challenged(begin: Callable[[], tuple[str, str]]) -> Response:
    """The options as JSON; the challenge stays with this browser, and the one before is forgotten."""
    try:
        session[CHALLENGE], options = begin()
    except DomainError as refusal:
        return make_response(jsonify(reason=explain(refusal)), 409)
    return Response(options, mimetype="application/json")


def _challenge() -> str:
    return str(session.pop(CHALLENGE, ""))


def _answer() -> str:
    return request.form.get("answer", "")


def _changed(act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refusal:
        status = 404 if refusal.code == "no_such_passkey" else 422
        return account_page(problem=explain(refusal)), status
    flash(said, "success")
    return redirect(url_for(".account", _anchor="passkeys"), 303)


def _refused(refusal: DomainError, next_path: str | None) -> ResponseReturnValue:
    if next_path:
        return _gate(next_path, explain(refusal)), 422
    return account_page(problem=explain(refusal)), 422


def _gate(next_path: str | None, problem: str = "") -> str:
    return render_template(
        "accounts/passkey_gate.html",
        passkeys=service.of_account(access.me().id),
        next_path=next_path or "",
        problem=problem,
    )
