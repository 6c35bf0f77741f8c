"""Addresses: e-mail as typed and as a key for comparing; paths of ours that a link may lead back to."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))


def clean_address(text: str) -> str:
    """The address as typed, without what a spreadsheet or a browser leaves around it."""
    bare = unicodedata.normalize("NFC", text).translate(_INVISIBLE).strip()
    return bare[len("mailto:") :].strip() if bare[:7].casefold() == "mailto:" else bare


def valid_key(text: str) -> str | None:
    """The key of an address that mail could be sent to, judged by its form alone; else None."""
    try:
        valid = validate_email(clean_address(text), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return valid.normalized.casefold()


def is_address(text: str) -> bool:
    return valid_key(text) is not None


def address_key(text: str) -> str:
    """What two spellings of one address share: unique in a programme, case-folded."""
    return valid_key(text) or clean_address(text).casefold()


def local_path(target: str | None) -> str | None:
    """The target if it is a path on this site and nothing else: what `next=` may name.

    Browsers read a backslash as a slash and drop tabs and line breaks, so any of them refuses.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if re.search(r"[\\\x00-\x20\x7f]", target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target
