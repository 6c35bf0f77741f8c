"""Texts as they are kept: in NFC, without control signs and halves of characters, nothing blank around them."""

from __future__ import annotations

import unicodedata

_UNKEPT = {"Cc", "Cs"}


def one_line(text: str | None) -> str:
    """Single blanks between the words; a line break or a tab is one, too."""
    composed = unicodedata.normalize("NFC", text or "")
    return " ".join("".join(c for c in composed if c.isspace() or _is_kept(c)).split())


def several_lines(text: str | None) -> str:
    """Line breaks, of one kind, and tabs stay."""
    if text and text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in composed if c in "\n\t" or _is_kept(c)).strip()


def _is_kept(char: str) -> bool:
    return unicodedata.category(char) not in _UNKEPT
