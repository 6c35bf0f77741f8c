"""What a page is made of, in millimetres from its upper left corner. A painter puts marks on paper or in a picture."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

POINT = 25.4 / 72
"""One point of type in millimetres."""
Colour = tuple[int, int, int]
INK: Colour = (22, 32, 29)
QUIET: Colour = (84, 98, 94)
HAIR: Colour = (170, 180, 177)


class Weight(enum.StrEnum):
    MEDIUM = "medium"
    BOLD = "bold"


@dataclass(frozen=True, slots=True)
class Text:
    """One line; `y` is its baseline, `size` is in points."""

    x: float
    y: float
    text: str
    size: float
    weight: Weight = Weight.MEDIUM
    colour: Colour = INK


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: filled, or with an outline as thick as `line` says, or both."""

    x: float
    y: float
    width: float
    height: float
    fill: Colour | None = None
    outline: Colour | None = None
    line: float = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    x: float
    y: float
    to_x: float
    to_y: float
    line: float = 0.2
    colour: Colour = HAIR
    dash: float = 0  # millimetres of line and of gap; 0: solid


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle around its middle."""

    x: float
    y: float
    radius: float
    fill: Colour | None = None
    outline: Colour | None = None
    line: float = 0.2


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of level Q, `side` wide without its quiet zone: the caller leaves the white around it."""

    x: float
    y: float
    side: float
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's file, as large as the box lets it without being stretched."""

    x: float
    y: float
    width: float
    height: float
    data: bytes


Mark = Text | Box | Line | Disc | Code | Image


def moved(mark: Mark, x: float, y: float) -> Mark:
    """The same mark further right and down."""
    if isinstance(mark, Line):
        return replace(mark, x=mark.x + x, y=mark.y + y, to_x=mark.to_x + x, to_y=mark.to_y + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)
