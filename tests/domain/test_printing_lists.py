"""What stands where on a list: nothing beyond the page, nobody twice, nobody lost between two pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.printing import lists
from app.domain.printing.lists import Columns, Frame, Guest, Part
from app.domain.printing.marks import POINT, Mark, Text

FRAME = Frame(
    "Spring evening", "Hall", "Check-in list", "As of now", "Destroy", lambda n, all_: f"{n} / {all_}"
)
COLUMNS = Columns("No.", "Name", "Cohort", "Office", "Signature")


def narrow(_weight: object) -> object:
    return lambda text: 0.5 * len(text)


def texts(pages: list[list[Mark]]) -> list[str]:
    return [mark.text for page in pages for mark in page if isinstance(mark, Text)]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 90), min_size=1, max_size=4), st.booleans())
def test_everybody_stands_on_the_list_once(sizes: list[int], signed: bool) -> None:
    parts = [
        Part(f"part {place}", [Guest(f"guest {place}-{number}.") for number in range(size)])
        for place, size in enumerate(sizes)
    ]

    pages = (
        lists.sign_pages(parts, FRAME, COLUMNS, narrow, purpose="what", spare=3)
        if signed
        else lists.tick_pages(parts, FRAME, narrow)
    )

    found = [text for text in texts(pages) if text.startswith("guest")]
    assert found == [guest.name for part in parts for guest in part.guests]
    assert [page[-1].text for page in pages] == [f"{n} / {len(pages)}" for n in range(1, len(pages) + 1)]


@pytest.mark.parametrize("companions", [0, 2, 9])
def test_the_longest_words_stay_on_the_page(companions: int) -> None:
    guest = Guest("긴 이름 " * 40, "제일 긴 기수 " * 9, ("동반 참석자 " * 9,) * companions, "오후 12:00 " * 9)
    part = [Part("기수 " * 3, [guest])]

    pages = lists.tick_pages(part, FRAME, narrow) + lists.sign_pages(
        part, FRAME, COLUMNS, narrow, purpose="글 " * 900
    )

    for mark in (mark for page in pages for mark in page if isinstance(mark, Text)):
        assert mark.x + narrow(None)(mark.text) * mark.size * POINT <= lists.RIGHT + 0.01, mark
        assert mark.y <= lists.FOOT + 4


@pytest.mark.parametrize(
    ("name", "initial"),
    [("김하늘", "ㄱ"), ("까치", "ㄲ"), ("Ana", "A"), ("ana", "A"), ("金東文", ""), ("", "")],
)
def test_a_name_is_looked_up_by_its_first_sound(name: str, initial: str) -> None:
    assert lists.initial_of(name) == initial
