"""PDFs read back: their pages as pictures, their text as a reader would copy it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pypdfium2
from PIL import Image

from app.domain.printing.marks import Mark
from app.domain.printing.papers import Size
from app.printing.pdf import Pdf

DOTS_AN_INCH = 200


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Each page's width and height, in whole millimetres."""
    with pypdfium2.PdfDocument(pdf) as document:
        found = [page.get_size() for page in document]
    return [(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in found]


def picture(pdf: bytes, page: int = 0, *, dots: int = DOTS_AN_INCH) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=dots / 72).to_pil().convert("RGB")


def as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def printed(marks: Sequence[Mark], size: Size = (100, 60)) -> bytes:
    """One page with these marks."""
    pdf = Pdf(title="Title", locale="ko")
    pdf.page(size)
    pdf.draw(marks)
    return pdf.finished()
