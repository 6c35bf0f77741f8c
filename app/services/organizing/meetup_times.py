"""The instants that follow from a meetup's start and its settings, kept in its row so that what is due can be found."""

from __future__ import annotations

from app.domain.registering.reminders import DAY, WEEK, reminder_at
from app.domain.registering.still_coming import asks_at
from app.domain.registering.thanks import thanks_at
from app.models import Meetup


def follow(meetup: Meetup) -> None:
    """Set them anew; for whoever changes the start or a setting."""
    meetup.asks_at = asks_at(meetup.starts_at, meetup.still_coming_hours)
    meetup.week_reminder_at = reminder_at(meetup.starts_at, WEEK, wanted=meetup.reminds_week)
    meetup.thanks_at = thanks_at(meetup.ends_at, meetup.zone, wanted=meetup.thanks)
    meetup.day_reminder_at = reminder_at(meetup.starts_at, DAY, wanted=meetup.reminds_day)
