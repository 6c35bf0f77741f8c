"""A letter as a message: headers, a text part that says everything, HTML, picture, attachments."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import css_inline
from flask import current_app, render_template

from app.clock import now
from app.domain.addresses import clean_address
from app.models import OutboxMail
from app.services.mails.letters import Attachment, Letter

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def compose(mail: OutboxMail, letter: Letter) -> EmailMessage:
    """Write the letter in the current language. Sent again, it keeps its Message-ID."""
    subject, _, text = render_template(f"emails/{letter.template}.txt", **letter.values).partition("\n")
    html = render_template(f"emails/{letter.template}.html", subject=subject, **letter.values)
    message = EmailMessage(SMTP)
    _address(message, mail, letter)
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.locale
    message.set_content(_tidy(text), cte="base64")
    message.add_alternative(_inliner.inline(html), subtype="html", cte="base64")
    for picture in letter.pictures:
        _show(message, picture)
    for attachment in letter.attachments:
        _attach(message, attachment)
    return message


def one_line(text: str) -> str:
    """A header's text: whatever was typed, no line break gets out of it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(message: EmailMessage, mail: OutboxMail, letter: Letter) -> None:
    message["From"] = current_app.config["SETTINGS"].MAIL_FROM
    message["To"] = Address(addr_spec=mail.address)
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=clean_address(letter.reply_to))


def _show(message: EmailMessage, picture: Attachment) -> None:
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)  # noqa: S101 - added just before
    main, sub = picture.media_type.split("/")
    html.add_related(picture.data, main, sub, cid=f"<{picture.name}>", filename=picture.name)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, sub = attachment.media_type.split("/")
    if main == "text":
        text = attachment.data.decode()
        message.add_attachment(text, sub, "utf-8", cte="base64", filename=attachment.name)
    else:
        message.add_attachment(attachment.data, main, sub, filename=attachment.name)


def _tidy(text: str) -> str:
    """At most one empty line in a row, none at the ends."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
