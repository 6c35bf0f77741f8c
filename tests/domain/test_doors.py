"""What an organizer may write about a door, and patterns made of samples."""

from __future__ import annotations

import pytest

from app.domain.door.doors import DoorDraft, lines, pattern_of, rules, whole_pattern
from app.domain.meetup_drafts import Unusable


@pytest.mark.parametrize(
    ("samples", "pattern"),
    [
        (["https://con.example/2026/t/AB12CD"], "https://con.example/2026/t/"),
        (["https://con.example/badge?id=991827"], "https://con.example/badge?id="),
        (["https://con.example/verify?event=7&x=1"], "https://con.example/verify?event="),
        (["PYCON-000123"], "PYCON-"),
        (["BADGE:1:김하늘", "BADGE:1:이바다"], "BADGE:1:"),
        (["https://con.example/t/AB12", "https://con.example/t/AX99", "https://con.example/t/QQ"], "https://con.example/t/"),
        (["a*b-c-1", "a*b-c-2"], "ab-c-"),
        (["991827"], None),
        (["abc", "xyz"], None),
    ],
)  # fmt: skip
def test_a_pattern_is_what_the_samples_share_and_not_what_is_one_guest_s_own(
    samples: list[str], pattern: str | None
):
    assert pattern_of(samples) == pattern


def test_a_typed_beginning_is_enough_and_a_star_is_kept():
    assert whole_pattern("https://con.example/") == "https://con.example/*"
    assert whole_pattern("*con.example*") == "*con.example*"


def test_lines_are_tidied_and_each_stands_once():
    assert lines(" 정문 \r\n\r\n후문\n정문\n\x00") == ["정문", "후문"]


def refused(**typed: str) -> dict[str, str]:
    with pytest.raises(Unusable) as raised:
        rules(DoorDraft(**typed))  # type: ignore[arg-type]
    return {where: problem.code for where, problem in raised.value.problems.items()}


def test_everything_that_is_wrong_is_said_at_once():
    assert refused(
        gates="\n".join(f"gate {n}" for n in range(21)),
        ticks="x" * 21,
        host_patterns="*a*",
        host_samples="abc\nxyz",
    ) == {
        "gates": "too_many_lines",
        "ticks": "line_too_long",
        "host_patterns": "pattern_too_open",
        "host_samples": "samples_differ",
    }


def test_a_sample_becomes_one_more_pattern_once():
    typed = DoorDraft(host_patterns="BADGE-", host_samples="https://con.example/t/1\nhttps://con.example/t/2")

    assert rules(typed).host_patterns == ["BADGE-", "https://con.example/t/"]
    assert rules(DoorDraft(host_patterns="PYCON-", host_samples="PYCON-000123")).host_patterns == ["PYCON-"]
