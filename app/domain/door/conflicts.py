"""What the door's phones did that the ledger contradicts."""

from __future__ import annotations

import enum


class ConflictKind(enum.StrEnum):
    AGAIN = "again"  # shown again after all of its people were in
    TOO_MANY = "too_many"  # let in more people than were left to come
    CANCELLED = "cancelled"  # let in, and no longer good when the scan arrived
    OLD_LIST = "old_list"  # refused by the server, and let in by a phone whose list was older
    OVERRIDE = "override"  # let in by a supervisor, though the server refuses the ticket


class Void(enum.StrEnum):
    """By what a ticket was no longer good."""

    CANCELLED = "cancelled"
    REPLACED = "replaced"
    RELEASED = "released"  # the seat was given away at the door, as nobody had come
    CALLED_OFF = "called_off"  # and the whole meetup with it
