"""Whether somebody still comes: questions and answers about one start."""

from __future__ import annotations

import datetime as dt

from app.domain.still_coming import Answer, answer, asks_at

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
