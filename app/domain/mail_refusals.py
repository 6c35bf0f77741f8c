"""Why a mail was not taken, read from what the mail server answered.

The enhanced status codes of RFC 3463 (and 10.1 of RFC 7505: a domain that takes no mail) where there is one, else the
reply code of RFC 5321.
"""

from __future__ import annotations

import enum
import re


class Why(enum.StrEnum):
    NO_MAILBOX = "no_mailbox"
    NO_DOMAIN = "no_domain"
    FULL = "full"
    TOO_LARGE = "too_large"
    BLOCKED = "blocked"
    LATER = "later"  # the server asks to come back
    ASCII_ONLY = "ascii_only"
    AWAY = "away"  # our own mail server takes nothing
    OTHER = "other"


DEAD = frozenset({Why.NO_MAILBOX, Why.NO_DOMAIN})
"""Refusals for good that are about the address itself: nothing sent there arrives."""

_REPLY = re.compile(r"^(\d{3})\b")
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
_BY_DETAIL = {
    "1.1": Why.NO_MAILBOX,
    "1.3": Why.NO_MAILBOX,
    "1.6": Why.NO_MAILBOX,
    "2.1": Why.NO_MAILBOX,
    "1.2": Why.NO_DOMAIN,
    "1.10": Why.NO_DOMAIN,
    "4.4": Why.NO_DOMAIN,
    "2.2": Why.FULL,
    "2.3": Why.TOO_LARGE,
    "3.4": Why.TOO_LARGE,
}
_BY_REPLY = {
    "550": Why.NO_MAILBOX,
    "551": Why.NO_MAILBOX,
    "553": Why.NO_MAILBOX,
    "552": Why.FULL,
    "554": Why.BLOCKED,
}


def why(error: str) -> Why:
    """What `error`, as the outbox notes it, means. A server that is not reached leaves no reply code."""
    if "ASCII addresses only" in error:
        return Why.ASCII_ONLY
    reply = _REPLY.match(error)
    if reply is None:
        return (
            Why.AWAY
            if error.startswith(("SMTP", "Connection", "Timeout", "gaierror", "OSError", "SSL"))
            else Why.OTHER
        )
    if detail := _ENHANCED.search(error):
        if found := _BY_DETAIL.get(detail.group(1)):
            return found
        if detail.group(1).startswith("7."):
            return Why.BLOCKED
    if reply.group(1).startswith("4"):
        return Why.LATER
    return _BY_REPLY.get(reply.group(1), Why.OTHER)
