"""The picture that a chat shows for a meetup's link: 1200 × 630, title, date and place in Korean type.

Drawn once for each version and language, kept under DATA_DIR/cards; losing that folder loses nothing.
"""

from __future__ import annotations

import io
from pathlib import Path

from flask import current_app
from flask_babel import force_locale
from PIL import Image, ImageDraw

from app import i18n
from app.files import write_atomically
from app.lettering import Font, drawable, fitted
from app.models import Meetup

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 84
TEXT_WIDTH = WIDTH - 2 * MARGIN - 200
GROUND, GATE, LEAF = (0, 58, 53), (0, 82, 75), (0, 104, 95)
INK, QUIET, ACCENT = (250, 253, 252), (196, 224, 219), (122, 214, 200)
DESIGN = 2  # raise it when the drawing changes, so that kept pictures are drawn anew
LARGE_SIZES, SIZES = (88, 80, 72), (68, 60, 52)  # up to two lines, up to three
FACT_SIZES = (38, 34, 30)
ABOVE, BELOW = 132, HEIGHT - 190  # the room for the title


def card_png(meetup: Meetup, locale: str) -> bytes:
    """The picture of the meetup as it is now, from the folder or drawn."""
    path = _path(meetup, locale)
    if path.exists():
        return path.read_bytes()
    with force_locale(locale):
        data = draw(meetup, locale)
    write_atomically(path, data)
    return data


def draw(meetup: Meetup, locale: str) -> bytes:
    """Draw it, in the current language's way of writing dates."""
    picture = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(picture)
    _gate(pen)
    program = meetup.program.name(locale)
    _line(pen, program, MARGIN - 16, ACCENT, "Medium", (32, 28))
    _title(pen, drawable(meetup.title(locale)) or drawable(program))
    when = i18n.span(meetup.local(meetup.starts_at), meetup.local(meetup.ends_at), year=True)
    _line(pen, when, HEIGHT - 174, INK, "Bold", FACT_SIZES)
    _line(pen, meetup.place(locale), HEIGHT - 116, QUIET, "Medium", FACT_SIZES)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _path(meetup: Meetup, locale: str) -> Path:
    folder: Path = current_app.config["SETTINGS"].DATA_DIR
    return folder / "cards" / f"{meetup.id}-{meetup.version}-{locale}-{DESIGN}.png"


def _title(pen: ImageDraw.ImageDraw, text: str) -> None:
    """In the middle of the room between the programme's name and the date."""
    chosen, lines = fitted(text, "Bold", LARGE_SIZES, TEXT_WIDTH, 2)
    if lines[-1].endswith("…"):
        chosen, lines = fitted(text, "Bold", SIZES, TEXT_WIDTH, 3)
    step = round(chosen.size * 1.24)
    top = ABOVE + (BELOW - ABOVE - step * len(lines)) // 2
    for number, line in enumerate(lines):
        _write(pen, line, top + number * step, INK, chosen)


def _line(
    pen: ImageDraw.ImageDraw,
    text: str,
    y: int,
    colour: tuple[int, int, int],
    weight: str,
    sizes: tuple[int, ...],
) -> None:
    if text := drawable(text, weight):
        chosen, lines = fitted(text, weight, sizes, TEXT_WIDTH, 1)
        _write(pen, lines[0], y, colour, chosen)


def _write(pen: ImageDraw.ImageDraw, text: str, y: int, colour: tuple[int, int, int], chosen: Font) -> None:
    pen.text((MARGIN, y), text, fill=colour, font=chosen)


def _gate(pen: ImageDraw.ImageDraw) -> None:
    """The gate of the mark at the right edge, one leaf open."""
    left, top, right = 936, 150, 1236
    middle = (left + right) // 2
    pen.pieslice((left, top, right, top + 300), 180, 360, fill=GATE)
    pen.rectangle((left, top + 149, right, HEIGHT), fill=GATE)
    pen.polygon(
        [(left, top + 150), (middle - 26, top + 208), (middle - 26, HEIGHT), (left, HEIGHT)], fill=LEAF
    )
