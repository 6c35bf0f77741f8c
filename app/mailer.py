"""The way to the mail server: a connection for many mails, and what a refusal means.

smtp://user:password@host:587 uses STARTTLS where it is offered, smtp+starttls:// insists on it,
smtps:// is TLS from the first byte.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from config import BadSetting

TIMEOUT = 30
IDLE_SECONDS = 20  # a connection unused for longer may be gone without a word
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
CLOSING = 421


class Unreachable(Exception):
    """The mail server takes nothing from us now: away, closing, or refusing us or our sender.

    `under_way`: it happened while it was given a mail, which may be the reason.
    """

    def __init__(self, text: str, *, under_way: bool = False) -> None:
        super().__init__(text)
        self.under_way = under_way


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
    """Hands mails to the server: each thread over a connection of its own, opened when needed and kept."""

    def __init__(self, server: Server, lanes: int = 1) -> None:
        self.lanes = lanes
        self._server = server
        self._own = threading.local()
        self._all: set[_Line] = set()

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Return once the server has taken the mail. Raises `Unreachable` or `Refused`."""
        line = self._line()
        was_open = line.is_open
        try:
            self._hand_over(line, sender, recipient, message)
        except Unreachable as error:
            if not (was_open and isinstance(error.__cause__, smtplib.SMTPServerDisconnected)):
                raise
            self._hand_over(line, sender, recipient, message)  # the server had tired of waiting for us
        line.used = time.monotonic()

    def _hand_over(self, line: _Line, sender: str, recipient: str, message: bytes) -> None:
        connection = line.connected()
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
            line.close()
            raise Unreachable(type(error).__name__, under_way=True) from error

    def close(self) -> None:
        """Say goodbye, if there is anybody; when no thread sends any more."""
        while self._all:
            self._all.pop().close()

    def _line(self) -> _Line:
        line: _Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = _Line(self._server)
        self._all.add(line)
        return line

    def _unwelcome(self, error: smtplib.SMTPResponseException) -> None:
        """A sender or a quota refused: every mail's trouble, for the operator to mend, or this one's size."""
        self._line().close()
        raise Unreachable(
            f"{type(error).__name__}: {error.smtp_code} {_said(error.smtp_error)}"[:500], under_way=True
        ) from error

    def _not_supported(self, error: smtplib.SMTPNotSupportedError, recipient: str) -> None:
        """A server without SMTPUTF8 is no reason to hold up those whose addresses are ASCII."""
        if not recipient.isascii():
            raise Refused("the mail server takes ASCII addresses only", permanent=True) from error
        self._line().close()
        raise Unreachable(type(error).__name__) from error

    def _refused(self, code: int, text: bytes | str) -> None:
        said = _said(text)
        if code == CLOSING:
            self._line().close()
            raise Unreachable(f"421 {said}"[:200], under_way=True)
        raise Refused(f"{code} {said}"[:500], permanent=code >= 500)


def try_out(server: Server, seconds: float = 8) -> str:
    """Empty where the server lets us in; else what it said. No mail is handed over."""
    try:
        connection = _open(server, seconds)
    except smtplib.SMTPResponseException as error:
        return f"{error.smtp_code} {_said(error.smtp_error)}"[:500]
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return (str(error) or type(error).__name__)[:500]
    with suppress(smtplib.SMTPException, OSError):
        connection.quit()
    return ""


class _Line:
    """One connection, opened when needed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None
        self.used = 0.0

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def connected(self) -> smtplib.SMTP:
        if self._connection and time.monotonic() - self.used > IDLE_SECONDS:
            self.close()
        if self._connection is None:
            try:
                self._connection = _open(self._server)
            except (smtplib.SMTPException, OSError, UnicodeError) as error:
                raise Unreachable(f"{type(error).__name__} at {self._server.host}") from error
        return self._connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            try:
                connection.quit()
            except (smtplib.SMTPException, OSError):
                connection.close()


def _said(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text


def _open(server: Server, timeout: float = TIMEOUT) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
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
