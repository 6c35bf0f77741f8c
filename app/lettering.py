"""Words set in our own Korean type on a picture: measured, broken between words, fitted to a box."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts" / "pretendard-1.3.9"
Font = ImageFont.FreeTypeFont
_ABSENT = "\U0010fffe"  # no font has it: its picture is the one for "no such sign"


@cache
def font(weight: str, size: int) -> Font:
    return ImageFont.truetype(FONTS / f"Pretendard-{weight}.otf", size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str, weight: str = "Bold") -> str:
    """The text without signs that the type lacks (emoji, Hanja), which would print as boxes."""
    return " ".join("".join(c if _has(c, weight) else " " for c in text).split())


def fitted(
    text: str, weight: str, sizes: tuple[int, ...], width: int, most_lines: int
) -> tuple[Font, list[str]]:
    """The largest of `sizes` at which the text fits, and its lines; the last size cuts with "…"."""
    for size in sizes:
        chosen = font(weight, size)
        lines = wrapped(text, chosen, width)
        if len(lines) <= most_lines and _keeps_words(text, lines):
            return chosen, lines
    lines = wrapped(text, chosen, width)
    return chosen, lines if len(lines) <= most_lines else _cut(lines[:most_lines], chosen, width)


def wrapped(text: str, chosen: Font, width: int) -> list[str]:
    """Lines broken between words, as Korean is read; a word wider than the line is broken inside."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if chosen.getlength(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, chosen, width)
        lines.extend(full)
    return [*lines, line] if line else lines


def _pieces(word: str, chosen: Font, width: int) -> list[str]:
    pieces, piece = [], ""
    for char in word:
        if piece and chosen.getlength(piece + char) > width:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


def _keeps_words(text: str, lines: list[str]) -> bool:
    return " ".join(lines) == " ".join(text.split())


def _cut(lines: list[str], chosen: Font, width: int) -> list[str]:
    last = lines[-1]
    while last and chosen.getlength(f"{last}…") > width:
        last = last[:-1].rstrip()
    return [*lines[:-1], f"{last}…"]


@cache
def _missing(weight: str) -> bytes:
    return bytes(font(weight, 24).getmask(_ABSENT))


@cache
def _has(char: str, weight: str) -> bool:
    return char.isspace() or bytes(font(weight, 24).getmask(char)) != _missing(weight)
