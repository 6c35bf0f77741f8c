"""Who has an account here, what it may do, and taking that away."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.installation.blueprint import bp, is_fresh
from app.domain.errors import DomainError
from app.refusals import explain
from app.services.staff import all_accounts


@bp.get("/accounts")
@access.founder
def accounts() -> ResponseReturnValue:
    return _page()


@bp.post("/accounts/<int:account_id>/sign-out")
@access.founder
def sign_account_out(account_id: int) -> ResponseReturnValue:
    _require(account_id)
    if not is_fresh():
        return _page(_("First sign in again, below.")), 422
    all_accounts.sign_out(account_id, access.me().id)
    flash(_("Signed out everywhere."))
    return redirect(url_for(".accounts"), 303)


@bp.post("/accounts/<int:account_id>/founding")
@access.founder
def make_founder(account_id: int) -> ResponseReturnValue:
    _require(account_id)
    if not is_fresh():
        return _page(_("First sign in again, below.")), 422
    all_accounts.make_founder(account_id, access.me().id)
    flash(_("They run this installation, too, from now on."))
    return redirect(url_for(".accounts"), 303)


@bp.post("/accounts/<int:account_id>/rights")
@access.founder
def take_rights(account_id: int) -> ResponseReturnValue:
    _require(account_id)
    if not is_fresh():
        return _page(_("First sign in again, below.")), 422
    try:
        all_accounts.take_all_rights(account_id, access.me().id)
    except DomainError as refusal:
        return _page(explain(refusal)), 422
    flash(_("All rights are taken away. An owner can invite them again."))
    return redirect(url_for(".accounts"), 303)


def _require(account_id: int) -> None:
    if all_accounts.find(account_id) is None:
        abort(404)


def _page(error: str = "") -> str:
    lines = all_accounts.page(request.args.get("after", ""))
    return render_template(
        "installation/accounts.html",
        lines=lines[: all_accounts.PAGE],
        next=lines[all_accounts.PAGE - 1].account.address_key if len(lines) > all_accounts.PAGE else None,
        mine=access.me().id,
        fresh=is_fresh(),
        error=error,
    )
