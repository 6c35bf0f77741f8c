"""Hangul names in Latin letters, and a sound key in which the usual spellings meet.

정 is written jeong, jung, joung, chung; 현우 hyeonu, hyunwoo. Nobody searches by the
official spelling alone, so both the stored name and the query are folded to one rough
sound. The fold loses distinctions on purpose: a search may show one name too many. What nobody
can say (zzzz, ng, a key held down) has no sound, so that a slip never finds a stranger.
"""

from __future__ import annotations

import re

from app.domain.writing.korean import is_syllable, split_syllable

_LEADS = (
    "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj",
    "ch", "k", "t", "p", "h",
)  # fmt: skip
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u",
    "wo", "we", "wi", "yu", "eu", "ui", "i",
)  # fmt: skip
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l",
    "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip

# Spellings that families use and no rule of sound would reach.
_SURNAMES = {
    "이": ("lee", "yi", "rhee"), "박": ("park",), "임": ("lim", "yim"), "류": ("yu",), "유": ("ryu",),
    "노": ("roh",), "나": ("ra",), "라": ("na",), "백": ("paik",), "배": ("bai",),
    "허": ("hur",), "양": ("ryang",), "여": ("yeo",), "강": ("kang",), "구": ("koo",),
    "최": ("choi",), "우": ("woo",), "엄": ("um",), "심": ("shim",), "림": ("im",),
    "리": ("i",), "서": ("seo",), "용": ("ryong",), "염": ("ryeom",), "피": ("pi",),
    "선우": ("sunwoo",),
}  # fmt: skip
DOUBLE_SURNAMES = ("남궁", "선우", "황보", "제갈", "독고", "사공", "서문", "동방", "망절", "어금")

_FOLDS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"[^a-z]", ""),
        (r"rh", "r"), (r"sh", "s"), (r"ph", "p"), (r"tch|ch|jj", "j"), (r"ck|kk|gg|k|q|c", "g"),
        (r"tt|dd|t", "d"), (r"pp|bb|p", "b"), (r"ll|l", "r"),
        (r"h(?=[^aeiouyw]|$)", ""),
        (r"yeo|you|yoo|yu", "yu"), (r"weo|wo+|wu", "u"), (r"eo|eu|ou|oo", "u"),
        (r"ee", "i"), (r"ui|wi|yi", "i"),
        (r"ae|ai|ay", "e"), (r"oi|oy|we", "oe"),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


def romanize(text: str) -> str:
    """Revised Romanisation, syllable by syllable, as names are written; other letters stay."""
    out = []
    for char in text:
        if is_syllable(char):
            lead, vowel, final = split_syllable(char)
            out.append(_LEADS[lead] + _VOWELS[vowel] + _FINALS[final])
        else:
            out.append(char)
    return "".join(out)


def sound(latin: str) -> str:
    """The rough sound of a text in Latin letters."""
    folded = latin.casefold()
    for pattern, by in _FOLDS:
        folded = pattern.sub(by, folded)
    return folded


def has_vowel(latin: str) -> bool:
    """Whether somebody could say it; half vowels count (Lynn, Gwang)."""
    return bool(re.search("[aeiouyw]", latin))


def is_spoken(latin: str) -> bool:
    """Whether a sound may be made of it: no key held down. Lee Eunji has three e, nobody three z."""
    return not re.search(r"([^eo])\1\1|([eo])\2\2\2", latin)


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name of a Hangul name; two-syllable surnames only where they are known."""
    size = 2 if name[:2] in DOUBLE_SURNAMES and len(name) > 2 else 1
    return name[:size], name[size:]


def name_sounds(name: str) -> tuple[str, ...]:
    """The sounds under which a Hangul name may be looked for, surname first and last."""
    surname, given = split_name(name)
    spelled = sound(romanize(given))
    families = dict.fromkeys(sound(s) for s in (romanize(surname), *_SURNAMES.get(surname, ())))
    orders = [f + spelled for f in families] + [spelled + f for f in families if spelled]
    return tuple(dict.fromkeys(re.sub(r"(.)\1+", r"\1", s) for s in orders))
