"""Every setting of Dongmun, read from the environment or from a `.env` file beside this one.

Each setting is one field with one comment; docs/configuration.md explains them to operators, and a
test fails when one is missing there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent


def _flag(text: str) -> bool:
    return text.strip().lower() in {"1", "true", "yes", "on"}


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class BadSetting(Exception):
    """A setting in the environment cannot be used; the text names it and says what is expected."""


def assume(**defaults: str) -> None:
    """Set what neither the environment nor `.env` sets, for this process and those that it starts."""
    load_dotenv(ROOT / ".env")
    for name, text in defaults.items():
        os.environ[name] = os.environ.get(name) or text


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation. A field's name is its environment variable."""

    # Development conveniences: the page of sent mails, plain-HTTP cookies, full error logs.
    DEBUG: bool = False
    # The one folder that holds the embedded database, the keys and the uploads: back this up.
    DATA_DIR: Path = ROOT / "data"
    # sqlite:///… or postgresql://…; empty means SQLite in DATA_DIR.
    DATABASE_URL: str = ""
    # How this installation is reached from outside; links in mails and tickets use it.
    BASE_URL: str = ""
    # Address and port that the web server listens on.
    HOST: str = "127.0.0.1"
    PORT: int = 8000
    # Files of a certificate and its key: the web server speaks HTTPS itself. Usually a proxy does.
    TLS_CERTIFICATE: str = ""
    TLS_KEY: str = ""
    # `make run` only: serve the phones on this network over HTTPS, with a certificate made on the spot.
    LAN: bool = False
    # smtp://user:password@host:587 (STARTTLS when offered), smtps://… or smtp+starttls://… (required).
    SMTP_URL: str = ""
    SMTP_CONNECTIONS: int = 4
    # The sender of every mail; an organizer's address goes into Reply-To.
    MAIL_FROM: str = "Dongmun <dongmun@example.com>"
    # Signs the reports of a mail service about mails that came back; empty: none are taken.
    MAIL_REPORT_KEY: str = ""
    # Signs sessions and forms; empty means a key kept in DATA_DIR/keys, made at the first start.
    SECRET_KEY: str = ""
    # Former session keys, comma-separated, newest first: old sessions stay valid, new ones use SECRET_KEY.
    SECRET_KEY_FALLBACKS: tuple[str, ...] = ()
    # Derives ticket codes; empty means a key kept in DATA_DIR/keys. Changing it voids every ticket.
    TICKET_KEY: str = ""
    # Derives personal links, verification codes and the secrets of draws; empty means a key kept in DATA_DIR/keys.
    LINK_KEY: str = ""
    # Seals the audit trail; empty means a key kept in DATA_DIR/keys. Changing it makes every older seal look broken.
    AUDIT_KEY: str = ""
    # Web server processes and threads in each.
    WEB_WORKERS: int = 2
    WEB_THREADS: int = 4
    # How many reverse proxies in front may be believed about the client's address and scheme.
    TRUSTED_PROXIES: int = 0
    # Language of a visitor who states none: ko or en.
    DEFAULT_LOCALE: str = "ko"
    # Zone offered for a new meetup.
    DEFAULT_ZONE: str = "Asia/Seoul"
    # Largest upload, in megabytes.
    MAX_UPLOAD_MB: int = 20
    # Largest backup that is taken back at the desk, in megabytes.
    MAX_BACKUP_MB: int = 1024
    # Mails of any kind that may be asked for one address within an hour, and codes within a day.
    MAILS_PER_ADDRESS_HOUR: int = 5
    CODES_PER_ADDRESS_DAY: int = 10
    # How fast invitations go out, so that mail servers take them.
    INVITATIONS_PER_MINUTE: int = 120
    # Requests for a mail, and wrong codes, from one network address (which a whole campus may share) an hour.
    ASKS_PER_CLIENT_HOUR: int = 600
    # How often the worker looks for due mail, in seconds.
    WORKER_POLL_SECONDS: float = 0.5
    # debug, info, warning or error.
    LOG_LEVEL: str = "info"

    @property
    def database_url(self) -> str:
        return self.DATABASE_URL or f"sqlite:///{self.DATA_DIR / 'dongmun.sqlite3'}"

    @property
    def upload_bytes(self) -> int:
        return self.MAX_UPLOAD_MB * 1024 * 1024

    @property
    def backup_bytes(self) -> int:
        return self.MAX_BACKUP_MB * 1024 * 1024

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        return (self.BASE_URL or f"http://localhost:{self.PORT}").rstrip("/")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, **overrides: Any) -> Settings:
        """Read `.env` (without overriding the environment), then the environment, then `overrides`.

        Raises `BadSetting` for a value that does not fit its setting.
        """
        load_dotenv(ROOT / ".env")
        known = {f.name: f for f in fields(cls)}
        values = {name: _parse(name, cls, os.environ[name]) for name in known if os.environ.get(name)}
        return cls(**(values | overrides))


def _parse(name: str, settings: type[Settings], text: str) -> Any:
    default = getattr(settings, name)
    kinds: dict[type, Callable[[str], Any]] = {bool: _flag, int: int, float: float, str: str, tuple: _names}
    read = Path if isinstance(default, Path) else kinds[type(default)]
    try:
        return read(text)
    except ValueError as error:
        raise BadSetting(f"{name}={text!r}: expected {type(default).__name__}") from error
