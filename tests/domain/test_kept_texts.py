"""Texts as they are kept, whoever typed them and on which machine."""

from __future__ import annotations

import unicodedata

import pytest

from app.domain.writing.kept_texts import one_line, several_lines

DECOMPOSED = unicodedata.normalize("NFD", "가나 é")


@pytest.mark.parametrize(
    ("typed", "line", "lines"),
    [
        ("  전화로 확인  ", "전화로 확인", "전화로 확인"),
        (DECOMPOSED, "가나 é", "가나 é"),
        ("하나\r\n둘\r셋\n\n넷", "하나 둘 셋 넷", "하나\n둘\n셋\n\n넷"),
        ("하나\t둘", "하나 둘", "하나\t둘"),
        ("하나\x07둘\x1b[2J", "하나둘[2J", "하나둘[2J"),
        ("half \ud83d", "half", "half"),
        ("a  b ", "a b", "a  b"),
        ("👩\u200d🏫", "👩\u200d🏫", "👩\u200d🏫"),
        ("", "", ""),
        (None, "", ""),
    ],
)
def test_a_text_is_kept_as_typed_but_for_what_nobody_sees(typed: str | None, line: str, lines: str) -> None:
    assert (one_line(typed), several_lines(typed)) == (line, lines)
