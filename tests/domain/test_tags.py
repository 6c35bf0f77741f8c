"""Tags as organizers type them."""

from __future__ import annotations

import unicodedata

import pytest

from app.domain.errors import DomainError
from app.domain.registering.tags import read, tag_key, written


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("연사, VIP", ["연사", "VIP"]),
        ("  연사 ,, vip,VIP ", ["연사", "vip"]),
        ("연사，스태프、촬영", ["연사", "스태프", "촬영"]),
        (unicodedata.normalize("NFD", "연사") + ",연사", ["연사"]),
        ("table\u200b 1", ["table 1"]),
        (" , ", []),
    ],
)
def test_a_line_is_read_as_tags_each_of_them_once(typed: str, meant: list[str]) -> None:
    assert read(typed) == meant


def test_what_is_written_is_read_again() -> None:
    assert read(written(["연사", "VIP 석"])) == ["연사", "VIP 석"]


def test_case_and_spaces_make_no_other_tag() -> None:
    assert tag_key("VIP 석") == tag_key("vip석") != tag_key("vip")


def test_a_tag_is_a_word_and_no_sentence() -> None:
    with pytest.raises(DomainError, match="tag_too_long"):
        read("가" * 31)
