"""The preview picture: size, words that fit, drawn once for each version."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app import cards
from app.lettering import drawable, fitted, font, wrapped
from tests.factories import make_meetup

TITLES = ["", "동문 밋업", "가" * 200, "W" * 200, "🎉 同門 🎉", "제1회 머신러닝 부트캠프 동문 밋업 " * 9]


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("locale", ["ko", "en"])
def test_any_title_makes_a_picture_of_the_size_that_chats_expect(app: Any, title: str, locale: str):
    meetup = make_meetup(title_ko=title, title_en="")

    with Image.open(io.BytesIO(cards.card_png(meetup, locale))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_a_new_version_is_a_new_picture(app: Any):
    old, new = make_meetup(title_ko="처음"), make_meetup(title_ko="나중")
    first = cards.card_png(old, "ko")
    new.id = old.id  # the same meetup, as it is called after a revision

    assert cards.card_png(new, "ko") == first
    new.version = 2
    assert cards.card_png(new, "ko") != first


@given(st.text(alphabet="가나다라 abcWWW마바사", max_size=120), st.integers(200, 900))
def test_no_line_is_wider_than_its_room(text: str, width: int):
    chosen = font("Bold", 60)

    lines = wrapped(text, chosen, width)

    assert all(chosen.getlength(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_break_between_words():
    assert wrapped("머신러닝 부트캠프 동문", font("Bold", 60), 300) == ["머신러닝", "부트캠프", "동문"]


def test_what_does_not_fit_is_cut_with_a_sign():
    _, lines = fitted("동문 밋업 " * 50, "Bold", (60, 50), 400, 2)

    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_signs_that_the_type_lacks_are_left_out():
    assert drawable("동문 🎉 밋업 同門 (2026)") == "동문 밋업 (2026)"
