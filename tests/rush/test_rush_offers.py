"""Offers under a rush: accepted, declined and passing at the same moment, and never a seat too many."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import SEATED
from app.models import Registration, RegistrationEvent, Status
from app.services.registering import registrations
from app.services.running import schedule
from app.services.seating import offers, seat_counts
from tests.support.offers import HOUR, fresh, offering

SEATS, WAITING, ROUNDS = 4, 60, 120


@pytest.mark.parametrize("seed", [20270701])
def test_offers_accepted_declined_and_passing_at_once_never_hold_a_seat_twice(app: Flask, seed: int) -> None:
    meetup, people = offering(seats=SEATS, waiting=WAITING)
    meetup_id, ids = meetup.id, [person.id for person in people]
    for person in people[:SEATS]:
        registrations.cancel(person.id)
    end_reading()
    chance, over = random.Random(seed), []
    plan = [(chance.choice(("accept", "cancel", "pass", "work")), chance.random()) for _ in range(ROUNDS)]
    done = threading.Event()

    def act(step: tuple[str, float]) -> None:
        what, which = step
        with app.app_context():
            held = db.session.scalars(
                select(Registration.id)
                .where(Registration.meetup_id == meetup_id, Registration.status.in_(SEATED))
                .order_by(Registration.id)
            ).all()
            end_reading()
            if what == "work" or not held:
                schedule.run_due()
                return
            one = held[int(which * len(held))]
            if what == "pass":
                let_pass(one)
                schedule.run_due()
            elif what == "accept":
                offers.accept(one)
            else:
                registrations.cancel(one)

    def look() -> None:
        with app.app_context():
            while not done.wait(0.005):
                held = select(func.count()).where(
                    Registration.meetup_id == meetup_id, Registration.status.in_(SEATED)
                )
                if (db.session.scalar(held) or 0) > SEATS:
                    over.append(True)
                end_reading()

    watcher = threading.Thread(target=look)
    watcher.start()
    with ThreadPoolExecutor(6) as pool:
        tasks = [pool.submit(act, step) for step in plan]
    done.set()
    watcher.join()

    failed = [task.exception() for task in tasks if task.exception()]
    assert [str(error) for error in failed if not isinstance(error, DomainError)] == []
    assert over == []
    seating = seat_counts.seating_of(db.session(), meetup)
    assert seating.held == SEATS or not seating.waiting
    offered_in_order(ids)


def let_pass(registration_id: int) -> None:
    with transaction() as session:
        held = update(Registration).where(
            Registration.id == registration_id, Registration.status == Status.OFFERED
        )
        session.execute(held.values(offered_until=now() - HOUR))


def offered_in_order(ids: list[int]) -> None:
    """Each was offered a seat once at most, and in the order of the line."""
    end_reading()
    offered = db.session.scalars(
        select(RegistrationEvent.registration_id)
        .where(RegistrationEvent.after == Status.OFFERED)
        .order_by(RegistrationEvent.id)
    ).all()
    assert list(offered) == sorted(set(offered)) == ids[SEATS : SEATS + len(offered)]


def test_accepting_at_the_moment_of_passing_has_one_winner(app: Flask) -> None:
    _, people = offering(seats=1, waiting=30)
    registrations.cancel(people[0].id)
    ids = [person.id for person in people[1:]]
    end_reading()

    def at_once(acts: list[object]) -> None:
        barrier = threading.Barrier(len(acts))

        def go(act: object) -> None:
            with app.app_context():
                barrier.wait(30)
                try:
                    act()  # type: ignore[operator]
                except DomainError:
                    db.session.rollback()

        with ThreadPoolExecutor(len(acts)) as pool:
            list(pool.map(go, acts))

    for number in ids[:12]:
        with transaction() as session:
            row = session.get_one(Registration, number)
            assert row.status is Status.OFFERED
            row.offered_until = now()
        end_reading()
        at_once([schedule.run_due, schedule.run_due, lambda n=number: offers.accept(n)])
        assert fresh_status(number) is Status.EXPIRED

    winner = ids[12]
    at_once([lambda: offers.accept(winner), lambda: registrations.cancel(winner)] * 2)
    assert fresh_status(winner) is Status.CANCELLED, "whoever accepted and cancelled is out, in either order"
    assert fresh(people[14]).status is Status.OFFERED


def fresh_status(registration_id: int) -> Status:
    end_reading()
    return db.session.get_one(Registration, registration_id, populate_existing=True).status
