"""Marks as a picture: what a page shows before anything is printed. The same type, the same places as on paper."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

from app import qr
from app.domain.printing.marks import POINT, Box, Code, Disc, Line, Mark, Text, Weight
from app.domain.printing.marks import Image as Pasted
from app.domain.printing.papers import Size
from app.printing import faces
from app.printing.faces import Face

DOTS = 6
"""A millimetre, in the picture: 152 dots an inch."""
FINER = 2
"""Drawn so much larger first, so that edges are smooth."""
WHITE = (255, 255, 255)
MOST_SIZES = 128


class Picture:
    """One sheet of so many millimetres, white."""

    def __init__(self, size: Size, *, dots: int = DOTS) -> None:
        self._scale = dots * FINER
        pixels = round(size[0] * self._scale), round(size[1] * self._scale)
        self._image = Image.new("RGB", pixels, WHITE)
        self._pen = ImageDraw.Draw(self._image)

    def draw(self, marks: Iterable[Mark], x: float = 0, y: float = 0) -> None:
        for mark in marks:
            self._draw(mark, x, y)

    def draw_turned(self, marks: Iterable[Mark], x: float, y: float, size: Size) -> None:
        """Upside down within a box of this size at that place."""
        other = Picture(size, dots=self._scale // FINER)
        other.draw(marks)
        self._image.paste(other._image.rotate(180), (round(x * self._scale), round(y * self._scale)))

    def png(self) -> bytes:
        out = io.BytesIO()
        smooth = self._image.reduce(FINER).quantize(64, dither=Image.Dither.NONE)
        smooth.save(out, "PNG", compress_level=6)
        return out.getvalue()

    def _draw(self, mark: Mark, x: float, y: float) -> None:
        if isinstance(mark, Text):
            self._text(mark, x, y)
        elif isinstance(mark, Code):
            self._code(mark, x, y)
        elif isinstance(mark, Line):
            self._line(mark, x, y)
        elif isinstance(mark, Pasted):
            self._paste(mark, x, y)
        else:
            self._shape(mark, x, y)

    def _text(self, mark: Text, x: float, y: float) -> None:
        at, pixels = x + mark.x, mark.size * POINT * self._scale
        for face, text in faces.runs(mark.text, mark.weight):
            stroke = round(pixels * 0.0175) if face is Face.HANJA and mark.weight is Weight.BOLD else 0
            place = at * self._scale, (y + mark.y) * self._scale
            self._pen.text(
                place,
                text,
                fill=mark.colour,
                font=_font(face, round(pixels, 1)),
                anchor="ls",
                stroke_width=stroke,
            )
            at += faces.measure(mark.weight)(text) * mark.size * POINT

    def _code(self, mark: Code, x: float, y: float) -> None:
        rows = qr.rows(mark.text, qr.BADGE)
        bits = Image.new("L", (len(rows), len(rows)), 255)
        bits.putdata([0 if dark == "1" else 255 for row in rows for dark in row])
        side = max(len(rows), round(mark.side * self._scale))
        place = round((x + mark.x) * self._scale), round((y + mark.y) * self._scale)
        self._image.paste(bits.resize((side, side), Image.Resampling.NEAREST), place)

    def _paste(self, mark: Pasted, x: float, y: float) -> None:
        box = round(mark.width * self._scale), round(mark.height * self._scale)
        with Image.open(io.BytesIO(mark.data)) as found:
            fitting = ImageOps.contain(found.convert("RGB"), box)
        left = round((x + mark.x) * self._scale) + (box[0] - fitting.width) // 2
        top = round((y + mark.y) * self._scale) + (box[1] - fitting.height) // 2
        self._image.paste(fitting, (left, top))

    def _line(self, mark: Line, x: float, y: float) -> None:
        ends = (x + mark.x, y + mark.y), (x + mark.to_x, y + mark.to_y)
        for start, end in _dashes(*ends, mark.dash):
            points = [(a * self._scale, b * self._scale) for a, b in (start, end)]
            self._pen.line(points, fill=mark.colour, width=self._thick(mark.line))

    def _shape(self, mark: Box | Disc, x: float, y: float) -> None:
        left, top = x + mark.x, y + mark.y
        if isinstance(mark, Disc):
            edges = left - mark.radius, top - mark.radius, left + mark.radius, top + mark.radius
            draw = self._pen.ellipse
        else:
            edges = left, top, left + mark.width, top + mark.height
            draw = self._pen.rectangle
        width = self._thick(mark.line) if mark.outline else 0
        draw([edge * self._scale for edge in edges], fill=mark.fill, outline=mark.outline, width=width)

    def _thick(self, line: float) -> int:
        return max(1, round(line * self._scale))


Point = tuple[float, float]


def _dashes(start: Point, end: Point, dash: float) -> list[tuple[Point, Point]]:
    if not dash:
        return [(start, end)]
    length = ((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5
    step = (end[0] - start[0]) / length, (end[1] - start[1]) / length

    def at(along: float) -> Point:
        return start[0] + step[0] * along, start[1] + step[1] * along

    return [
        (at(2 * dash * number), at(min(length, 2 * dash * number + dash)))
        for number in range(int(length / (2 * dash)) + 1)
    ]


@lru_cache(maxsize=MOST_SIZES)
def _font(face: Face, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(face.path, pixels, layout_engine=ImageFont.Layout.BASIC)
