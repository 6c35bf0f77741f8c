"""An owner decides whether the programme's desk asks for passkeys."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.accounts.blueprint import bp, held_session
from app.domain.errors import DomainError
from app.models import Program, Role
from app.refusals import explain
from app.services.staff import passkey_rules as service

PASSKEYS = "/desk/<program>/people/passkeys"


@bp.post(PASSKEYS)
@access.member(Role.OWNER)
def ask_for_passkeys(program: Program) -> ResponseReturnValue:
    slug = program.slug
    try:
        service.ask_for(program.id, by=access.me().id, session_token=held_session() or "")
    except DomainError as refusal:
        flash(explain(refusal), "error")
    else:
        flash(_("Members are asked for a passkey. Until the day below they can add one."), "success")
    return redirect(url_for(".members", program=slug, _anchor="passkeys"), 303)


@bp.post(f"{PASSKEYS}/lifting")
@access.member(Role.OWNER)
def lift_passkeys(program: Program) -> ResponseReturnValue:
    slug = program.slug
    try:
        service.lift(program.id, by=access.me().id)
    except DomainError as refusal:
        flash(explain(refusal), "error")
    else:
        flash(_("Passkeys are no longer asked for."), "success")
    return redirect(url_for(".members", program=slug, _anchor="passkeys"), 303)
