"""Designs put on labels, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.printing.marks import Mark
from app.domain.printing.papers import Layout
from app.printing.pdf import Pdf
from app.printing.picture import Picture


def print_labels(
    pdf: Pdf, layout: Layout, designs: Iterable[Sequence[Mark]], number: int, start: int = 0
) -> None:
    """`number` designs, the first `start` places of the first page left free."""
    page = -1
    for design, place in zip(designs, layout.places(number, start), strict=True):
        if place.page != page:
            pdf.page(layout.page)
            pdf.draw(layout.lines())
            page = place.page
        for x, y, is_turned in layout.sides(place):
            pdf.draw(design, x, y, turned_in=layout.face if is_turned else None)


def show_sheet(layout: Layout, designs: Sequence[Sequence[Mark]], *, dots: int) -> Picture:
    """One page with as many of these as it has places."""
    picture = Picture(layout.page, dots=dots)
    picture.draw(layout.lines())
    for design, place in zip(designs, layout.places(layout.a_page), strict=False):
        for x, y, is_turned in layout.sides(place):
            if is_turned:
                picture.draw_turned(design, x, y, layout.face)
            else:
                picture.draw(design, x, y)
    return picture
