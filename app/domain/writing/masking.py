"""A name that its bearer recognises and a bystander does not learn: 김*수, K** M**.

Server and phone follow one table of cases (tests/contract/masking.json); what is masked already stays as it is.
"""

from __future__ import annotations

import unicodedata

HIDDEN = "*"
MOST_HIDDEN = 3  # more would only tell how long the name is
# Scripts that write a name in a few letters, each a syllable or a word.
DENSE = (
    (0x1100, 0x11FF),
    (0x3040, 0x30FF),
    (0x3130, 0x318F),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def masked(name: str) -> str:
    """The name with most of it hidden. A name in one dense script is one word, however it is spaced."""
    composed = unicodedata.normalize("NFC", name)
    words = "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf")).split()
    if words and all(_is_dense(word) for word in words):
        words = ["".join(words)]
    return " ".join(_word(word) for word in words) or HIDDEN


def _word(word: str) -> str:
    if word[0] == HIDDEN or (_is_dense(word) and len(word) == 1):
        return HIDDEN
    if not _is_dense(word):
        return word[0] + HIDDEN * 2
    if len(word) == 2:
        return word[0] + HIDDEN
    return word[0] + HIDDEN * min(len(word) - 2, MOST_HIDDEN) + word[-1]


def _is_dense(word: str) -> bool:
    """By its first letter."""
    return any(first <= ord(word[0]) <= last for first, last in DENSE)
