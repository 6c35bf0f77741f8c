"""The page of sent mails: a development convenience, in debug mode only."""

from __future__ import annotations

import base64
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import access
from app.blueprints.site.routes import bp
from app.db import db
from app.mail_words import KINDS, STATES
from app.models import OutboxMail

LISTED = 100
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@bp.get("/outbox")
@access.debug_only
def outbox() -> ResponseReturnValue:
    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(LISTED)).all()
    return render_template(
        "site/outbox.html", mails=[(mail, _read(mail)) for mail in mails], states=STATES, kinds=KINDS
    )


@bp.get("/outbox/<int:mail_id>")
@access.debug_only
def outbox_mail(mail_id: int) -> ResponseReturnValue:
    mail = db.session.get(OutboxMail, mail_id)
    if mail is None:
        abort(404)
    message = _read(mail)
    return render_template(
        "site/outbox_mail.html",
        mail=mail,
        message=message,
        state=STATES[mail.state][0],
        mail_kind=KINDS.get(mail.kind, mail.kind),
        has_html=bool(message and message.get_body(("html",))),
        text=_text(message) if message else "",
        files=[part.get_filename() for part in message.walk() if part.get_filename()] if message else [],
    )


@bp.get("/outbox/<int:mail_id>/html")
@access.debug_only
def outbox_html(mail_id: int) -> ResponseReturnValue:
    """The HTML part alone, as a mail program would show it: nothing runs, nothing is fetched."""
    mail = db.session.get(OutboxMail, mail_id)
    message = _read(mail) if mail else None
    if message is None or (part := message.get_body(("html",))) is None:
        abort(404)
    response = Response(_with_pictures(str(part.get_content()), message), mimetype="text/html")
    response.headers["Content-Security-Policy"] = HTML_POLICY
    return response


def _with_pictures(html: str, message: EmailMessage) -> str:
    """Attached pictures (cid:) stand in the page itself."""
    for part in message.walk():
        if (name := str(part["Content-ID"] or "").strip("<>")) and part.get_content_maintype() == "image":
            picture = base64.b64encode(bytes(part.get_content())).decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{picture}")
    return html


def _read(mail: OutboxMail) -> EmailMessage | None:
    """What was sent, as it was sent; None while it waits."""
    if not mail.copy:
        return None
    message = message_from_string(mail.copy, policy=SMTP)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what this policy makes
    return message


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""
