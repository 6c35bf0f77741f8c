"""The opening of registration: everybody has proved their address already, and presses the button.

Their proofs and their cookies are made here, as the pages would have made them; the presses are real ones.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count

from flask import Flask
from flask import session as cookie
from sqlalchemy import insert, select

from app.blueprints.rsvp import memory
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.writing.names import search_key
from app.models import (
    AddressProof,
    Cohort,
    Meetup,
    Person,
    PersonAddress,
    ProofAnswer,
    Registration,
    RegistrationEvent,
    RosterEntry,
    Status,
)
from app.services.registering import proofs
from app.sessions import CSRF_FIELD, csrf_token
from tests.rush.visitors import Visitor

HANDS = 32  # presses under way at once
LOOKS_EACH = 0.05  # seconds between two looks at the public page


@dataclass(frozen=True)
class Opening:
    """What came back: the answers' statuses, the public page's, and how long each look took, in seconds."""

    presses: Counter[int]
    looks: Counter[int]
    waited: list[float]
    seconds: float

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.waited, n=20)[-1]


def proved(cohort: Cohort, meetup: Meetup, people: int) -> list[str]:
    """So many alumni who have proved their address for the meetup; the uids of the proofs."""
    uids = [tokens.uid() for _ in range(people)]
    names = [f"동문{n}" for n in range(people)]
    with transaction() as session:
        made = session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [
                {"program_id": cohort.program_id, "name": name, "search_key": search_key(name)}
                for name in names
            ],
        ).all()
        each = [
            {"person_id": person, "address": (at := f"rush{n}@example.com"), "address_key": at}
            for n, person in enumerate(made)
        ]
        session.execute(insert(PersonAddress), [row | {"program_id": cohort.program_id} for row in each])
        session.execute(
            insert(RosterEntry),
            [
                {"cohort_id": cohort.id, "person_id": row["person_id"], "address_key": row["address_key"],
                 "name": name, "completed": True}
                for row, name in zip(each, names, strict=True)
            ],
        )  # fmt: skip
        fixed = {"meetup_id": meetup.id, "locale": "ko", "answer": ProofAnswer.CODE, "created_at": now()}
        fixed |= {"sent_at": now(), "expires_at": now() + proofs.PROVED_FOR, "proved_at": now()}
        session.execute(
            insert(AddressProof), [fixed | row | {"uid": uid} for row, uid in zip(each, uids, strict=True)]
        )
    return uids


def browsers(app: Flask, meetup_id: int, uids: list[str], host: str) -> Iterator[tuple[Visitor, str]]:
    """A browser that has proved each, with the token of its form; each in a context (and `g`) of its own."""
    name, sign = app.config["SESSION_COOKIE_NAME"], app.session_interface.get_signing_serializer(app)
    for uid in uids:
        with app.app_context(), app.test_request_context():
            memory.remember(meetup_id, memory.Asked((uid,), "rush@example.com", proved=True))
            token = csrf_token()
            visitor = Visitor(host)
            visitor.cookies[name] = sign.dumps(dict(cookie))
        yield visitor, token


def open_to(app: Flask, meetup: Meetup, uids: list[str], host: str, seconds: float) -> Opening:
    """All press within `seconds`, evenly; meanwhile others look at the public page."""
    meetup_id, page = meetup.id, f"/m/{meetup.slug}"
    ready = list(browsers(app, meetup_id, uids, host))
    form = ready[0][0].form(f"{page}/check", f"{page}/registrations")
    end_reading()
    statuses: Counter[int] = Counter()
    looks: Counter[int] = Counter()
    waited: list[float] = []
    turn, lock, over = count(), threading.Lock(), threading.Event()
    began = time.monotonic()

    def press() -> None:
        while (n := next(turn)) < len(ready):
            visitor, token = ready[n]
            time.sleep(max(0.0, began + n * seconds / len(ready) - time.monotonic()))
            status = visitor.ask("POST", f"{page}/registrations", form | {CSRF_FIELD: token}).status
            with lock:
                statuses[status] += 1

    def look() -> None:
        while not over.wait(LOOKS_EACH):
            at = time.monotonic()
            looks[Visitor(host).ask("GET", page).status] += 1
            waited.append(time.monotonic() - at)

    watcher = threading.Thread(target=look)
    watcher.start()
    with ThreadPoolExecutor(HANDS) as pool:
        for hand in [pool.submit(press) for _ in range(HANDS)]:
            hand.result()
    over.set()
    watcher.join()
    return Opening(statuses, looks, waited, time.monotonic() - began)


def check_seats(meetup: Meetup, people: int, seats: int) -> None:
    """Exactly the seats are given, to the first; all others stand in one line, in the order of the history."""
    end_reading()
    rows = db.session.execute(
        select(Registration.id, Registration.rank, Registration.status)
        .where(Registration.meetup_id == meetup.id)
        .order_by(Registration.rank)
    ).all()
    assert [row.rank for row in rows] == list(range(1, people + 1))
    assert [row.status for row in rows] == [Status.CONFIRMED] * seats + [Status.WAITLISTED] * (people - seats)
    history = db.session.execute(
        select(RegistrationEvent.registration_id, RegistrationEvent.after).order_by(RegistrationEvent.id)
    ).all()
    assert [tuple(event) for event in history] == [(row.id, row.status) for row in rows]
