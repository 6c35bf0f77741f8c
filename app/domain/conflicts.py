"""What the door's phones did that the ledger contradicts."""

from __future__ import annotations

import enum


class Void(enum.StrEnum):
    """By what a ticket was no longer good."""

    CANCELLED = "cancelled"
    REPLACED = "replaced"
    RELEASED = "released"  # the seat was given away at the door, as nobody had come
    CALLED_OFF = "called_off"  # and the whole meetup with it
