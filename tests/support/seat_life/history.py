"""What must hold of everybody's history: who, when and why, and that no seat ended which nobody could keep."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.domain.registering.registrations import Status, may_become
from app.domain.registering.still_coming import MAIL_MAY_TAKE, SHORTEST_ANSWER_HOURS
from app.services.registering import reminders, still_coming
from app.services.seating import seat_release
from tests.support.seat_life.life import ORGANIZER
from tests.support.seat_life.sight import Sight

SHORTEST = dt.timedelta(hours=SHORTEST_ANSWER_HOURS)


def the_history_tells_it_all(sight: Sight) -> None:
    for row in sight.rows:
        events = sight.events[row.id]
        assert events[-1].after is row.status
        assert all(event.actor for event in events)
        assert all(event.reason for event in events if event.actor == ORGANIZER and _has_reason(event))
        before: Status | None = None
        for event in events:
            assert event.before is before
            assert _is_no_change(event) or may_become(before, event.after)
            before = event.after


def a_seat_is_released_from_none_but_the_silent_who_were_asked_in_time(sight: Sight) -> None:
    """About the time and place as they are: a question about earlier ones, and an answer to them, count for nothing."""
    meetup = sight.meetup
    for event in sight.fresh:
        if event.reason != seat_release.NOT_ANSWERED:
            continue
        row = sight.by_id[event.registration_id]
        assert (event.actor, event.before, event.after) == ("worker", Status.CONFIRMED, Status.EXPIRED)
        assert row.asked_for == meetup.appointment
        assert row.coming_for != meetup.appointment
        assert row.kept_for != meetup.appointment
        assert row.admitted_at is None
        assert event.at - sight.seated_at(row.id, event.id) >= SHORTEST
        mails = sight.told(row.id, *seat_release.QUESTIONS, reminders.MAIL)
        asked = [mail for mail in mails if mail.params.get("appointment", 1) == meetup.appointment]
        assert event.at - min(mail.sent_at for mail in asked) >= SHORTEST - MAIL_MAY_TAKE


def nobody_s_answer_is_about_another_meetup_than_there_was(sight: Sight) -> None:
    for row in sight.rows:
        for number in (row.asked_for, row.coming_for, row.kept_for):
            assert number is None or number <= sight.meetup.appointment


def _has_reason(event: Any) -> bool:
    """Taking a refusal back says what it is by itself."""
    return event.before is not Status.DECLINED


def _is_no_change(event: Any) -> bool:
    """Somebody was moved in line, or said that they still come."""
    said_yes = event.after is Status.CONFIRMED and event.reason == still_coming.SAID_YES
    return event.before is event.after and (event.after is Status.WAITLISTED or said_yes)


HOLDS = (
    the_history_tells_it_all,
    a_seat_is_released_from_none_but_the_silent_who_were_asked_in_time,
    nobody_s_answer_is_about_another_meetup_than_there_was,
)
