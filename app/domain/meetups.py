"""The rules of a meetup: what publishing needs, which state follows which, when registration is open."""

from __future__ import annotations

import datetime as dt

from app.domain.errors import DomainError

DOOR_BEFORE = dt.timedelta(hours=6)  # at most: the doors of a night's meetup may open the day before

FOLLOWS = {
    "draft": {"published"},
    "published": {"closed", "called_off"},
    "closed": {"published", "called_off"},
}


def missing_to_publish(
    *, title: bool, place: bool, capacity: int, cohorts: bool, contact: bool, notice: bool, draw: bool = True
) -> list[str]:
    """Reason codes for everything that a meetup still lacks before strangers may see it."""
    have = {
        "lacks_title": title,
        "lacks_place": place,
        "lacks_capacity": capacity >= 1,
        "lacks_cohorts": cohorts,
        "lacks_contact": contact,
        "lacks_notice": notice,
        "lacks_draw": draw,
    }
    return [code for code, there in have.items() if not there]


def why_not_open(
    state: str,
    *,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    at: dt.datetime,
) -> str | None:
    """The reason code why nobody can register at `at`; None while registration is open.

    Without a closing time, registration ends when the meetup starts.
    """
    if state == "draft":
        return "meetup_unpublished"
    if state == "called_off":
        return "meetup_called_off"
    if at >= ends_at:
        return "meetup_over"
    if state == "closed" or at >= (closes_at or starts_at):
        return "registration_closed"
    return "registration_not_yet" if opens_at and at < opens_at else None


def why_not_called_off(*, ends_at: dt.datetime, at: dt.datetime, has_somebody_in: bool) -> str | None:
    """The reason code why a meetup took place and can't be called off any more; None while it can."""
    if has_somebody_in:
        return "called_off_too_late"
    return "called_off_when_over" if at >= ends_at else None


def day_has_come(starts_at: dt.datetime, at: dt.datetime) -> bool:
    """Whether guests may stand at the door by now: `starts_at`'s day has begun, in its own zone, or its start is hours away."""
    morning = starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return at >= min(morning, starts_at - DOOR_BEFORE)


def require_change(before: str, after: str) -> None:
    """Refuse a change of state that the life of a meetup does not have."""
    if after not in FOLLOWS.get(before, set()):
        raise DomainError(f"{before}_not_{after}")
