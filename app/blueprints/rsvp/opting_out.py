"""No more mails that nobody asked for, by the link in each of them: a page with one button, or one press in the mail
program (RFC 8058). Neither says whether the programme knows the address."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.routes import bp
from app.db import db
from app.extensions import csrf
from app.models import Program
from app.services.mails import opt_outs

LINK = "/opt-outs/<int:program_id>/<address_hash>/<secret>"


@bp.get(LINK)
@access.declared("proof_link")
def opting_out(program_id: int, address_hash: str, secret: str) -> ResponseReturnValue:
    """A button: whoever opens links to look at them, as mail scanners do, changes nothing."""
    return _page(_program(program_id, address_hash, secret), address_hash, secret)


@bp.post(LINK)
@access.declared("proof_link")
def opt_out(program_id: int, address_hash: str, secret: str) -> ResponseReturnValue:
    """A mail program posts without a page, a cookie or a token, and follows no redirect: the link is all that it has."""
    program = _program(program_id, address_hash, secret)
    opt_outs.opt_out(program.id, address_hash)
    return _page(_program(program_id, address_hash, secret), address_hash, secret)


csrf.exempt(opt_out)


@bp.post(f"{LINK}/return")
@access.declared("proof_link")
def opt_in(program_id: int, address_hash: str, secret: str) -> ResponseReturnValue:
    program = _program(program_id, address_hash, secret)
    opt_outs.opt_in(program.id, address_hash)
    return _page(_program(program_id, address_hash, secret), address_hash, secret, is_back=True)


def _program(program_id: int, address_hash: str, secret: str) -> Program:
    found = (
        db.session.get(Program, program_id) if opt_outs.is_link(program_id, address_hash, secret) else None
    )
    return found or abort(404)


def _page(program: Program, address_hash: str, secret: str, *, is_back: bool = False) -> str:
    return render_template(
        "rsvp/opting_out.html",
        program=program,
        link={"program_id": program.id, "address_hash": address_hash, "secret": secret},
        is_out=opt_outs.is_out(program.id, address_hash),
        is_back=is_back,
    )
