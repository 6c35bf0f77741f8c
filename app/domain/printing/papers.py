"""Papers and what lies on them: one sheet, labels in rows, one badge a page for a label printer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.printing.marks import Line

Size = tuple[float, float]
A4: Size = (210, 297)
A6: Size = (105, 148)
SMALLEST, LARGEST = 20, 450
"""Of a page, in millimetres."""
LABEL_SMALLEST: Size = (40, 25)
MOST_LABELS = 40
"""In a row or a column."""
SLACK = 0.05
"""Catalogues round their measures to a tenth."""


@dataclass(frozen=True)
class Place:
    """Where a label lies: on which page, from 0, and where its upper left corner is."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Labels of one size in rows on a page. `folds`: each is folded in the middle of its height, so that both
    sides of what hangs from a lanyard say the same."""

    page: Size
    label: Size
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    gap_x: float = 0
    gap_y: float = 0
    folds: bool = False
    cut: bool = False  # plain paper: lines show where to cut

    @property
    def a_page(self) -> int:
        return self.columns * self.rows

    @property
    def face(self) -> Size:
        """What is designed: a label, or the half of it that is to be seen."""
        width, height = self.label
        return (width, height / 2) if self.folds else self.label

    def sides(self, place: Place) -> Iterator[tuple[float, float, bool]]:
        """Where a design lies on a label, and whether upside down there: once, or on both halves of what folds."""
        if self.folds:
            yield place.x, place.y, True
        yield place.x, place.y + (self.label[1] - self.face[1]), False

    def lines(self) -> Iterator[Line]:
        """Where to fold and where to cut, on one page."""
        width, height = self.label
        for place in self.places(self.a_page) if self.folds or self.cut else ():
            middle, right, foot = place.y + height / 2, place.x + width, place.y + height
            if self.folds:
                yield Line(place.x, middle, right, middle, dash=1)
            for x in (place.x, right) if self.cut else ():
                if SLACK < x < self.page[0] - SLACK:
                    yield Line(x, place.y, x, foot)
            for y in (place.y, foot) if self.cut else ():
                if SLACK < y < self.page[1] - SLACK:
                    yield Line(place.x, y, right, y)

    def pages(self, number: int, start: int = 0) -> int:
        """So many sheets for so many labels, where the first `start` places of the first are used up."""
        return -(-(number + start) // self.a_page) if number else 0

    def places(self, number: int, start: int = 0) -> Iterator[Place]:
        """Row by row, beginning behind the places that are used up."""
        width, height = self.label
        for place in range(start, start + number):
            page, on_page = divmod(place, self.a_page)
            row, column = divmod(on_page, self.columns)
            yield Place(
                page, self.left + column * (width + self.gap_x), self.top + row * (height + self.gap_y)
            )


def require_printable(layout: Layout) -> None:
    """Refuse measures that no page has, or labels that don't fit on theirs."""
    if not all(SMALLEST <= side <= LARGEST for side in layout.page):
        raise DomainError("page_size", least=SMALLEST, most=LARGEST)
    if any(side < least for side, least in zip(layout.face, LABEL_SMALLEST, strict=True)):
        raise DomainError("label_too_small", width=LABEL_SMALLEST[0], height=LABEL_SMALLEST[1])
    if not (1 <= layout.columns <= MOST_LABELS and 1 <= layout.rows <= MOST_LABELS):
        raise DomainError("too_many_labels", limit=MOST_LABELS)
    if min(layout.left, layout.top, layout.gap_x, layout.gap_y) < 0:
        raise DomainError("labels_beyond_the_page")
    last = list(layout.places(layout.a_page))[-1]
    right, foot = last.x + layout.label[0], last.y + layout.label[1]
    if right > layout.page[0] + SLACK or foot > layout.page[1] + SLACK:
        raise DomainError("labels_beyond_the_page")
