"""Where a text says somebody's name: as a word of its own, and no other word that only has its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

GONE = "···"
SHORTEST, OWN = (
    2,
    3,
)  # a shorter name stands in any text; from three syllables on a name is seldom another word, too
_CALLED = "선생님|교수님|대표님|이사님|팀장님|회장님|선배님?|후배님?|동문님?|님|씨|군|양"
_PARTICLES = (
    "에게서|에게|한테서|한테|께서|께|이라고|라고|이라는|라는|이에요|예요|입니다|이랑|랑|하고|으로|로|부터|까지|보다|처럼|"
    "이고|이며|이나|나|이야|야|아|이|가|은|는|을|를|의|과|와|도|만"
)
_ENDS = rf"(?:{_PARTICLES}){{0,3}}(?!\w)"
_TITLED = "|".join(
    rf"(?<=\b{title} )" for title in ("Mr", r"Mr\.", "Ms", r"Ms\.", "Mrs", r"Mrs\.", "Dr", r"Dr\.")
)
_HAS_SYLLABLES = re.compile(r"[\u3400-\u9fff\uac00-\ud7a3]+")


def says(text: str, names: Iterable[str]) -> bool:
    return any(found.search(text) for found in map(_pattern, names) if found)


def without(text: str, names: Iterable[str]) -> str:
    """The text with these names replaced, and nothing else of it. What hangs on a name in Korean stays: 김하늘이 is ···이."""
    for found in map(_pattern, sorted(names, key=len, reverse=True)):
        text = found.sub(GONE, text) if found else text
    return text


@lru_cache(maxsize=64)
def _pattern(name: str) -> re.Pattern[str] | None:
    """A name that may be another word, such as 이상 or Will, counts only where somebody is spoken of (이상 님, Mr Will) and
    where it is the whole text."""
    words = unicodedata.normalize("NFC", name).split()
    if len("".join(words)) < SHORTEST:
        return None
    written = r"\s".join(map(re.escape, words))
    alone = rf"(?:(?<=\A){written}(?=\Z))"
    if _is_own(words):
        return re.compile(rf"{alone}|(?<!\w){written}(?=(?:{_CALLED})?{_ENDS})", re.IGNORECASE)
    spoken_of = rf"(?<!\w){written}(?=\s?(?:님|씨){_ENDS})|(?:{_TITLED}){written}(?!\w)"
    return re.compile(rf"{alone}|{spoken_of}", re.IGNORECASE)


def _is_own(words: list[str]) -> bool:
    """Several words, or syllables enough."""
    return len(words) > 1 or bool(_HAS_SYLLABLES.fullmatch(words[0]) and len(words[0]) >= OWN)
