"""A meetup with 100,000 registrations, inserted in bulk: every state, answers, consents, check-ins, companions, fees, mails.

The same seed makes the same crowd, apart from times and secrets, on either database.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain import tokens
from app.domain.registering.host_events import HostEntry
from app.domain.registering.questions import Question, QuestionKind
from app.models import (
    Fee,
    Status,
)
from benchmarks import world
from benchmarks.crowd_rows import FEE, PEOPLE, SEED, TICK, Attendee, Row, one_of, tables
from benchmarks.scenery import FAMILY, meetup_of
from tests.factories import make_consent, make_notice, make_question, make_questions

COHORTS, AT_ONCE = 20, 5_000
SLUG = "crowd"
SYLLABLES = "민서도하시지주수예다건채은준연윤우유원아호진영현정재성경미혜"
STATES = {
    Status.CONFIRMED: 62,
    Status.WAITLISTED: 22,
    Status.OFFERED: 1,
    Status.CANCELLED: 11,
    Status.DECLINED: 2,
    Status.EXPIRED: 2,
}


@dataclass(frozen=True)
class Crowd:
    """What the measurements need to know."""

    meetup_id: int
    slug: str
    people: int
    seated: int
    organizer_cookie: str
    references: Sequence[str]  # of some, from all over the list


def build(people: int = PEOPLE) -> Crowd:
    """Fill an empty database; needs the application's context."""
    with transaction() as session:
        program, cohorts = world.program_with(session, COHORTS)
        meetup = meetup_of(program, cohorts, SLUG, people, people)
        meetup.still_coming_hours, meetup.door_ticks, meetup.companions_most = 48, [TICK], 2
        meetup.asks_at = now() - dt.timedelta(hours=1)
        session.add(meetup)
        session.flush()
        session.add(
            Fee(meetup_id=meetup.id, amount=FEE, bank="예시은행", account="1", holder="동문회", told_at=now())
        )
        cookie = world.organizer(session, program)
    make_notice(meetup, consents=(make_consent("photos"), make_consent("marketing")))
    make_questions(meetup, *_questions())
    crowd = [_attendee(number) for number in range(1, people + 1)]
    with transaction() as session:
        for model, rows in tables(program, cohorts, meetup, crowd):
            _insert(session, model, rows)
        world.continue_sequences(session)
    _settle()
    seated = sum(each.status is Status.CONFIRMED for each in crowd)
    some = [each.reference for each in crowd[:: max(1, people // 50)]]
    return Crowd(meetup.id, SLUG, people, seated, cookie, some)


def _settle() -> None:
    """PostgreSQL: what its own process would do within a minute."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _questions() -> Sequence[Question]:
    return (
        make_question("food", QuestionKind.CHOICE, "한식", "채식", "할랄"),
        make_question("talks", QuestionKind.CHOICES, "발표 1", "발표 2", "발표 3", "발표 4"),
        make_question("wish", QuestionKind.TEXT),
    )


def _attendee(number: int) -> Attendee:
    dice = random.Random(SEED * 1_000_003 + number)
    status = one_of(dice, STATES)
    seated = status is Status.CONFIRMED
    talks = [f"o{n}" for n in range(1, 5) if dice.random() < 0.4]
    wish = {"wish": f"{dice.randrange(10_000)}번째 바람"} if dice.random() < 0.2 else {}
    return Attendee(
        number=number,
        name=dice.choice(FAMILY) + dice.choice(SYLLABLES) + dice.choice(SYLLABLES),
        cohort=dice.randrange(COHORTS),
        status=status,
        reference=tokens.reference(),
        companions=dice.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2)),
        came=seated and dice.random() < 0.4,
        replied=seated and dice.random() < 0.5,
        paid=seated and dice.random() < 0.6,
        host_entry=dice.choice((None, *HostEntry)),
        answers={"food": dice.choice(("o1", "o1", "o2", "o3")), "talks": talks, **wish},
        consents={"photos": dice.random() < 0.7, "marketing": dice.random() < 0.3},
    )


def _insert(session: Session, model: type[Any], rows: Iterable[Row]) -> None:
    connection, rest = connection_of(session), iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        connection.execute(insert(model.__table__), some)
