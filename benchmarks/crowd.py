"""A meetup with 100,000 registrations, inserted in bulk: every state, answers, consents, check-ins, companions, fees, mails.

The same seed makes the same crowd, apart from times and secrets, on either database.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain import tokens
from app.domain.registering.host_events import HostEntry
from app.domain.registering.questions import Question, QuestionKind
from app.domain.writing.names import search_key
from app.models import (
    AnswerSheet,
    CheckIn,
    CheckInKind,
    Cohort,
    ConsentRecord,
    Fee,
    MailState,
    Meetup,
    OutboxMail,
    Payment,
    Person,
    PersonAddress,
    PersonPhone,
    Program,
    Registration,
    RegistrationEvent,
    RosterEntry,
    Source,
    Status,
    Ticket,
    TickMark,
    Verdict,
)
from benchmarks import world
from benchmarks.scenery import FAMILY, address_of, meetup_of
from tests.factories import make_consent, make_notice, make_question, make_questions

SEED, PEOPLE, COHORTS, AT_ONCE = 5, 100_000, 20, 5_000
SLUG, TICK, FEE = "crowd", "명찰", 30_000
SYLLABLES = "민서도하시지주수예다건채은준연윤우유원아호진영현정재성경미혜"
STATES = {
    Status.CONFIRMED: 62,
    Status.WAITLISTED: 22,
    Status.OFFERED: 1,
    Status.CANCELLED: 11,
    Status.DECLINED: 2,
    Status.EXPIRED: 2,
}
MAILS = {MailState.SENT: 95, MailState.FAILED: 2, MailState.DROPPED: 2, MailState.UNWANTED: 1}
Row = dict[str, Any]


@dataclass(frozen=True)
class Crowd:
    """What the measurements need to know."""

    meetup_id: int
    slug: str
    people: int
    seated: int
    organizer_cookie: str
    references: Sequence[str]  # of some, from all over the list


@dataclass(frozen=True)
class Attendee:
    """One of the crowd: everything that its rows agree about. The number is person, registration and rank."""

    number: int
    name: str
    cohort: int  # 0, 1, …
    status: Status
    reference: str
    companions: int
    came: bool
    replied: bool
    paid: bool
    host_entry: HostEntry | None
    answers: Row
    consents: dict[str, bool]

    @property
    def phone(self) -> str:
        return f"010-{self.number // 10_000:04d}-{self.number % 10_000:04d}"


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
        for model, rows in _tables(program, cohorts, meetup, crowd):
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
    status = _one_of(dice, STATES)
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


def _one_of(dice: random.Random, shares: dict[Any, int]) -> Any:
    return dice.choices(list(shares), list(shares.values()))[0]


def _tables(
    program: Program, cohorts: Sequence[Cohort], meetup: Meetup, crowd: Sequence[Attendee]
) -> Iterator[tuple[type[Any], Iterable[Row]]]:
    """In the order in which they refer to each other."""
    at, here = now(), {"meetup_id": meetup.id}
    keys = cache(search_key)  # there are fewer names than people
    of = {"program_id": program.id}
    yield (
        Person,
        ({"id": e.number, "name": e.name, "search_key": keys(e.name), "created_at": at} | of for e in crowd),
    )
    yield PersonAddress, (_address(e) | of for e in crowd)
    yield PersonPhone, (_phone(e) for e in crowd)
    yield RosterEntry, (_entry(e, cohorts[e.cohort]) for e in crowd)
    yield Registration, (_registration(e, cohorts[e.cohort].id, at) | here for e in crowd)
    yield RegistrationEvent, (event for e in crowd for event in _events(e, at))
    yield Ticket, (_ticket(e) for e in crowd if e.status is Status.CONFIRMED)
    yield AnswerSheet, (_sheet(e, at) for e in crowd)
    yield ConsentRecord, (_consent(e, key, at) for e in crowd for key in e.consents)
    yield CheckIn, (_check_in(e, at) | here for e in crowd if e.came)
    yield TickMark, (_mark(e, at) | here for e in crowd if e.came)
    yield Payment, ({"registration_id": e.number, "paid_at": at, "amount": FEE} for e in crowd if e.paid)
    yield (
        OutboxMail,
        (_mail(e, kind, at) | here | of for e in crowd for kind in ("registration_confirmed", "reminder")),
    )


def _address(one: Attendee) -> Row:
    address = address_of(one.number)
    return {"person_id": one.number, "address": address, "address_key": address}


def _phone(one: Attendee) -> Row:
    digits = one.phone.replace("-", "")
    return {"person_id": one.number, "number": one.phone, "digits": digits, "last_four": digits[-4:]}


def _entry(one: Attendee, cohort: Cohort) -> Row:
    return {
        "cohort_id": cohort.id,
        "person_id": one.number,
        "address_key": address_of(one.number),
        "name": one.name,
        "phone": one.phone,
        "completed": True,
        "certificate": f"ML-{one.number:06d}",
    }


def _registration(one: Attendee, cohort_id: int, at: dt.datetime) -> Row:
    minutes = (PEOPLE - one.number) % (60 * 24 * 30)  # over a month
    registered = at - dt.timedelta(minutes=minutes)
    return {
        "id": one.number,
        "person_id": one.number,
        "cohort_id": cohort_id,
        "reference": one.reference,
        "status": one.status,
        "rank": one.number,
        "source": Source.PERSON,
        "address": address_of(one.number),
        "phone": one.phone,
        "notice_version": 1,
        "created_at": registered,
        "status_at": registered,
        "offered_until": at + dt.timedelta(days=1) if one.status is Status.OFFERED else None,
        "asked_for": 1 if one.status is Status.CONFIRMED else None,
        "coming_for": 1 if one.replied else None,
        "coming_at": at if one.replied else None,
        "host_entry": one.host_entry,
        "companions": one.companions,
        "companion_names": ["동행인"] * one.companions,
        "admitted_at": at if one.came else None,
        "admitted_by_id": one.number if one.came else None,
        "admitted_count": 1 + one.companions if one.came else 0,
    }


def _events(one: Attendee, at: dt.datetime) -> Iterator[Row]:
    first = Status.CONFIRMED if one.status is not Status.WAITLISTED else Status.WAITLISTED
    row = {"registration_id": one.number, "at": at, "actor": "person", "reason": ""}
    yield row | {"before": None, "after": first}
    if one.status is not first:
        yield row | {"before": first, "after": one.status}


def _ticket(one: Attendee) -> Row:
    return {"uid": tokens.uid(), "registration_id": one.number, "digest": one.number.to_bytes(16)}


def _sheet(one: Attendee, at: dt.datetime) -> Row:
    told = {"registration_id": one.number, "companion": 0, "questions_version": 3, "at": at}
    return told | {"actor": "person", "answers": one.answers}


def _consent(one: Attendee, key: str, at: dt.datetime) -> Row:
    told = {"registration_id": one.number, "key": key, "given": one.consents[key], "notice_version": 1}
    return told | {"at": at, "actor": "person"}


def _check_in(one: Attendee, at: dt.datetime) -> Row:
    times = {"scanned_at": at, "corrected_at": at, "received_at": at}
    return times | {
        "id": one.number,
        "scan_id": str(uuid.uuid4()),
        "kind": CheckInKind.ENTRY,
        "verdict": Verdict.OK,
        "status": Status.CONFIRMED,
        "registration_id": one.number,
        "body_hash": bytes(16),
        "admits": 1 + one.companions,
    }


def _mark(one: Attendee, at: dt.datetime) -> Row:
    told = {"registration_id": one.number, "tick": TICK, "given": True, "at": at}
    return told | {"mark_id": str(uuid.uuid4())}


def _mail(one: Attendee, kind: str, at: dt.datetime) -> Row:
    state = _one_of(random.Random(f"{SEED} {kind} {one.number}"), MAILS)
    return {
        "kind": kind,
        "address": address_of(one.number),
        "locale": "ko",
        "registration_id": one.number,
        "params": {},
        "message_id": f"<{kind}.{one.number}@example.com>",
        "state": state,
        "due_at": at,
        "sent_at": at if state is MailState.SENT else None,
        "last_error": "550 5.1.1 no such mailbox" if state is MailState.FAILED else None,
    }


def _insert(session: Session, model: type[Any], rows: Iterable[Row]) -> None:
    connection, rest = connection_of(session), iter(rows)
    while some := list(islice(rest, AT_ONCE)):
        connection.execute(insert(model.__table__), some)
