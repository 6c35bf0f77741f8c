"""Colours for cohorts: dark enough for white words on them, far enough apart to be told from across a room.

A colour never stands alone: the cohort's name is always on it, for those who don't tell them apart and for black printers.
"""

from __future__ import annotations

from app.domain.printing.marks import Colour

WHITE: Colour = (255, 255, 255)
NEUTRAL: Colour = (62, 74, 71)
"""Of people without a cohort."""
PALETTE: dict[str, Colour] = {
    "teal": (0, 104, 95),
    "blue": (28, 84, 186),
    "orange": (168, 72, 6),
    "violet": (112, 46, 174),
    "green": (38, 110, 30),
    "red": (178, 28, 40),
    "sky": (4, 104, 146),
    "pink": (176, 30, 112),
    "brown": (104, 66, 40),
    "navy": (32, 42, 102),
    "olive": (98, 94, 6),
    "slate": (72, 84, 104),
}
KEYS = tuple(PALETTE)


def usual(ordinal: int) -> str:
    """The colour of a cohort for which nobody chose one: neighbours differ."""
    return KEYS[(ordinal - 1) % len(KEYS)]


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
