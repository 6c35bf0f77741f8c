"""What a meetup's pictures are drawn from: counted by the database, as many statements for five people as for 100,000."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from app.db import db
from app.domain.charts.counted import Tally, counts, tally
from app.domain.charts.over_time import Changes
from app.domain.registering.questions import Question
from app.domain.registering.registrations import Status
from app.models import IS_ACTIVE, AnswerSheet, Meetup, Registration, RegistrationEvent
from app.services.door import door_counts
from app.services.registering import question_sets

QUARTER, MINUTE = 900, 60  # no zone's day begins between two quarters of an hour of UTC


def changes(meetup_id: int) -> list[Changes]:
    """What became of registrations, by quarters of an hour. Who was brought in registered when they filled in that form."""
    made = RegistrationEvent.before.is_(None)
    at = _each(QUARTER, case((made, Registration.created_at), else_=RegistrationEvent.at))
    rows = db.session.execute(
        select(at, RegistrationEvent.before, RegistrationEvent.after, func.count())
        .join(Registration, Registration.id == RegistrationEvent.registration_id)
        .where(Registration.meetup_id == meetup_id)
        .group_by(at, RegistrationEvent.before, RegistrationEvent.after)
    )
    return [Changes(int(at), before, after, number) for at, before, after, number in rows]


def arrivals(meetup_id: int) -> list[tuple[int, int]]:
    """How many came in, companions with them, by the start of the minute (seconds since 1970)."""
    minute = _each(MINUTE, Registration.admitted_at)
    rows = db.session.execute(
        select(minute, func.sum(door_counts.CAME))
        .where(Registration.meetup_id == meetup_id, Registration.admitted_at.is_not(None))
        .group_by(minute)
    )
    return [(int(minute), int(people)) for minute, people in rows]


def answers(meetup: Meetup) -> list[Tally]:
    """The questions that are answered by choosing, as they stand now, and how often each option was chosen.

    Of those who are registered, and of each who comes with them where they are asked, too. One statement.
    """
    questions = [each for each in question_sets.current(meetup).asked if counts(each)]
    if not questions:
        return []
    newest = _newest(meetup.id)
    branches = [_by_answer(newest, number, each) for number, each in enumerate(questions)]
    rows = db.session.execute(union_all(*branches).order_by(literal_column("1"))).all()
    found = {number: [row[1:] for row in of] for number, of in groupby(rows, key=lambda row: row[0])}
    return [tally(each, found.get(number, ())) for number, each in enumerate(questions)]


def _newest(meetup_id: int) -> CTE:
    """The sheets that count of everybody who is registered and comes along, and whether they are confirmed."""
    last = (
        select(
            func.max(AnswerSheet.id).label("id"), (Registration.status == Status.CONFIRMED).label("confirmed")
        )
        .join(Registration, Registration.id == AnswerSheet.registration_id)
        .where(
            Registration.meetup_id == meetup_id, IS_ACTIVE, AnswerSheet.companion <= Registration.companions
        )
        .group_by(AnswerSheet.registration_id, AnswerSheet.companion, Registration.status)
        .subquery()
    )
    return select(AnswerSheet.answers, last.c.confirmed).join(last, last.c.id == AnswerSheet.id).cte("newest")


def _by_answer(newest: CTE, number: int, question: Question) -> Select[*tuple[Any, ...]]:
    """How many gave each answer, as it is kept: a key, or a list of keys."""
    kept = newest.c.answers[question.key].as_string()
    return (
        select(
            literal(number, Integer).label("question"),
            cast(kept, String).label("kept"),
            newest.c.confirmed,
            func.count(),
        )
        .where(kept.is_not(None))
        .group_by(kept, newest.c.confirmed)
    )


def _each(seconds: int, at: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """The start of the span of that length in which an instant lies."""
    second = extract("epoch", at)
    return (second - second % literal_column(str(seconds))).label("span")
