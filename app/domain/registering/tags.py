"""What organizers call attendees among themselves: short words that many can share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from app.domain.errors import DomainError

LONGEST, MOST = 30, 20
SEPARATOR = ","


def tag_key(name: str) -> str:
    """Equal for two spellings of one tag: case, spacing and composition do not count."""
    return unicodedata.normalize("NFC", clean(name).replace(" ", "").casefold())


def clean(name: str) -> str:
    """As typed, NFC, without invisible characters; spaces trimmed and collapsed."""
    spaced = " ".join(unicodedata.normalize("NFC", name).split())
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()


def read(text: str) -> list[str]:
    """The tags in a line such as "연사, VIP"; each once, as first typed. Refused where one is too long."""
    return unique(text.replace("，", SEPARATOR).replace("、", SEPARATOR).split(SEPARATOR))


def unique(names: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in map(clean, names):
        if len(name) > LONGEST:
            raise DomainError("tag_too_long", limit=LONGEST)
        if name:
            found.setdefault(tag_key(name), name)
    return list(found.values())


def written(names: Iterable[str]) -> str:
    """The tags as `read` takes them."""
    return f"{SEPARATOR} ".join(names)
