"""The way to the mail server: one connection for many mails, and what a refusal means.

smtp://user:password@host:587 uses STARTTLS where it is offered, smtp+starttls:// insists on it,
smtps:// is TLS from the first byte.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from config import BadSetting

TIMEOUT = 30
IDLE_SECONDS = 20  # a connection unused for longer may be gone without a word
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
CLOSING = 421


class Unreachable(Exception):
    """The mail server takes nothing from us now: away, closing, or refusing us or our sender."""


class Refused(Exception):
    """The mail server refused this one mail; `permanent` when trying again is pointless."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        super().__init__(text)
        self.permanent = permanent


@dataclass(frozen=True)
class Server:
    """Where mails are handed over, read from SMTP_URL."""

    scheme: str
    host: str
    port: int
    user: str
    password: str


def parse(url: str) -> Server:
    """Read SMTP_URL; raises `BadSetting`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadSetting("SMTP_URL: the port is not a number") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadSetting(f"SMTP_URL: expected one of {', '.join(PORTS)} and a host")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password)


class Mailer:
    """Hands mails to the server over one connection, opened when needed and kept while in use."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self._used = 0.0

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Return once the server has taken the mail. Raises `Unreachable` or `Refused`."""
        connection = self._connected()
        options = [] if recipient.isascii() else ["SMTPUTF8"]
        try:
            connection.sendmail(sender, [recipient], message, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            self._refused(code, text)
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            self._not_supported(error, recipient)
        except smtplib.SMTPResponseException as error:
            self._unwelcome(error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unreachable(type(error).__name__) from error
        self._used = time.monotonic()

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        connection, self._connection = self._connection, None
        if connection:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection and time.monotonic() - self._used > IDLE_SECONDS:
            self.close()
        if self._connection is None:
            try:
                self._connection = _open(self._server)
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(f"{type(error).__name__} at {self._server.host}") from error
        return self._connection

    def _unwelcome(self, error: smtplib.SMTPResponseException) -> None:
        """A missing password, a sender or a quota refused: every mail's trouble, for the operator to mend."""
        self.close()
        raise Unreachable(
            f"{type(error).__name__}: {error.smtp_code} {_said(error.smtp_error)}"[:500]
        ) from error

    def _not_supported(self, error: smtplib.SMTPNotSupportedError, recipient: str) -> None:
        """A server without SMTPUTF8 is no reason to hold up those whose addresses are ASCII."""
        if not recipient.isascii():
            raise Refused("the mail server takes ASCII addresses only", permanent=True) from error
        self.close()
        raise Unreachable(type(error).__name__) from error

    def _refused(self, code: int, text: bytes | str) -> None:
        said = _said(text)
        if code == CLOSING:
            self.close()
            raise Unreachable(f"421 {said}"[:200])
        raise Refused(f"{code} {said}"[:500], permanent=code >= 500)


def _said(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def _open(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        connection.ehlo()
        if server.scheme == "smtp+starttls" or (server.scheme == "smtp" and connection.has_extn("starttls")):
            connection.starttls(context=context)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection
