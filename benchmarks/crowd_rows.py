"""The rows of a crowd: what each table says of its people."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.clock import now
from app.domain import tokens
from app.domain.registering.host_events import HostEntry
from app.domain.registering.tags import tag_key
from app.domain.writing.names import search_key
from app.models import (
    AnswerSheet,
    CheckIn,
    CheckInKind,
    Cohort,
    ConsentRecord,
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
    RegistrationTag,
    RosterEntry,
    Source,
    Status,
    Tag,
    Ticket,
    TickMark,
    Verdict,
)  # fmt: skip
from benchmarks.scenery import address_of

SEED, PEOPLE = 5, 100_000
TICK, TAG, FEE = "명찰", "연사", 30_000
MAILS = {MailState.SENT: 95, MailState.FAILED: 2, MailState.DROPPED: 2, MailState.UNWANTED: 1}
DIED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Row = dict[str, Any]


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


def tables(
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
    yield Tag, ({"id": 1, "name": TAG, "key": tag_key(TAG)} | here for _ in range(1))
    yield RegistrationTag, ({"registration_id": e.number, "tag_id": 1} for e in crowd if e.number % 10 == 0)
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
    dead = DIED if one.number % 50 == 0 else None
    return {"person_id": one.number, "address": address, "address_key": address, "dead_since": dead}


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
        "companion_key": search_key("", ["동행인"] * one.companions),
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
    state = one_of(random.Random(f"{SEED} {kind} {one.number}"), MAILS)
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


def one_of(dice: random.Random, shares: dict[Any, int]) -> Any:
    """By their shares."""
    return dice.choices(list(shares), list(shares.values()))[0]
