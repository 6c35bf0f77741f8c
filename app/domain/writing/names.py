"""Names of people: Unicode, NFC, shown as typed; found by whatever people type to find them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.domain.writing import korean, romanization

# Joiners shape some scripts' names and stay; other invisible characters can only deceive.
_JOINERS = "\u200c\u200d"
_FILLERS = "\u115f\u1160\u3164\uffa0"
_CLUSTERS = dict(
    zip(
        "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
        ["ㄱㅅ", "ㄴㅈ", "ㄴㅎ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ", "ㄹㅌ", "ㄹㅍ", "ㄹㅎ", "ㅂㅅ"],
        strict=True,
    )
)
_PLAIN_LATIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_LONGEST_KEY = 1000
_SHORT_SOUND = 3  # shorter ones are matched only where a name begins


@dataclass(frozen=True, slots=True)
class NameQuery:
    """What was typed into a search field, and how to look for it.

    choseong, text: someone matches if any of `alternatives` is a substring of their stored
    search key. digits: `value` ends their phone number. address: `value` is part of theirs.
    """

    kind: Literal["choseong", "text", "digits", "address", "empty"]
    value: str
    alternatives: tuple[str, ...] = ()


def _is_hidden(char: str) -> bool:
    if char in _JOINERS:
        return False
    return char in _FILLERS or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")


def clean_name(text: str) -> str:
    """The name as typed: NFC, spaces trimmed and collapsed, nothing invisible or overriding in it."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    visible = "".join(c for c in spaced if not _is_hidden(c))
    name = unicodedata.normalize("NFC", " ".join(visible.split()))
    return name if any(unicodedata.category(c)[0] in "LNSP" for c in name) else ""


def name_key(text: str) -> str:
    """Equal for two spellings of one name: case, spacing and composition do not count."""
    bare = clean_name(text).replace(" ", "").translate(dict.fromkeys(map(ord, _JOINERS)))
    return unicodedata.normalize("NFC", bare.casefold())


def choseong(text: str) -> str:
    """The leading consonants of the Hangul syllables in a text: 김하나 is ㄱㅎㄴ."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(korean.LEADS[korean.split_syllable(c)[0]] for c in composed if korean.is_syllable(c))


def masked(name: str) -> str:
    """A name that its owner recognises and a stranger does not: 김*수, J**n-L*c."""
    letters = r"(?:[^\W_][\u0300-\u036f]*)"
    return re.sub(rf"{letters}+", lambda run: _masked_run(re.findall(letters, run[0])), clean_name(name))


def _masked_run(letters: list[str]) -> str:
    if len(letters) < 3:
        return letters[0] + "*" if len(letters) == 2 else "*"
    return letters[0] + "*" * (len(letters) - 2) + letters[-1]


def _fold(text: str) -> str:
    """Letters and digits only, without case, marks or width: what text search compares."""
    plain = unicodedata.normalize("NFKD", name_key(text).translate(_PLAIN_LATIN))
    unmarked = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return "".join(
        c for c in unicodedata.normalize("NFKC", unmarked) if c.isalnum() or unicodedata.category(c)[0] == "M"
    )


def _words(text: str) -> list[str]:
    """The words of a name; what stands in brackets is a name of its own."""
    return [w for w in re.split(r"[\s()\[\]/,（）]+", clean_name(text)) if w]


def _keys_of(name: str) -> Iterable[str]:
    words = _words(name)
    hangul = [w for w in words if all(korean.is_syllable(c) for c in w)]
    others = [w for w in words if w not in hangul]
    yield _fold(name)
    yield _fold("".join(words[-1:] + words[:-1]))
    yield choseong(name)
    if hangul:
        surname, given = romanization.split_name("".join(hangul))
        yield given + surname
        yield from romanization.name_sounds(surname + given)
    latin = [_fold(w) for w in others if _fold(w).isascii()]
    yield romanization.sound("".join(latin))
    yield romanization.sound("".join(latin[-1:] + latin[:-1]))


def search_key(name: str, other_names: Iterable[str] = ()) -> str:
    """What to store beside a name so that one substring search finds it every way people try.

    Keys stand between bars: |김하나|하나김|ㄱㅎㄴ|gimhana|…|
    """
    keys = dict.fromkeys(key for n in (name, *other_names) for key in _keys_of(n) if key)
    joined = f"|{'|'.join(keys)}|" if keys else ""
    return joined if len(joined) <= _LONGEST_KEY else joined[: joined.rindex("|", 0, _LONGEST_KEY) + 1]


def _consonants(text: str) -> str:
    """The query with every form of a lone consonant as its compatibility letter, clusters apart."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        if "\u1100" <= char <= "\u1112":
            out.append(korean.LEADS[ord(char) - 0x1100])
            continue
        narrow = unicodedata.decomposition(char)
        wide = chr(int(narrow.split()[1], 16)) if narrow.startswith("<narrow> 31") else char
        out.append(_CLUSTERS.get(wide, wide))
    return "".join(out)


def query_key(text: str) -> NameQuery:
    """How to look for what was typed: 초성 in any encoding, a name, its romanisation, digits, an address."""
    typed = clean_name(_consonants(text))
    if "@" in typed:
        return NameQuery("address", typed.casefold())
    digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isascii() and c.isdigit())
    if digits and not any(c.isalpha() for c in typed):
        return NameQuery("digits", digits)
    if any(c in korean.LEADS for c in typed):
        leads = "".join(c if c in korean.LEADS else choseong(c) for c in typed)
        return NameQuery("choseong", leads, (leads,))
    value = _fold(typed)
    return NameQuery("text", value, _alternatives(value)) if value else NameQuery("empty", "")


def _alternatives(value: str) -> tuple[str, ...]:
    if value.isascii() and value.isalpha() and not romanization.has_vowel(value):
        # Initials or a slip: no sound. Two letters may begin a Latin name (Ng, Smith), one may be a name.
        return (f"|{value}" if len(value) > 1 else f"|{value}|",)
    spoken = (
        value.isascii() and value.isalpha() and romanization.is_spoken(value)
    )  # lee24 is a part of an address
    heard = romanization.sound(value) if spoken else ""
    if not heard or heard == value:
        return (value,)
    return (value, heard if len(heard) >= _SHORT_SOUND else f"|{heard}")


def matches(query: NameQuery, key: str) -> bool:
    """Whether a stored search key answers a query by name (digits and addresses are not in it)."""
    return any(part in key for part in query.alternatives)
