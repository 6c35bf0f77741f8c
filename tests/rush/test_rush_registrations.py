"""The opening rush: exactly the capacity, an ordered line behind it, no error."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.models import Meetup, Person, Registration, RegistrationEvent, Status, Ticket
from app.services.registering import proof_answers, registrations
from app.services.seating import seat_counts
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.rush.visitors import Answer, Visitor, at_once
from tests.support.registering import code_of, owed, proof_for
from tests.support.server import Server

PEOPLE, SEATS = 200, 40


def rows_of(meetup: Meetup) -> list[Registration]:
    end_reading()
    query = select(Registration).where(Registration.meetup_id == meetup.id)
    return list(db.session.scalars(query.order_by(Registration.rank)))


def proved_visitors(meetup: Meetup, people: list[Person], host: str) -> list[Visitor]:
    """Browsers that asked, got their code and typed it; the last button is left to press."""
    page = f"/m/{meetup.slug}"
    addresses = [person.addresses[0].address for person in people]

    def ask(address: str) -> Visitor:
        visitor = Visitor(host)
        assert visitor.send(page, f"{page}/proofs", address=address).status == 303
        return visitor

    def prove(visitor: Visitor, code: str) -> None:
        assert visitor.send(f"{page}/code", f"{page}/code", code=code).location == f"{page}/check"

    with ThreadPoolExecutor(8) as pool:
        visitors = list(pool.map(ask, addresses))
    uid_of = {mail.address: mail.params["proof"] for mail in owed("proof")}
    proof_answers.answer(list(uid_of.values()))
    codes = [code_of(uid_of[address]) for address in addresses]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(prove, visitors, codes))
    return visitors


def test_rush_of_200_people_for_40_seats_over_http(serve: Callable[..., Server]) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=SEATS)
    people = [make_alumnus(cohort) for _ in range(PEOPLE)]
    server = serve(alone=True, WEB_WORKERS=4, ASKS_PER_CLIENT_HOUR=100_000)
    host, page = server.url.removeprefix("http://"), f"/m/{meetup.slug}"
    visitors = proved_visitors(meetup, people, host)
    forms = [visitor.form(f"{page}/check", f"{page}/registrations") for visitor in visitors]
    presses: list[Callable[[], Answer]] = [
        partial(visitor.ask, "POST", f"{page}/registrations", form)
        for visitor, form in zip(visitors, forms, strict=True)
    ]

    answers = at_once(presses)

    assert Counter(answer.status for answer in answers) == {303: PEOPLE}
    rows = rows_of(meetup)
    assert Counter(row.status for row in rows) == {
        Status.CONFIRMED: SEATS,
        Status.WAITLISTED: PEOPLE - SEATS,
    }
    assert [row.rank for row in rows] == list(range(1, PEOPLE + 1))
    assert [row.status for row in rows[:SEATS]] == [Status.CONFIRMED] * SEATS
    assert {answer.location.split("/")[2] for answer in answers} == {row.reference for row in rows}
    waiting = [row for row in rows if row.status is Status.WAITLISTED]
    history = db.session.scalars(
        select(RegistrationEvent.registration_id)
        .where(RegistrationEvent.after == Status.WAITLISTED)
        .order_by(RegistrationEvent.id)
    ).all()
    assert [row.id for row in waiting] == list(history)
    assert [seat_counts.place_in_line(row) for row in waiting] == list(range(1, PEOPLE - SEATS + 1))
    assert db.session.scalar(select(func.count()).select_from(Ticket)) == SEATS
    assert Counter(mail.kind for mail in owed() if mail.kind != "proof") == {
        "registration_confirmed": SEATS,
        "registration_waitlisted": PEOPLE - SEATS,
    }


def test_rush_of_one_person_pressing_twenty_times(serve: Callable[..., Server]) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=SEATS)
    server = serve(alone=True, WEB_WORKERS=4)
    host, page = server.url.removeprefix("http://"), f"/m/{meetup.slug}"
    [visitor] = proved_visitors(meetup, [make_alumnus(cohort)], host)
    form = visitor.form(f"{page}/check", f"{page}/registrations")
    twins = [Visitor(host, visitor.cookies) for _ in range(20)]

    answers = at_once([partial(twin.ask, "POST", f"{page}/registrations", form) for twin in twins])

    assert len({(answer.status, answer.location) for answer in answers}) == 1
    assert len(rows_of(meetup)) == 1
    assert len(owed("registration_confirmed")) == 1


@pytest.mark.parametrize("seed", [20260714])
def test_rush_of_cancelling_registering_and_promoting_keeps_capacity_and_order(app: Flask, seed: int) -> None:
    cohort = make_cohort()
    capacity, rounds, pairs = 3, 200, random.Random(seed)
    people = [make_alumnus(cohort) for _ in range(8)]
    meetup = make_meetup(cohorts=[cohort], capacity=capacity)
    uids = [proof_for(meetup, person) for person in people]
    meetup_id = meetup.id
    end_reading()
    over: list[int] = []

    def act(person: int) -> None:
        """Come, and half the time go again."""
        with app.app_context():
            held = registrations.register(meetup_id, uids[person])
            if pairs.random() < 0.5:
                registrations.cancel(held.id)

    def look(done: threading.Event) -> None:
        with app.app_context():
            while not done.wait(0.005):
                held = db.session.scalar(
                    select(func.count()).where(
                        Registration.meetup_id == meetup_id, Registration.status == Status.CONFIRMED
                    )
                )
                end_reading()
                over.extend([held] if held and held > capacity else [])

    done = threading.Event()
    watcher = threading.Thread(target=look, args=(done,))
    watcher.start()
    with ThreadPoolExecutor(6) as pool:
        tasks = [pool.submit(act, pairs.randrange(len(people))) for _ in range(rounds)]
    done.set()
    watcher.join()

    refused = [task.exception() for task in tasks if task.exception()]
    assert [str(error) for error in refused if not isinstance(error, DomainError)] == []
    assert over == []
    assert order_was_kept(meetup)


def order_was_kept(meetup: Meetup) -> bool:
    """Replay the history: never over the capacity, and always the first in line moves up."""
    rank = {row.id: row.rank for row in rows_of(meetup)}
    seated: set[int] = set()
    waiting: set[int] = set()
    events = db.session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id))
    for event in events:
        seated.discard(event.registration_id)
        waiting.discard(event.registration_id)
        if event.after is Status.WAITLISTED:
            waiting.add(event.registration_id)
        if event.after is Status.CONFIRMED:
            seated.add(event.registration_id)
            assert all(rank[event.registration_id] < rank[other] for other in waiting), event.id
        assert len(seated) <= meetup.capacity, event.id
    assert not waiting or len(seated) == meetup.capacity
    return True
