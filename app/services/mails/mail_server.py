"""How mails go out: by the environment, unless whoever runs the installation has set it at the desk.

What is set there is tried first: a wrong password would hold up every mail, and the one that signs in to mend it. The password is
sealed under the installation's link key, so the database alone doesn't tell it.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.writing.addresses import is_address
from app.keys import keys
from app.mailer import PORTS, Server, parse, try_out
from app.models import THE_ONE, MailServer
from app.services import audit

log = logging.getLogger(__name__)
NONCE = 12
LONGEST = 255
SENDER = "mail_sender"  # of the mails that this process writes


@dataclass(frozen=True)
class Way:
    """`url` empty: mails wait. `is_own`: set at the desk."""

    url: str
    sender: str
    is_own: bool = False

    @property
    def server(self) -> Server | None:
        return parse(self.url) if self.url else None


@dataclass(frozen=True)
class Typed:
    """What somebody types; an empty password keeps the one that is there, for the same server, encryption, port and user."""

    scheme: str
    host: str
    port: str
    user: str
    password: str
    sender: str


def of_environment() -> Way:
    settings = current_app.config["SETTINGS"]
    return Way(settings.SMTP_URL, settings.MAIL_FROM)


def current() -> Way:
    """What holds now. One that can't be unsealed (the key has changed) doesn't count."""
    row = db.session.get(MailServer, THE_ONE)
    if row is None:
        return of_environment()
    try:
        return Way(_unsealed(row.sealed), row.sender, is_own=True)
    except (InvalidTag, ValueError):
        log.error("the mail settings of the desk were sealed under another key: the environment's are used")
        return of_environment()


def sender() -> str:
    """Of the mails that this process writes: the worker has looked it up."""
    found: str = current_app.extensions.get(SENDER) or current_app.config["SETTINGS"].MAIL_FROM
    return found


def save(typed: Typed, actor: str) -> None:
    """Try it, then keep it; the worker follows within seconds. Raises `DomainError`."""
    url = _url(typed)
    if not is_address(parseaddr(typed.sender)[1]) or not _is_line(typed.sender):
        raise DomainError("mail_sender_unusable")
    if said := try_out(parse(url)):
        raise DomainError("mail_server_refused", said=said)
    with transaction() as session:
        row = session.get(MailServer, THE_ONE, with_for_update=True)
        if row is None:
            row = MailServer(id=THE_ONE)
            session.add(row)
        row.sealed, row.sender, row.changed_at = _sealed(url), typed.sender, now()
        audit.record(session, "mail_server.set", row, actor, program_id=None)


def clear(actor: str) -> None:
    """Back to the environment's. Twice is once."""
    with transaction() as session:
        row = session.get(MailServer, THE_ONE, with_for_update=True)
        if row is not None:
            audit.record(session, "mail_server.cleared", row, actor, program_id=None)
            session.delete(row)


def _url(typed: Typed) -> str:
    usable = (
        typed.scheme in PORTS and _is_line(typed.host) and typed.host.strip("[]") and " " not in typed.host
    )
    if not usable or any(sign in typed.host for sign in "/@?#") or not _is_port(typed.port):
        raise DomainError("mail_host_unusable")
    if not _is_host(typed.host):
        raise DomainError("mail_host_unusable")
    password = typed.password or _kept_password(typed)
    if not (typed.user + password).isascii():  # smtplib can't say it to a server
        raise DomainError("mail_password_unusable")
    who = f"{quote(typed.user, safe='')}:{quote(password, safe='')}@" if typed.user else ""
    return f"{typed.scheme}://{who}{typed.host}{':' + typed.port if typed.port else ''}"


def _is_host(text: str) -> bool:
    """Whether one can ask for its address: "smtp..example.com" has an empty part."""
    try:
        text.encode("idna")
    except UnicodeError:
        return False
    return True


def _is_line(text: str) -> bool:
    return len(text) <= LONGEST and text.isprintable()


def _is_port(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 65536)


def _kept_password(typed: Typed) -> str:
    """Only for the same server and user, over the same encryption and port: another way would tell it to somebody else."""
    way = current()
    known = way.server if way.is_own else None
    if known is None:
        return ""
    port = int(typed.port) if typed.port else PORTS[typed.scheme]
    asked = (typed.scheme, typed.host.lower(), port, typed.user)
    return known.password if asked == (known.scheme, known.host, known.port, known.user) else ""


def _key() -> bytes:
    return hashlib.sha256(b"mail-server:" + keys().link).digest()


def _sealed(text: str) -> str:
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, text.encode(), None)).decode()


def _unsealed(text: str) -> str:
    data = base64.b64decode(text)
    return AESGCM(_key()).decrypt(data[:NONCE], data[NONCE:], None).decode()
