"""Marks as a PDF: type embedded as far as it is used, QR codes as vectors. fpdf2 is loaded when something is printed.

Marks are kept until the document is finished: which signs it needs of a face is known then, and these alone are given to fpdf2, which
takes a second to read a whole face of Korean, anew for each document.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app import qr
from app.domain.printing.marks import POINT, Box, Code, Colour, Disc, Image, Line, Mark, Text
from app.domain.printing.papers import Size
from app.printing import faces
from app.printing.faces import Face

if TYPE_CHECKING:
    from fpdf import FPDF

STROKE = 0.035
"""Of the size: what a stroke adds to Hanja in bold, which the fallback face has in one weight only."""
_DARK = re.compile("1+")


@dataclass(frozen=True, slots=True)
class _Put:
    """Marks and where they go on their page."""

    marks: Sequence[Mark]
    x: float
    y: float
    turned_in: Size | None


class Pdf:
    """A document that is made page by page, each of its own size, and finished once."""

    def __init__(self, *, title: str, locale: str) -> None:
        self._title, self._language = title, "ko-KR" if locale == "ko" else "en"
        self._pages: list[tuple[Size, list[_Put]]] = []

    def page(self, size: Size) -> None:
        """A new page of so many millimetres; marks go on the last one."""
        self._pages.append((size, []))

    def draw(
        self, marks: Iterable[Mark], x: float = 0, y: float = 0, *, turned_in: Size | None = None
    ) -> None:
        """The marks, moved right and down. `turned_in`: upside down within a box of this size at that place."""
        self._pages[-1][1].append(_Put(tuple(marks), x, y, turned_in))

    def finished(self) -> bytes:
        from fpdf import FPDF

        pdf = FPDF(unit="mm")
        pdf.set_auto_page_break(auto=False)
        pdf.set_title(self._title)
        pdf.set_lang(self._language)
        pdf.set_creator("Dongmun")
        with TemporaryDirectory() as folder:
            self._add_type(pdf, Path(folder))
            painter = _Painter(pdf)
            for size, puts in self._pages:
                pdf.add_page(format=size)
                for put in puts:
                    painter.put(put)
            return bytes(pdf.output())

    def _add_type(self, pdf: FPDF, folder: Path) -> None:
        """As much of each face as is used."""
        signs: defaultdict[Face, set[str]] = defaultdict(set)
        texts = {
            (mark.text, mark.weight)
            for _size, puts in self._pages
            for put in puts
            for mark in put.marks
            if isinstance(mark, Text)
        }
        for text, weight in texts:
            for face, run in faces.runs(text, weight):
                signs[face].update(run)
        for face, used in signs.items():
            path = folder / f"{face.value}.ttf"
            path.write_bytes(faces.font(face).subset(map(ord, used)))
            pdf.add_font(face.value, fname=path)


class _Painter:
    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf

    def put(self, put: _Put) -> None:
        box = put.turned_in
        around = self._pdf.rotation(180, put.x + box[0] / 2, put.y + box[1] / 2) if box else nullcontext()
        with around:
            for mark in put.marks:
                self._draw(mark, put.x, put.y)

    def _draw(self, mark: Mark, x: float, y: float) -> None:
        if isinstance(mark, Text):
            self._text(mark, x, y)
        elif isinstance(mark, Code):
            self._code(mark, x, y)
        elif isinstance(mark, Line):
            self._line(mark, x, y)
        elif isinstance(mark, Image):
            data, at_x, at_y = io.BytesIO(mark.data), x + mark.x, y + mark.y
            self._pdf.image(data, at_x, at_y, mark.width, mark.height, keep_aspect_ratio=True)
        else:
            self._shape(mark, x, y)

    def _text(self, mark: Text, x: float, y: float) -> None:
        at = x + mark.x
        self._pdf.set_text_color(*mark.colour)
        for face, text in faces.runs(mark.text, mark.weight):
            self._pdf.set_font(face.value, size=mark.size)
            if face is Face.HANJA and mark.weight == "bold":
                self._stroked(at, y + mark.y, text, mark)
            else:
                self._pdf.text(at, y + mark.y, text)
            at += faces.measure(mark.weight)(text) * mark.size * POINT

    def _stroked(self, x: float, y: float, text: str, mark: Text) -> None:
        points = STROKE * mark.size  # fpdf2 2.8 writes this width as it is, in points whatever the unit
        with self._pdf.local_context(text_mode="FILL_STROKE", line_width=points):
            self._pdf.set_draw_color(*mark.colour)
            self._pdf.text(x, y, text)

    def _code(self, mark: Code, x: float, y: float) -> None:
        """One path, so that no viewer leaves hairlines between its rows."""
        rows = qr.rows(mark.text, qr.BADGE)
        module, k = mark.side / len(rows) * self._pdf.k, self._pdf.k
        left, top = (x + mark.x) * k, (self._pdf.h - y - mark.y) * k
        path = " ".join(
            f"{run.start()} {row} {run.end() - run.start()} 1 re"
            for row, dark in enumerate(rows)
            for run in _DARK.finditer(dark)
        )
        self._raw(f"q 0 g {module:.4f} 0 0 {-module:.4f} {left:.3f} {top:.3f} cm {path} f Q")

    def _line(self, mark: Line, x: float, y: float) -> None:
        pdf = self._pdf
        pdf.set_line_width(mark.line)
        pdf.set_draw_color(*mark.colour)
        pdf.set_dash_pattern(mark.dash, mark.dash)
        pdf.line(x + mark.x, y + mark.y, x + mark.to_x, y + mark.to_y)
        pdf.set_dash_pattern()

    def _shape(self, mark: Box | Disc, x: float, y: float) -> None:
        pdf = self._pdf
        style = _style(mark.fill, mark.outline)
        if mark.fill:
            pdf.set_fill_color(*mark.fill)
        if mark.outline:
            pdf.set_line_width(mark.line)
            pdf.set_draw_color(*mark.outline)
        if isinstance(mark, Disc):
            pdf.circle(x + mark.x, y + mark.y, mark.radius, style=style)
        else:
            pdf.rect(x + mark.x, y + mark.y, mark.width, mark.height, style=style)

    def _raw(self, content: str) -> None:
        out: Any = self._pdf._out
        out(content)


def _style(fill: Colour | None, outline: Colour | None) -> str:
    return ("F" if fill else "") + ("D" if outline else "")
