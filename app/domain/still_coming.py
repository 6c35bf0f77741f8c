"""Whether somebody who has a seat still comes: when they are asked, and what an answer is worth.

Question and answer are about one start. A meetup that is moved asks again, so many hours before its new start
(at once where that is past): a "yes" to another time is none. Nobody is asked twice about the same start,
whatever becomes of the setting.
"""

from __future__ import annotations

import datetime as dt
import enum

USUAL_HOURS = 48


class Answer(enum.StrEnum):
    """What somebody said about the start as it is now. Whoever says no cancels, and has no seat any more."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    YES = "yes"


def asks_at(starts_at: dt.datetime, hours_before: int | None) -> dt.datetime | None:
    """When those who have a seat are asked; None: they are not."""
    return None if hours_before is None else starts_at - dt.timedelta(hours=hours_before)


def answer(
    starts_at: dt.datetime, *, asks: bool, asked_for: dt.datetime | None, coming_for: dt.datetime | None
) -> Answer:
    """`asked_for` and `coming_for`: the start about which they were asked, and to which they said yes.

    A "yes" stands also where the meetup no longer asks; a question does not.
    """
    if coming_for == starts_at:
        return Answer.YES
    return Answer.OPEN if asks and asked_for == starts_at else Answer.NOT_ASKED
