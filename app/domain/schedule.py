"""What happens by itself at an instant: in which order, and when again after a failure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Act(enum.StrEnum):
    """What is due at an instant. Of one instant, in this order: what frees seats comes first."""

    OFFER_EXPIRY = "offer_expiry"
    SEAT_RELEASE = "seat_release"
    FEE_DEADLINE = "fee_deadline"
    QUOTA_FLOW = "quota_flow"
    DRAW_DEADLINE = "draw_deadline"
    DRAW_VALUE = "draw_value"
    STILL_COMING = "still_coming"
    WEEK_REMINDER = "week_reminder"
    DAY_REMINDER = "day_reminder"
    FEE_REMINDER = "fee_reminder"
    THANKS = "thanks"
    DESTRUCTION = "destruction"
    MESSAGE = "message"
    CLEAN_UP = "clean_up"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do, once: the act, the id of the row that it is about, and since when it is due."""

    at: dt.datetime
    act: Act
    subject: int


AGAIN_AFTER = tuple(dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800))
_PLACE = {act: place for place, act in enumerate(Act)}


def in_order(found: Iterable[Due], limit: int) -> list[Due]:
    """The first so many: by the instant they are due, then by what they are."""
    return sorted(found, key=lambda due: (due.at, _PLACE[due.act], due.subject))[:limit]


def again_at(at: dt.datetime, tries: int) -> dt.datetime:
    """When to try again what has failed so many times, now for the last time."""
    return at + AGAIN_AFTER[min(tries, len(AGAIN_AFTER)) - 1]


def round_of(at: dt.datetime, every: dt.timedelta) -> dt.datetime:
    """When the round that is due at `at` began: rounds that nobody did in the meantime are not made up for."""
    return at - (at - dt.datetime.min.replace(tzinfo=dt.UTC)) % every
