"""Marks as a PDF: type embedded as far as it is used, QR codes as vectors. fpdf2 is loaded when something is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from app import qr
from app.domain.printing.marks import POINT, Box, Code, Colour, Disc, Line, Mark, Text
from app.domain.printing.papers import Size
from app.printing import faces
from app.printing.faces import Face

if TYPE_CHECKING:
    from fpdf import FPDF

STROKE = 0.035
"""Of the size: what a stroke adds to Hanja in bold, which the fallback face has in one weight only."""
_DARK = re.compile("1+")


class Pdf:
    """A document that is made page by page, each of its own size, and finished once."""

    def __init__(self, *, title: str, locale: str) -> None:
        from fpdf import FPDF

        self._pdf: FPDF = FPDF(unit="mm")
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_title(title)
        self._pdf.set_lang("ko-KR" if locale == "ko" else "en")
        self._pdf.set_creator("Dongmun")
        self._pdf.c_margin = 0
        self._faces: set[Face] = set()

    def page(self, size: Size) -> None:
        """A new page of so many millimetres; marks go on the last one."""
        self._pdf.add_page(format=size)

    def draw(
        self, marks: Iterable[Mark], x: float = 0, y: float = 0, *, turned_in: Size | None = None
    ) -> None:
        """The marks, moved right and down. `turned_in`: upside down within a box of this size at that place."""
        around = (
            self._pdf.rotation(180, x + turned_in[0] / 2, y + turned_in[1] / 2)
            if turned_in
            else nullcontext()
        )
        with around:
            for mark in marks:
                self._draw(mark, x, y)

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def _draw(self, mark: Mark, x: float, y: float) -> None:
        if isinstance(mark, Text):
            self._text(mark, x, y)
        elif isinstance(mark, Code):
            self._code(mark, x, y)
        elif isinstance(mark, Line):
            self._line(mark, x, y)
        else:
            self._shape(mark, x, y)

    def _text(self, mark: Text, x: float, y: float) -> None:
        at = x + mark.x
        self._pdf.set_text_color(*mark.colour)
        for face, text in faces.runs(mark.text, mark.weight):
            self._use(face, mark.size)
            if face is Face.HANJA and mark.weight == "bold":
                self._stroked(at, y + mark.y, text, mark)
            else:
                self._pdf.text(at, y + mark.y, text)
            at += faces.measure(mark.weight)(text) * mark.size * POINT

    def _use(self, face: Face, size: float) -> None:
        if face not in self._faces:
            self._pdf.add_font(face.value, fname=face.path)
            self._faces.add(face)
        self._pdf.set_font(face.value, size=size)

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
