"""What pictures are drawn from says what the registrations say, in as many statements however many there are."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from app.clock import now
from app.db import end_reading, transaction
from app.domain.charts.over_time import by_day
from app.domain.registering.questions import QuestionKind
from app.models import AnswerSheet, Meetup, Registration, Source
from app.services.organizing import kept_counts, meetup_figures
from app.services.registering import registrations
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.counting import statements
from tests.support.registering import register

pytestmark = pytest.mark.usefixtures("app")
FOOD = make_question("q1", QuestionKind.CHOICE, "고기", "채식")
TALKS = make_question("q2", QuestionKind.CHOICES, "논문", "창업", "커리어", of_companions=True)
WORD = make_question("q3")


def asking(capacity: int = 2) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort()], capacity=capacity)
    make_questions(meetup, FOOD, TALKS, WORD)
    return meetup


def come(meetup: Meetup, food: str, *talks: str) -> Registration:
    return register(meetup, make_alumnus(meetup.cohorts[0]), q1=food, q2=list(talks), q3="김하늘에게 안부를")


def accompany(registration: Registration, number: int) -> None:
    with transaction() as session:
        session.get_one(Registration, registration.id).companions = number


def told(meetup: Meetup) -> list[list[tuple[int, int]]]:
    end_reading()
    return [
        [(each.confirmed, each.others) for each in found.options] for found in meetup_figures.answers(meetup)
    ]


def today(meetup: Meetup) -> list[tuple[int, int]]:
    end_reading()
    points = by_day(meetup_figures.changes(meetup.id), meetup.timezone, meetup.local(now()).date())
    return [(point.registered, point.confirmed) for point in points]


def test_who_waits_and_who_cancelled_is_told_from_who_has_a_seat() -> None:
    meetup = asking()
    first, *_others = [come(meetup, "o1", "o1", "o3") for _ in range(4)]
    assert today(meetup) == [(4, 2)]
    assert told(meetup) == [[(2, 2), (0, 0)], [(2, 2), (0, 0), (2, 2)]]

    registrations.cancel(first.id)

    assert today(meetup) == [(3, 2)]
    assert told(meetup) == [[(2, 1), (0, 0)], [(2, 1), (0, 0), (2, 1)]]


def test_the_newest_answer_of_everybody_counts_and_who_comes_along_is_counted_too() -> None:
    meetup = asking()
    registration = come(meetup, "o1", "o1")

    with transaction() as session:
        for companion, answers in ((0, {"q1": "o2", "q2": ["o2"]}), (1, {"q2": ["o3", "o2"]})):
            session.add(
                AnswerSheet(
                    registration_id=registration.id,
                    companion=companion,
                    questions_version=3,
                    answers=answers,
                    actor="person",
                )
            )
    accompany(registration, 1)

    assert told(meetup) == [[(0, 0), (1, 0)], [(0, 0), (2, 0), (1, 0)]]


def test_what_somebody_answered_who_no_longer_comes_along_is_not_counted() -> None:
    meetup = asking(capacity=9)
    registration = come(meetup, "o1", "o1")
    sheet = {"companion": 2, "questions_version": 3, "answers": {"q2": ["o3"]}, "actor": "person"}
    with transaction() as session:
        session.add(AnswerSheet(registration_id=registration.id, **sheet))

    accompany(registration, 1)

    assert told(meetup) == [[(1, 0), (0, 0)], [(1, 0), (0, 0), (0, 0)]]


def test_who_was_brought_in_registered_when_they_filled_in_the_form() -> None:
    meetup = asking()
    registration = come(meetup, "o1")
    with transaction() as session:
        then = now() - dt.timedelta(days=3)
        session.execute(
            update(Registration)
            .where(Registration.id == registration.id)
            .values(created_at=then, source=Source.ELSEWHERE)
        )

    assert today(meetup) == [(1, 1)] * 4


def test_arrivals_are_counted_by_the_minute_with_companions() -> None:
    meetup, came = asking(capacity=9), dt.datetime(2026, 11, 3, 9, 30, 59, tzinfo=dt.UTC)
    for seconds, party in ((0, 1), (1, 2), (90, 1)):
        at = came + dt.timedelta(seconds=seconds)
        make_registration(meetup, admitted_at=at, admitted_count=party)
    make_registration(meetup)

    minute = int(came.timestamp()) - 59

    assert sorted(meetup_figures.arrivals(meetup.id)) == [(minute, 1), (minute + 60, 2), (minute + 120, 1)]


def test_it_costs_as_many_statements_for_nine_as_for_two() -> None:
    meetup = asking()

    def asked() -> int:
        end_reading()
        with statements() as seen:
            meetup_figures.changes(meetup.id)
            meetup_figures.arrivals(meetup.id)
            meetup_figures.answers(meetup)
        return len([each for each in seen if each.lstrip().upper().startswith(("SELECT", "WITH"))])

    few = [asked() for _ in range(2) if come(meetup, "o1", "o2")]
    many = [asked() for _ in range(7) if come(meetup, "o2", "o1", "o3")]

    assert set(few + many) == {few[0]}
    assert few[0] <= 5


def test_what_took_long_to_count_is_kept_and_what_took_nothing_is_counted_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = iter(range(9))
    assert [kept_counts.kept("quick", lambda: next(numbers))[0] for _ in range(2)] == [0, 1]

    monkeypatch.setattr(kept_counts, "AT_ONCE", -1.0)
    monkeypatch.setattr(kept_counts, "TIMES", 10**9)

    found = [kept_counts.kept("slow", lambda: next(numbers)) for _ in range(3)]

    assert [value for value, _at in found] == [2, 2, 2]
    assert len({at for _value, at in found}) == 1


def test_a_crowd_is_counted_once_for_a_while_and_a_handful_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_counts, "TIMES", 10**9)
    numbers = iter(range(9))

    few = [kept_counts.of_people(kept_counts.MANY - 1, "few", lambda: next(numbers)) for _ in range(2)]
    many = [kept_counts.of_people(kept_counts.MANY, "many", lambda: next(numbers)) for _ in range(2)]

    assert (few, many) == ([0, 1], [2, 2])
