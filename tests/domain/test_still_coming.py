"""Whether somebody still comes: questions and answers about one start."""

from __future__ import annotations

import datetime as dt

from app.domain.registering.still_coming import Answer, Reply, answer, answer_by, asks_at, released_at, reply

START = dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
OTHER = START + dt.timedelta(days=7)


def test_the_question_comes_so_many_hours_before_the_start_or_not_at_all() -> None:
    assert asks_at(START, 48) == dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)
    assert asks_at(START, None) is None


def test_a_yes_is_worth_something_for_its_own_start_only() -> None:
    assert answer(START, asks=True, asked_for=START, coming_for=START) is Answer.YES
    assert answer(OTHER, asks=True, asked_for=START, coming_for=START) is Answer.NOT_ASKED
    assert answer(OTHER, asks=True, asked_for=OTHER, coming_for=START) is Answer.OPEN


def test_a_question_falls_when_the_meetup_no_longer_asks_and_a_yes_stands() -> None:
    assert answer(START, asks=False, asked_for=START, coming_for=None) is Answer.NOT_ASKED
    assert answer(START, asks=False, asked_for=START, coming_for=START) is Answer.YES
    assert answer(START, asks=True, asked_for=None, coming_for=None) is Answer.NOT_ASKED


HOUR = dt.timedelta(hours=1)


def test_a_seat_is_released_so_many_hours_before_and_never_within_twelve_of_the_question() -> None:
    def by(asked_before: int, release: int | None = 24, last_call_before: int = 0) -> dt.datetime | None:
        last = START - last_call_before * HOUR
        return answer_by(START - asked_before * HOUR, START, release_hours=release, last_call=last)

    assert by(48) == START - 24 * HOUR
    assert by(48, release=None) is None
    assert by(30) == START - 18 * HOUR + dt.timedelta(minutes=1)
    assert by(12) is None
    assert by(14, last_call_before=3) is None


def test_only_who_was_asked_and_is_silent_loses_a_seat_unless_it_is_kept() -> None:
    assert released_at(Answer.OPEN, releases=True, answer_by=START, kept=False) == START
    assert released_at(Answer.YES, releases=True, answer_by=START, kept=False) is None
    assert released_at(Answer.NOT_ASKED, releases=True, answer_by=START, kept=False) is None
    assert released_at(Answer.OPEN, releases=False, answer_by=START, kept=False) is None
    assert released_at(Answer.OPEN, releases=True, answer_by=START, kept=True) is None


def test_a_no_is_a_cancelling_after_the_question() -> None:
    assert reply(Answer.OPEN, cancelled=True, asked=True) is Reply.NO
    assert reply(Answer.NOT_ASKED, cancelled=True, asked=False) is None
    assert reply(Answer.YES, cancelled=False, asked=True) is Reply.YES
    assert reply(Answer.OPEN, cancelled=False, asked=True) is Reply.NONE
    assert reply(Answer.NOT_ASKED, cancelled=False, asked=False) is None
