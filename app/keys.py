"""The installation's keys: from the environment, or kept in DATA_DIR/keys and made at first start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from config import Settings


@dataclass(frozen=True)
class Keys:
    """Separate secrets for separate purposes; one leaking voids none of the others."""

    session: str
    session_fallbacks: tuple[str, ...]
    ticket: bytes
    link: bytes
    audit: bytes


def load(settings: Settings) -> Keys:
    folder = settings.DATA_DIR / "keys"
    return Keys(
        session=settings.SECRET_KEY or _kept(folder / "session.key"),
        session_fallbacks=settings.SECRET_KEY_FALLBACKS,
        ticket=(settings.TICKET_KEY or _kept(folder / "ticket.key")).encode(),
        link=(settings.LINK_KEY or _kept(folder / "link.key")).encode(),
        audit=(settings.AUDIT_KEY or _kept(folder / "audit.key")).encode(),
    )


def keys() -> Keys:
    """The keys of the running application."""
    loaded: Keys = current_app.extensions["keys"]
    return loaded


def _kept(path: Path) -> str:
    """The key in `path`, made if missing. Two processes starting at once end up with the same key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
