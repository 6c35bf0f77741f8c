"""The column with what became of somebody's latest mail."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask_babel import gettext as _

from app import mail_words
from app.models import MailState
from app.services.organizing import conditions
from app.services.organizing.exports import ByRegistration, Column


def offered() -> Column:
    """Empty for whoever was never mailed."""
    found = ByRegistration(conditions.last_mails)
    words = cache(_words)

    def told(row: Any) -> str | None:
        return words(*last) if (last := found.of(row)) else None

    def code(row: Any) -> str | None:
        return last[1].value if (last := found.of(row)) else None

    return Column("mail", _("Latest mail"), told, (found,), code)


def _words(kind: str, state: MailState) -> str:
    return f"{mail_words.STATES[state][0]}: {mail_words.KINDS.get(kind, kind)}"
