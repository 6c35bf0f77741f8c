from __future__ import annotations

import pytest

from app.domain.errors import DomainError
from app.domain.printing.papers import A4, A6, Layout, Place, require_printable

EIGHT = Layout(page=A4, label=(99.1, 67.7), columns=2, rows=4, left=4.65, top=13.1, gap_x=2.5)


def test_labels_lie_row_by_row_and_go_on_the_next_page():
    places = list(EIGHT.places(9))

    assert places[0] == Place(0, 4.65, 13.1)
    assert places[1] == Place(0, pytest.approx(106.25), 13.1)
    assert places[2] == Place(0, 4.65, pytest.approx(80.8))
    assert places[8] == Place(1, 4.65, 13.1)


def test_a_sheet_that_is_half_used_up_is_begun_where_it_was_left():
    places = list(EIGHT.places(4, start=6))

    assert [place.page for place in places] == [0, 0, 1, 1]
    assert places[0] == Place(0, 4.65, pytest.approx(13.1 + 3 * 67.7))
    assert EIGHT.pages(4, start=6) == 2


@pytest.mark.parametrize(
    ("number", "start", "pages"), [(0, 3, 0), (8, 0, 1), (9, 0, 2), (8, 1, 2), (400, 0, 50)]
)
def test_sheets_are_counted(number: int, start: int, pages: int):
    assert EIGHT.pages(number, start) == pages


def test_what_folds_is_designed_on_one_half():
    assert Layout(page=A6, label=A6, folds=True).face == (105, 74)


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        (Layout(page=(10, 300), label=(10, 30)), "page_size"),
        (Layout(page=A4, label=(30, 20)), "label_too_small"),
        (Layout(page=A4, label=(90, 40), folds=True), "label_too_small"),
        (Layout(page=A4, label=(90, 55), columns=0), "too_many_labels"),
        (Layout(page=A4, label=(90, 55), columns=2, left=-1), "labels_beyond_the_page"),
        (Layout(page=A4, label=(90, 55), columns=2, left=31), "labels_beyond_the_page"),
        (Layout(page=A4, label=(90, 55), rows=5, top=23), "labels_beyond_the_page"),
    ],
)
def test_measures_that_no_page_has_are_refused(layout: Layout, code: str):
    with pytest.raises(DomainError) as refusal:
        require_printable(layout)

    assert refusal.value.code == code


def test_measures_that_fit_to_a_tenth_are_taken():
    require_printable(Layout(page=A4, label=(105, 148.5), columns=2, rows=2, folds=True))
    require_printable(EIGHT)
