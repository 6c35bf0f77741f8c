"""The part of an address that names a thing: made from its title, short, plain."""

from __future__ import annotations

import datetime as dt
import re

from app.domain.writing.romanization import romanize

SLUG_LENGTH = 60
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    return len(text) <= SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def suggested_slug(title_ko: str, title_en: str, day: dt.date) -> str:
    """A meetup's address made of the title, romanised where it is Korean, or of the day."""
    return _of_words(title_ko, title_en) or f"meetup-{day.isoformat()}"


def suggested_program_slug(name_ko: str, name_en: str) -> str:
    """A programme's address made of its name, romanised where it is Korean."""
    return _of_words(name_ko, name_en) or "program"


def _of_words(title_ko: str, title_en: str) -> str:
    words = re.findall(r"[a-z0-9]+", romanize(title_en or title_ko).casefold())
    slug = ""
    for word in words:
        if len(slug) + 1 + len(word) > SLUG_LENGTH - 4:  # room for "-99"
            break
        slug = f"{slug}-{word}" if slug else word
    return slug


def free_slug(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the lowest number that nobody has: homecoming-2."""
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
