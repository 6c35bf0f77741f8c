"""The larger event around a meetup, where it has a registration of its own."""

from __future__ import annotations

import enum


class HostEntry(enum.StrEnum):
    """What somebody says about their place at the larger event. It decides nothing: the organizer sees it."""

    REGISTERED = "registered"
    NOT_YET = "not_yet"
    NOT_NEEDED = "not_needed"


def to_remind(said: HostEntry | None) -> bool:
    """Whether somebody who said this, or nothing yet, is to be told to register there, too."""
    return said in {None, HostEntry.NOT_YET}
