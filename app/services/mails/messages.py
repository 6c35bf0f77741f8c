"""A letter as a message: headers, a text part that says everything, HTML, picture, attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import Header
from email.headerregistry import Address
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

import css_inline
from flask import render_template

from app.clock import now
from app.domain import tokens
from app.domain.writing.addresses import clean_address
from app.models import OutboxMail
from app.services.mails import mail_server, mime
from app.services.mails.letters import Attachment, Letter
from app.services.mails.mime import Part

TEXT, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
PLAIN_LINE = 74  # with the colon and the blank within the 78 of RFC 5322
_inliner = css_inline.CSSInliner(load_remote_stylesheets=False)


def compose(mail: OutboxMail, letter: Letter, opt_out: str | None = None) -> bytes:
    """Write the letter in the current language. Sent again, it keeps its Message-ID.

    `opt_out`: where its reader says that they want no more of these; the foot and the headers name it.
    """
    subject, text, html = rendered(letter, opt_out)
    body = _body(mail, letter, text, _inliner.inline(html))
    policy = SMTP if mail.address.isascii() else SMTPUTF8
    headers = [*_headers(mail, letter, subject), ("Content-Type", body.content_type)]
    lines = b"".join(_header(policy, name, value) for name, value in headers)
    lines += _opting_out(opt_out) if opt_out else b""
    return lines + b"\r\n" + body.body.encode("ascii")


def rendered(letter: Letter, opt_out: str | None = None) -> tuple[str, str, str]:
    """Subject, text part and HTML part, in the current language; where organizers wrote a subject, theirs. Without `opt_out`,
    the foot has the letter's own, if any."""
    values = {**letter.values, "opt_out": opt_out or letter.values.get("opt_out")}
    subject, _, text = render_template(f"emails/{letter.template}.txt", **values).partition("\n")
    subject = letter.values.get("own_subject") or subject
    return subject, _tidy(text), render_template(f"emails/{letter.template}.html", subject=subject, **values)


def _headers(mail: OutboxMail, letter: Letter, subject: str) -> Iterator[tuple[str, str]]:
    yield "From", mail_server.sender()
    yield "To", _mailbox(mail.address)
    if letter.reply_to:
        yield "Reply-To", _mailbox(clean_address(letter.reply_to))
    yield "Subject", one_line(subject)
    yield "Date", format_datetime(now())
    yield "Message-ID", mail.message_id
    yield "Auto-Submitted", "auto-generated"
    yield "Content-Language", mail.locale
    yield "MIME-Version", "1.0"


def _mailbox(address: str) -> str:
    """As a header has it. The parser of Python 3.11 refuses what RFC 6532 allows before the @."""
    local, _, domain = address.rpartition("@")
    return str(Address(addr_spec=address) if local.isascii() else Address(username=local, domain=domain))


def _header(policy: EmailPolicy[Any], name: str, value: str) -> bytes:
    """The header's line. What is short and plain stands as it is: nothing to encode, nothing to fold."""
    if len(name) + len(value) < PLAIN_LINE and value.isascii() and value.isprintable():
        return f"{name}: {value}\r\n".encode("ascii")
    return _folded(policy, name, value)


def _opting_out(link: str) -> bytes:
    """RFC 2369 and, where the link is HTTPS as it demands, RFC 8058: one press in the mail program, which posts there.

    As it stands: folded by the standard library, the link would be encoded and no longer one.
    """
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if link.startswith("https:") else ""
    return f"List-Unsubscribe: <{link}>\r\n{one_click}".encode("ascii")


@lru_cache(maxsize=512)
def _folded(policy: EmailPolicy[Any], name: str, value: str) -> bytes:
    """The header as it is sent, encoded and folded. Most are the same in every mail of a batch."""
    if name == "Subject":
        return f"{name}: {_words(name, value)}\r\n".encode("ascii")
    display, address = parseaddr(value)
    if name == "From" and display and address.isascii():
        return f"{name}: {_words(name, display)}\r\n <{address}>\r\n".encode("ascii")
    # The standard library refuses line breaks.
    return policy.fold_binary(*policy.header_store_parse(name, value))


def _words(name: str, text: str) -> str:
    """Words in a header (RFC 2047), by the older half of the standard library: the newer one, in Python 3.11, loses or adds a
    blank between what it encodes in two pieces, so that people read "오후7:00"."""
    return Header(one_line(text), "utf-8", header_name=name).encode(linesep="\r\n")


def _body(mail: OutboxMail, letter: Letter, text: str, html: str) -> Part:
    seed = tokens.hashed(mail.message_id)[:24]
    pictures = [
        mime.file(p.media_type, p.name, p.data, "inline", f"Content-ID: <{p.name}>") for p in letter.pictures
    ]
    shown = mime.several("related", seed, [mime.leaf(HTML, html.encode()), *pictures])
    written = mime.several("alternative", seed, [mime.leaf(TEXT, text.encode()), shown])
    files = [mime.file(_typed(a), a.name, a.data, "attachment") for a in letter.attachments]
    return mime.several("mixed", seed, [written, *files])


def _typed(attachment: Attachment) -> str:
    is_text = attachment.media_type.startswith("text/")
    return f"{attachment.media_type}; charset=utf-8" if is_text else attachment.media_type


def one_line(text: str) -> str:
    """A header's text: whatever was typed, no line break gets out of it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _tidy(text: str) -> str:
    """At most one empty line in a row, none at the ends."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
