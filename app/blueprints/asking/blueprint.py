"""The blueprint, and how its pages read typed texts."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.domain.writing.kept_texts import several_lines
from app.domain.writing.words import Words

bp = Blueprint("asking", __name__, url_prefix="/desk/<program>/meetups/<slug>")


def text(given: Mapping[str, str], name: str) -> str:
    return several_lines(given.get(name))


def words(given: Mapping[str, str], name: str) -> Words:
    return Words(text(given, f"{name}_ko"), text(given, f"{name}_en"))
