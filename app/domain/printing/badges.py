"""What stands where on a badge: the name as large as it fits, what is beneath it, the QR, the cohort's colour with its word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.printing.colours import NEUTRAL, WHITE
from app.domain.printing.fitting import LEADING, Fitted, Measure, fitted, shortened
from app.domain.printing.marks import INK, POINT, QUIET, Box, Code, Colour, Disc, Line, Mark, Text, Weight
from app.domain.printing.papers import Size

Measures = Callable[[Weight], Measure]
BASELINE = 0.95
"""Of the size: from the top of a line to its baseline, at which Hangul stands in the middle of the line."""
LEAST_NAME = 11
WARNING: Colour = (170, 22, 34)
QUIET_ZONE = 4 / 33
"""Of a QR code's side."""


@dataclass(frozen=True, kw_only=True)
class Badge:
    """Every word as it is printed. `name` empty: a line to write on. `with_whom`: of whom it is a companion's badge.

    `no_photos`: the words for who has not consented to pictures. `table`: at which they sit. `code`: what the QR says; empty: none.
    """

    name: str
    title: str = ""
    cohort: str = ""
    colour: Colour = NEUTRAL
    role: str = ""
    nickname: str = ""
    affiliation: str = ""
    with_whom: str = ""
    no_photos: str = ""
    table: str = ""
    code: str = ""


def marks(badge: Badge, face: Size, measures: Measures) -> list[Mark]:
    """The badge on a face of this size."""
    return _Face(badge, face, measures).marks()


class _Face:
    def __init__(self, badge: Badge, face: Size, measures: Measures) -> None:
        self.badge, (self.width, self.height), self.measures = badge, face, measures
        self.inset = max(2.5, 0.05 * min(face))
        self.right = self.width - self.inset
        self.found: list[Mark] = []

    def marks(self) -> list[Mark]:
        top = self._top()
        foot = self._band()
        right = self._code(top, foot) if self.badge.code else self.right
        self._middle(top, foot, right - self.inset)
        return self.found

    def _top(self) -> float:
        """The meetup's title, the table and the mark about photos; where the middle begins."""
        size = _between(0.058 * self.height / POINT, 6.5, 12)
        right = self._no_photos(size) if self.badge.no_photos else self.right
        right = self._table(size, right) if self.badge.table else right
        title = shortened(self.badge.title, self.measures(Weight.MEDIUM), right - self.inset, size)
        self._text(self.inset, self.inset, title, size, Weight.MEDIUM, QUIET)
        has_row = self.badge.title or self.badge.table or self.badge.no_photos
        return self.inset + (size * LEADING * POINT if has_row else 0)

    def _no_photos(self, size: float) -> float:
        """A camera that is struck out, and the words; how far the title may reach."""
        words, letter = self.badge.no_photos, size * POINT
        high = 1.45 * letter
        wide, line, top = 1.3 * high, 0.08 * high, self.inset - 0.1 * letter
        left = self.right - self.measures(Weight.BOLD)(words) * letter - wide - 0.4 * letter
        body = Box(left, top + 0.2 * high, wide, 0.72 * high, outline=WARNING, line=line)
        hump = Box(left + 0.38 * wide, top + 0.06 * high, 0.24 * wide, 0.16 * high, fill=WARNING)
        lens = Disc(left + wide / 2, top + 0.56 * high, 0.2 * high, outline=WARNING, line=line)
        ends = left, top + high, left + wide, top + 0.06 * high
        self.found += [body, hump, lens, Line(*ends, 4 * line, WHITE), Line(*ends, 1.5 * line, WARNING)]
        self._text(left + wide + 0.4 * letter, self.inset, words, size, Weight.BOLD, WARNING)
        return left - letter

    def _table(self, size: float, right: float) -> float:
        """At the right end of the row; how far the title may reach."""
        letter = size * POINT
        left = right - self.measures(Weight.BOLD)(self.badge.table) * letter
        self._text(left, self.inset, self.badge.table, size, Weight.BOLD, INK)
        return left - letter

    def _band(self) -> float:
        """The cohort on its colour, and the role; where the middle ends."""
        left, right = self.badge.cohort or self.badge.role, self.badge.role if self.badge.cohort else ""
        if not left:
            return self.height - self.inset
        high = _between(0.16 * self.height, 6.5, 13)
        top, wide = self.height - self.inset - high, self.right - self.inset
        self.found.append(Box(self.inset, top, wide, high, fill=self.badge.colour))
        size, pad = 0.56 * high / POINT, 0.3 * high
        room = wide - 2 * pad - (self._role(right, top, high, wide / 2) if right else 0)
        words = fitted(left, self.measures(Weight.BOLD), room, high, most=size, least=0.6 * size)
        drop = (high - words.size * LEADING * POINT) / 2
        self._text(self.inset + pad, top + drop, " ".join(words.lines), words.size, Weight.BOLD, WHITE)
        return top

    def _role(self, words: str, top: float, high: float, most: float) -> float:
        """In white at the right end of the band; how much of it that takes."""
        pad, edge = 0.25 * high, 0.16 * high
        size = 0.46 * high / POINT
        found = fitted(words, self.measures(Weight.BOLD), most, high, most=size, least=0.7 * size)
        text = " ".join(found.lines)
        wide = self.measures(Weight.BOLD)(text) * found.size * POINT + 2 * pad
        left = self.right - edge - wide
        self.found.append(Box(left, top + edge, wide, high - 2 * edge, fill=WHITE))
        drop = (high - found.size * LEADING * POINT) / 2
        self._text(left + pad, top + drop, text, found.size, Weight.BOLD, self.badge.colour)
        return wide + edge + pad

    def _code(self, top: float, foot: float) -> float:
        """At the right, in the middle of the height, with its white around it; where that begins."""
        side = min((foot - top) / (1 + 2 * QUIET_ZONE), 0.29 * self.width, 26)
        quiet = QUIET_ZONE * side
        left = self.width - max(self.inset, quiet) - side
        self.found.append(Code(left, top + (foot - top - side) / 2, side, self.badge.code))
        return left - quiet

    def _middle(self, top: float, foot: float, width: float) -> None:
        """The name, and beneath it what is known of who they are, together in the middle of the height."""
        gap = 0.025 * self.height
        room = foot - top - 2 * gap
        below = [line for line in self._below(width, room) if line[0].lines]
        taken = sum(words.height for words, _weight, _colour in below)
        most = 0.34 * self.height / POINT
        measure = self.measures(Weight.BOLD)
        name = fitted(self.badge.name, measure, width, room - taken, most=most, least=LEAST_NAME, lines=3)
        y = top + gap + max(0, room - taken - name.height) / 2
        if not name.lines:
            y = foot - gap - taken
            self.found.append(Line(self.inset, y - 2, self.inset + width, y - 2, 0.3, QUIET))
        for words, weight, colour in [(name, Weight.BOLD, INK), *below]:
            for line in words.lines:
                self._text(self.inset, y, line, words.size, weight, colour)
                y += words.size * LEADING * POINT

    def _below(self, width: float, room: float) -> list[tuple[Fitted, Weight, Colour]]:
        large, small = (_between(share * self.height / POINT, *ends) for share, ends in (_LARGE, _SMALL))
        found = [
            (self.badge.nickname, Weight.BOLD, INK, large, 1),
            (self.badge.affiliation or self.badge.with_whom, Weight.MEDIUM, QUIET, small, 2),
        ]
        return [
            (
                fitted(
                    text, self.measures(weight), width, room / 4, most=size, least=0.75 * size, lines=lines
                ),
                weight,
                colour,
            )
            for text, weight, colour, size, lines in found
        ]

    def _text(self, x: float, top: float, text: str, size: float, weight: Weight, colour: Colour) -> None:
        if text:
            self.found.append(Text(x, top + BASELINE * size * POINT, text, size, weight, colour))


_LARGE = (0.085, (9.0, 18.0))
_SMALL = (0.066, (7.5, 14.0))


def _between(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))
