"""The blueprint, and how its pages read typed texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from flask import Blueprint

from app.domain.writing.words import Words

bp = Blueprint("asking", __name__, url_prefix="/desk/<program>/meetups/<slug>")


def text(given: Mapping[str, str], name: str) -> str:
    """As typed, in NFC, without control signs but line breaks."""
    typed = given.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    composed = unicodedata.normalize("NFC", typed)
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def words(given: Mapping[str, str], name: str) -> Words:
    return Words(text(given, f"{name}_ko"), text(given, f"{name}_en"))


def number(typed: str) -> int:
    """0 for what is no number."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else 0
