"""E-mail addresses: as typed for showing and sending, as a key for comparing."""

from __future__ import annotations

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))

# Of such an address the key is its letters, whether mail could be sent to it or not; a list of thousands asks for each.
_PLAIN = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


def clean_address(text: str | None) -> str:
    """The address as typed, without what a spreadsheet or a browser leaves around it."""
    bare = unicodedata.normalize("NFC", text or "").translate(_INVISIBLE).strip()
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
    if _PLAIN.fullmatch(text) and "xn--" not in text.casefold():
        return text.casefold()  # nothing around it to be cleaned away
    bare = clean_address(text)
    plain = _PLAIN.fullmatch(bare) and "xn--" not in bare.casefold()
    return bare.casefold() if plain else valid_key(text) or bare.casefold()


def masked_address(text: str) -> str:
    """An address that its owner recognises and a stranger does not: h***@example.com."""
    local, _, domain = clean_address(text).rpartition("@")
    return f"{local[:1]}***@{domain}"
