"""Whether somebody who has a seat still comes: when they are asked, and what an answer is worth.

Question and answer are about one appointment: a time and a place, counted by the meetup. A meetup whose start moves
asks again, so many hours before its new start (at once where that is past), and an organizer may ask people to
reconfirm any move: a "yes" to another appointment is none, also where the meetup goes back to that time and place.
Nobody is asked twice about the same one, whatever becomes of the setting.
"""

from __future__ import annotations

import datetime as dt
import enum

USUAL_HOURS = 48
USUAL_RELEASE_HOURS = 24
SHORTEST_ANSWER_HOURS = 12
"""Nobody loses a seat who hasn't had so long to answer."""
MAIL_MAY_TAKE = dt.timedelta(hours=1)
"""Of that, at most, until the mail with the question has gone out. Whose mail took longer, or never went, keeps the seat."""


ASKED_LATELY = dt.timedelta(days=1)
"""Nobody is asked twice within so long: who was asked to reconfirm a move has just said whether they come."""


class Answer(enum.StrEnum):
    """What somebody said about the time and place as they are now. Whoever says no cancels, and has no seat any more."""

    NOT_ASKED = "not_asked"
    OPEN = "open"
    YES = "yes"


def asks_at(starts_at: dt.datetime, hours_before: int | None) -> dt.datetime | None:
    """When those who have a seat are asked; None: they are not."""
    return None if hours_before is None else starts_at - dt.timedelta(hours=hours_before)


def answer(appointment: int, *, asks: bool, asked_for: int | None, coming_for: int | None) -> Answer:
    """`asked_for` and `coming_for`: the appointment about which they were asked, and to which they said yes.

    A "yes" stands also where the meetup no longer asks; a question does not.
    """
    if coming_for == appointment:
        return Answer.YES
    return Answer.OPEN if asks and asked_for == appointment else Answer.NOT_ASKED


def stands_for(asked_at: dt.datetime, asks_at: dt.datetime | None) -> bool:
    """Whether a question about a move, asked then, takes the place of the one before the start, due at `asks_at`."""
    return asks_at is not None and asked_at >= asks_at - ASKED_LATELY


class Reply(enum.StrEnum):
    """What became of the question, for whoever has a list of people before them."""

    YES = "yes"
    NO = "no"  # they cancelled after they were asked
    NONE = "none"  # asked, and silent


def reply(answer: Answer, *, cancelled: bool, asked: bool) -> Reply | None:
    """`asked`: about the time and place as they are now. None: they were not, or have lost their seat otherwise."""
    if cancelled:
        return Reply.NO if asked else None
    return {Answer.YES: Reply.YES, Answer.OPEN: Reply.NONE}.get(answer)


def answer_by(
    asked_at: dt.datetime, starts_at: dt.datetime, *, release_hours: int | None, last_call: dt.datetime
) -> dt.datetime | None:
    """Until when somebody who is asked now can answer before their seat is released; None: it isn't.

    So many hours before the start; where the question is late, later, so that everybody has the time to answer;
    not where freed seats stay free by then. On the minute, as people read it.
    """
    if release_hours is None:
        return None
    planned = starts_at - dt.timedelta(hours=release_hours)
    fair = asked_at + dt.timedelta(hours=SHORTEST_ANSWER_HOURS, minutes=1)
    until = max(planned, fair.replace(second=0, microsecond=0))
    return until if until < min(last_call, starts_at) else None


def told_by(answer_by: dt.datetime) -> dt.datetime:
    """When the mail with the question must have gone out at the latest, for the seat to be released at `answer_by`."""
    return answer_by - dt.timedelta(hours=SHORTEST_ANSWER_HOURS) + MAIL_MAY_TAKE


def released_at(
    answer: Answer, *, releases: bool, answer_by: dt.datetime | None, kept: bool
) -> dt.datetime | None:
    """When the seat of this person is released unless they answer; None: they keep it."""
    return answer_by if releases and answer is Answer.OPEN and not kept else None
