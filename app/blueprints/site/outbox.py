"""The page of sent mails: a development convenience, in debug mode only."""

from __future__ import annotations

from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import access
from app.blueprints.site.routes import bp
from app.db import db
from app.models import OutboxMail

LISTED = 100


@bp.get("/outbox")
@access.debug_only
def outbox() -> ResponseReturnValue:
    mails = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(LISTED)).all()
    return render_template("site/outbox.html", mails=[(mail, _read(mail)) for mail in mails])


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
        text=_text(message) if message else "",
        files=[part.get_filename() for part in message.walk() if part.get_filename()] if message else [],
    )


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
