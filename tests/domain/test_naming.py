"""A name in a text: found as people write of somebody, and no other word is taken for it."""

import pytest

from app.domain.writing import naming


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("김하늘", "김하늘이 발표해요.", "···이 발표해요."),
        ("김하늘", "발표: 김하늘 님, 박바다 님", "발표: ··· 님, 박바다 님"),
        ("김하늘", "김하늘님께서는 늦어요", "···님께서는 늦어요"),
        ("김하늘", "(김하늘)과 함께", "(···)과 함께"),
        ("이상", "이상 님이 발표해요", "··· 님이 발표해요"),
        ("이상", "이상", "···"),
        ("Hanbit Nuri", "Talk by Hanbit Nuri's team", "Talk by ···'s team"),
        ("Will", "We thank Mr. Will for it", "We thank Mr. ··· for it"),
        ("山田太郎", "山田太郎さん", "山田太郎さん"),
        ("山田太郎", "山田太郎 / 鈴木", "··· / 鈴木"),
    ],
)
def test_the_name_alone_goes(name: str, text: str, left: str) -> None:
    assert naming.without(text, [name]) == left
    assert naming.says(text, [name]) is (left != text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("이상", "40명 이상 모였어요. 이상이 없어요."),
        ("김하늘", "김하늘빛 카페에서 만나요"),
        ("하늘이", "김하늘이 발표해요"),
        ("게스트", "게스트하우스에 묵어요"),
        ("status", "status=confirmed"),
        ("Will", "We will meet. Will it rain?"),
        ("김", "김 님"),
        ("···", "··· 님"),
    ],
)
def test_another_word_with_its_letters_stays(name: str, text: str) -> None:
    assert naming.without(text, [name]) == text
