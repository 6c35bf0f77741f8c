"""Phone numbers as people type them: their digits, and the last four that the door searches by."""

from __future__ import annotations

import unicodedata


def digits_of(text: str) -> str:
    """The digits alone; full-width ones count, a leading +82 becomes 0."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(c for c in plain if c.isdigit())
    return f"0{digits[2:]}" if plain.startswith("+82") else digits


def last_four(text: str) -> str:
    """The last four digits, or fewer where there are not so many."""
    return digits_of(text)[-4:]
