"""Hangul, letter by letter: syllables taken apart, and the particle that fits a word."""

from __future__ import annotations

import unicodedata

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
RIEUL = 8  # the final consonant ㄹ, which 으로 treats like none

# With a final consonant, without one.
_PARTICLES = (
    ("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"), ("이에요", "예요"),
    ("아", "야"), ("이나", "나"), ("이라", "라"), ("이랑", "랑"),
)  # fmt: skip
# How a digit is read decides: 영 일 이 삼 사 오 육 칠 팔 구 (and 십, 백, 천, 만 for a trailing 0).
_DIGIT_FINALS = {"0": 21, "1": RIEUL, "3": 16, "6": 1, "7": RIEUL, "8": RIEUL}
_LETTER_FINALS = {"l": RIEUL, "m": 16, "n": 4, "r": RIEUL}


def is_syllable(char: str) -> bool:
    return FIRST_SYLLABLE <= ord(char) <= LAST_SYLLABLE


def split_syllable(char: str) -> tuple[int, int, int]:
    """The numbers of its lead, vowel and final consonant (0: no final)."""
    offset = ord(char) - FIRST_SYLLABLE
    return offset // 588, offset % 588 // 28, offset % 28


def _latin_final(word: str) -> int:
    """A guess at how Koreans read a Latin word's end: an acronym by letters, else by sound."""
    folded = word.casefold()
    last = folded[-1]
    if word[-1].isupper() or len(word) == 1:
        return _LETTER_FINALS.get(last, 0)
    if last == "l" or folded.endswith(("ble", "dle", "gle", "kle", "ple", "tle")):
        return RIEUL
    if last in "mn" or folded.endswith("ng"):
        return 4
    vowel_before = len(folded) > 1 and folded[-2] in "aeiou"
    return 1 if folded.endswith("ck") or (last in "bkpt" and vowel_before) else 0


def _final(word: str) -> int | None:
    """The final consonant of a word as read aloud, or None where nobody can tell."""
    spoken = unicodedata.normalize("NFC", word).rstrip()
    while spoken and not spoken[-1].isalnum():
        spoken = spoken[:-1]
    if not spoken:
        return None
    last = spoken[-1]
    if is_syllable(last):
        return split_syllable(last)[2]
    if last.isascii():
        return _DIGIT_FINALS.get(last, 0) if last.isdigit() else _latin_final(spoken)
    return None


def josa(word: str, pair: str) -> str:
    """The word with the particle that fits it: josa("명단", "을/를") is "명단을".

    The pair may be written in either order, and (으)로 as such. A word in a script
    that says nothing about its sound gets both: "山田은(는)".
    """
    wanted = ("으로", "로") if pair == "(으)로" else tuple(pair.split("/"))
    with_final, without = next(p for p in _PARTICLES if set(p) == set(wanted))
    final = _final(word)
    if final is None:
        return f"{word}(으)로" if without == "로" else f"{word}{with_final}({without})"
    if final == 0 or (final == RIEUL and without == "로"):
        return word + without
    return word + with_final
