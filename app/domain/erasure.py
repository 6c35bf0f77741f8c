"""Erasing a person: what their row is called afterwards, and how they asked for it."""

from __future__ import annotations

import enum

from app.domain.writing.names import name_key

ERASED_NAME = "삭제됨 (erased)"
"""What stands in the place of a name that is gone: in every list, file and on every screen, in both languages."""


class Asked(enum.StrEnum):
    """How somebody asked to be erased. Not by the link, it is an organizer who did it on their request."""

    LINK = "link"
    MAIL = "mail"
    LETTER = "letter"
    IN_PERSON = "in_person"


def is_meant(name: str, typed: str) -> bool:
    """Whether what was typed is this name, however it is spaced or composed."""
    return bool(name_key(typed)) and name_key(typed) == name_key(name)
