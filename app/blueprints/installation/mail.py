"""How mails go out, at the desk: tried before it is kept, and back to the environment's at any time."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import access
from app.blueprints.installation.blueprint import bp, is_fresh
from app.domain.errors import DomainError
from app.refusals import explain
from app.services.mails import mail_server
from app.services.mails.mail_server import Typed

SCHEMES = (
    ("smtp+starttls", _l("STARTTLS, required (mostly port 587)")),
    ("smtps", _l("TLS from the first byte (mostly port 465)")),
    ("smtp", _l("STARTTLS where it is offered (mostly port 25)")),
)
LONGEST = 1000


@bp.get("/mail")
@access.founder
def mail() -> ResponseReturnValue:
    return _page(_kept())


@bp.post("/mail")
@access.founder
def set_mail() -> ResponseReturnValue:
    names = ("scheme", "host", "port", "user", "password", "sender")
    given = {name: request.form.get(name, "")[:LONGEST] for name in names}
    typed = Typed(**{name: text if name == "password" else text.strip() for name, text in given.items()})
    if not is_fresh():
        return _page(typed), 422
    try:
        mail_server.save(typed, access.current_actor())
    except DomainError as refusal:
        return _page(typed, explain(refusal), refusal.params.get("said", "")), 422
    flash(_("The mail server let us in, and mails go out by it from now on."), "success")
    return redirect(url_for(".mail"), 303)


@bp.post("/mail/environment")
@access.founder
def clear_mail() -> ResponseReturnValue:
    if not is_fresh():
        return _page(_kept()), 422
    mail_server.clear(access.current_actor())
    flash(_("Mails go out by the server's own settings again."), "success")
    return redirect(url_for(".mail"), 303)


def _kept() -> Typed:
    way = mail_server.current()
    server = way.server if way.is_own else None
    if server is None:
        return Typed("smtp+starttls", "", "", "", "", way.sender)
    return Typed(server.scheme, server.host, str(server.port), server.user, "", way.sender)


def _page(typed: Typed, error: str = "", said: str = "") -> str:
    way = mail_server.current()
    return render_template(
        "installation/mail.html",
        way=way,
        host=way.server.host if way.server else "",
        typed=typed,
        schemes=SCHEMES,
        fresh=is_fresh(),
        error=error,
        said=said,
    )
