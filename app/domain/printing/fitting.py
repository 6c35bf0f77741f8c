"""Words that fit a box, by the widths that the type really has.

Width grows with size, so the largest size is found by a division and not by trying: for each number of lines
the break between words that keeps the widest line shortest.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.domain.printing.marks import POINT

Measure = Callable[[str], float]
"""The width of a text in ems: times the size, it is the width in points."""
LEADING = 1.2
GAIN = 1.12
"""So much larger must the words become before they take another line."""
MIXED = 1.3
"""So much wider counts a line that mixes Hangul and Latin: "박민준 / Park Minjun" rather than "박민준 Park / Minjun"."""
MOST_WORDS = 40
_PIECES = re.compile(r"[^\s-]+-*|-+")  # "Kim-Novak" may break behind its hyphen
_HANGUL, _LATIN = re.compile("[가-힣]"), re.compile("[A-Za-z]")
_ELLIPSIS = "…"
_SLACK = 1e-6  # of an em: sums of widths are not exact


@dataclass(frozen=True)
class Fitted:
    size: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """From the top of the first line to the foot of the last, in millimetres."""
        return len(self.lines) * self.size * LEADING * POINT


def fitted(
    text: str, measure: Measure, width: float, height: float, *, most: float, least: float, lines: int = 1
) -> Fitted:
    """The text as large as the box lets it, between `least` and `most` points, on up to `lines` lines.

    Lines break between words. What does not fit at the least size is broken inside words, and cut with "…"
    where that isn't enough either.
    """
    pieces = _pieces(text)
    if not pieces:
        return Fitted(most, ())
    best = Fitted(0, ())
    for number in range(1, min(lines, len(pieces)) + 1):
        broken = _evenly(pieces, number, measure)
        widest = max(measure(line) for line in broken)
        size = min(most, width / (POINT * widest), height / (POINT * LEADING * number))
        if not best.lines or size > best.size * GAIN:
            best = Fitted(size, tuple(broken))
    if best.size >= least:
        return best
    room = max(1, min(lines, int(height / (POINT * LEADING * least))))
    return Fitted(least, _within(wrapped(text, measure, width, least), room, measure, width, least))


def wrapped(text: str, measure: Measure, width: float, size: float) -> list[str]:
    """Lines at this size, filled one after another; a word wider than the box is broken inside."""
    ems = width / (POINT * size) + _SLACK
    found: list[str] = []
    line = ""
    for gap, word in _pieces(text, len(text)):
        if line and measure(line + gap + word) > ems:
            found.append(line)
            line = word
        else:
            line = line + gap + word if line else word
        while measure(line) > ems and len(line) > 1:
            part = _longest(line, measure, ems)
            found.append(part)
            line = line[len(part) :].lstrip()
    return [*found, line] if line else found


def shortened(text: str, measure: Measure, width: float, size: float) -> str:
    """On one line, cut with "…" where it is wider than the box."""
    ems, line = width / (POINT * size) + _SLACK, " ".join(text.split())
    if measure(line) <= ems:
        return line
    return _longest(line, measure, ems - measure(_ELLIPSIS)).rstrip() + _ELLIPSIS


def _within(lines: list[str], room: int, measure: Measure, width: float, size: float) -> tuple[str, ...]:
    if len(lines) <= room:
        return tuple(lines)
    return *lines[: room - 1], shortened(" ".join(lines[room - 1 :]), measure, width, size)


def _longest(text: str, measure: Measure, ems: float) -> str:
    """The longest beginning that is no wider; at least one letter."""
    length = 1
    while length < len(text) and measure(text[: length + 1]) <= ems:
        length += 1
    return text[:length]


def _pieces(text: str, most: int = MOST_WORDS) -> list[tuple[str, str]]:
    """What a line may break between, each behind what joins it to the one before."""
    found = [
        ("" if place else " ", piece)
        for word in text.split()
        for place, piece in enumerate(_PIECES.findall(word))
    ]
    if len(found) > most:
        found = [
            *found[:most],
            (" ", "".join(gap + piece for gap, piece in found[most:]).strip()),
        ]
    return found


def _joined(pieces: list[tuple[str, str]]) -> str:
    return pieces[0][1] + "".join(gap + piece for gap, piece in pieces[1:])


def _evenly(pieces: list[tuple[str, str]], number: int, measure: Measure) -> list[str]:
    """The pieces on exactly so many lines, the widest of which is as short as can be."""

    def cost(line: list[tuple[str, str]]) -> float:
        text = _joined(line)
        return measure(text) * (MIXED if _HANGUL.search(text) and _LATIN.search(text) else 1)

    @cache
    def split(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        """The widest line of what begins here, and where its lines begin."""
        if lines == 1:
            return cost(pieces[start:]), (start,)
        options = []
        for end in range(start + 1, len(pieces) - lines + 2):
            rest, begins = split(end, lines - 1)
            options.append((max(rest, cost(pieces[start:end])), (start, *begins)))
        return min(options)

    begins = split(0, number)[1]
    ends = (*begins[1:], len(pieces))
    return [_joined(pieces[a:b]) for a, b in zip(begins, ends, strict=True)]
