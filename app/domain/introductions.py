"""What somebody tells the others who come: short, in their own words, and only if they want to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.resident_numbers import holds_resident_number
from app.domain.writing.web_addresses import is_web_address

_BARE = re.compile(r"[\w-]+(\.[\w-]+)+(/|$)")
SHOWN_AFTER = dt.timedelta(days=14)
"""So long after the meetup people can still look each other up."""
LONGEST = {"nickname": 40, "affiliation": 80, "about": 400, "link": 300}


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """Any of these; `about` may have line breaks, `link` is a whole https address."""

    nickname: str = ""
    affiliation: str = ""
    about: str = ""
    link: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, each.name) for each in fields(self))


def read(typed: Introduction) -> Introduction:
    """As it is kept: NFC, no control characters, one line where one is meant. Raises `Unusable` by field."""
    lines = "\n".join(map(one_line, several_lines(typed.about).split("\n")))
    kept = Introduction(
        nickname=one_line(typed.nickname),
        affiliation=one_line(typed.affiliation),
        about=lines,
        link=_with_scheme(one_line(typed.link)),
    )
    problems = {name: why for name in LONGEST if (why := _problem(name, getattr(kept, name)))}
    if problems:
        raise Unusable(problems)
    if kept.is_empty:
        raise DomainError("introduction_empty")
    return kept


def is_shown(ends_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether those who came, or will, may still look."""
    return at < ends_at + SHOWN_AFTER


def _with_scheme(link: str) -> str:
    """People type example.com/me."""
    return f"https://{link}" if _BARE.match(link) else link


def _problem(name: str, text: str) -> DomainError | None:
    if len(text) > LONGEST[name]:
        return DomainError("introduction_too_long", limit=LONGEST[name])
    if holds_resident_number(text):
        return DomainError("resident_number_typed")
    if name == "link" and text and not (text.startswith("https://") and is_web_address(text)):
        return DomainError("introduction_link")
    return None
