"""The type that is printed with: which face has which sign, and how wide it is.

Pretendard has Hangul, Latin, Greek, Cyrillic and Kana, and no Hanja; what it lacks comes from Droid Sans Fallback. What neither
has (emoji, Thai, Arabic) is left out rather than printed as a box; `lacking` names it, so that a page can say so.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from app.domain.printing.fitting import Measure
from app.domain.printing.marks import Weight
from app.printing.truetype import TrueType

FONTS = Path(__file__).parent.parent / "fonts"


class Face(enum.StrEnum):
    MEDIUM = "medium"
    BOLD = "bold"
    HANJA = "hanja"

    @property
    def path(self) -> Path:
        return FONTS / _FILES[self]


_FILES = {
    Face.MEDIUM: "pretendard-1.3.9/Pretendard-Medium.ttf",
    Face.BOLD: "pretendard-1.3.9/Pretendard-Bold.ttf",
    Face.HANJA: "fonts-droid-fallback-6.0.1r16/DroidSansFallbackFull.ttf",
}
_OF_WEIGHT = {Weight.MEDIUM: Face.MEDIUM, Weight.BOLD: Face.BOLD}
_UNSEEN = {"Cc", "Cf", "Mn"}
"""Categories of signs that nobody misses where they are absent: controls, joiners, variation selectors."""


def runs(text: str, weight: Weight) -> Iterator[tuple[Face, str]]:
    """The text in pieces of one face each, without what no face has."""
    found = ((face, sign) for sign in text if (face := face_of(sign, weight)))
    for face, signs in groupby(found, key=lambda pair: pair[0]):
        yield face, "".join(sign for _face, sign in signs)


def printable(text: str) -> str:
    """One line without what no face has, composed."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if c.isspace() or face_of(c, Weight.BOLD) else " " for c in composed).split())


def lacking(text: str) -> str:
    """The visible signs of the text that no face has, each once."""
    composed = unicodedata.normalize("NFC", text)
    missing = (
        c
        for c in composed
        if not c.isspace() and unicodedata.category(c) not in _UNSEEN and not face_of(c, Weight.BOLD)
    )
    return "".join(dict.fromkeys(missing))


def measure(weight: Weight) -> Measure:
    """How wide a text is in this weight, in ems."""
    return _measures[weight]


@lru_cache(maxsize=4096)
def face_of(sign: str, weight: Weight) -> Face | None:
    usual = _OF_WEIGHT[weight]
    return next((face for face in (usual, Face.HANJA) if ord(sign) in font(face).glyphs), None)


@lru_cache(maxsize=4096)
def _advance(sign: str, weight: Weight) -> float:
    face = face_of(sign, weight)
    return font(face).width(ord(sign)) if face else 0


@cache
def font(face: Face) -> TrueType:
    """Read when something is printed, and kept."""
    return TrueType(face.path)


def _measure_of(weight: Weight) -> Measure:
    return lambda text: sum(_advance(sign, weight) for sign in text)


_measures = {weight: _measure_of(weight) for weight in Weight}
