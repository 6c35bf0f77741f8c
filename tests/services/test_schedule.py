"""What happens by itself: once, in order, whoever of the workers does it and whatever dies in between."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.schedule import Act, Due
from app.models import Meetup, Registration, RegistrationEvent, ScheduledAct, Status
from app.services.registering import registrations
from app.services.running import cleanup, schedule
from app.services.seating import offers, seat_counts
from config import ROOT, Settings
from tests.support.offers import HOUR, later, offering, states
from tests.support.one_worker import known, python
from tests.support.registering import owed

pytestmark = pytest.mark.usefixtures("app")
MINUTE = dt.timedelta(minutes=1)
SEATS, WAITING = 6, 15
RUN = "while schedule.run_due():\n        pass"


def all_offered(seats: int = SEATS, waiting: int = WAITING) -> tuple[Meetup, list[Registration]]:
    """A meetup whose seats are all offered to the first in line."""
    meetup, people = offering(seats=seats, waiting=waiting)
    for person in people[:seats]:
        registrations.cancel(person.id)
    end_reading()
    return meetup, people


def overdue(meetup: Meetup) -> None:
    """Let all offers have passed a while ago, each a minute after the one before."""
    ago = now() - HOUR
    with transaction() as session:
        held = select(Registration).where(
            Registration.meetup_id == meetup.id, Registration.status == Status.OFFERED
        )
        for number, row in enumerate(session.scalars(held.order_by(Registration.rank))):
            row.offered_until = ago + number * MINUTE
    end_reading()


def expired_in_order() -> list[int]:
    end_reading()
    query = select(RegistrationEvent.registration_id).where(RegistrationEvent.after == Status.EXPIRED)
    return list(db.session.scalars(query.order_by(RegistrationEvent.id)))


def passed_on_once(meetup: Meetup, people: list[Registration]) -> None:
    """Six seats were offered, passed, and are offered to the next six; each of that happened once."""
    now_states = states(meetup)
    assert now_states[SEATS : 2 * SEATS] == [Status.EXPIRED] * SEATS
    assert now_states[2 * SEATS : 3 * SEATS] == [Status.OFFERED] * SEATS
    assert set(now_states[3 * SEATS :]) == {Status.WAITLISTED}
    assert Counter(expired_in_order()) == {person.id: 1 for person in people[SEATS : 2 * SEATS]}
    assert len(owed("registration_expired")) == SEATS
    assert len(owed("registration_offered")) == 2 * SEATS
    assert seat_counts.seating_of(db.session(), meetup).held == SEATS


def test_three_workers_at_once_let_each_offer_pass_once(app: Flask) -> None:
    meetup, people = all_offered()
    overdue(meetup)
    start = threading.Barrier(3)

    def work() -> int:
        with app.app_context():
            start.wait(30)
            return sum(iter(schedule.run_due, 0))

    with ThreadPoolExecutor(3) as pool:
        done = [task.result() for task in [pool.submit(work) for _ in range(3)]]

    assert sum(done) == SEATS
    passed_on_once(meetup, people)


def test_three_worker_processes_let_each_offer_pass_once(settings: Settings, tmp_path: Path) -> None:
    meetup, people = all_offered()
    overdue(meetup)
    command = python(settings, tmp_path, RUN)

    running = [subprocess.Popen(command, env=known(settings), cwd=ROOT) for _ in range(3)]

    assert [process.wait(90) for process in running] == [0, 0, 0]
    passed_on_once(meetup, people)


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_half_done(
    settings: Settings, tmp_path: Path
) -> None:
    meetup, people = all_offered()
    overdue(meetup)
    before = states(meetup)
    dying = (
        "def die(session, due):\n"
        "        offers.expire(session, due)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    for act in list(schedule.WORK):\n"
        "        schedule.WORK[act] = schedule.Work(schedule.WORK[act].due, die)\n"
        "    schedule.run_due()"
    )

    killed = subprocess.run(
        python(settings, tmp_path, dying), env=known(settings), cwd=ROOT, timeout=90, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert states(meetup) == before
    assert sum(iter(schedule.run_due, 0)) == SEATS
    passed_on_once(meetup, people)


def test_after_an_hour_away_what_was_due_first_is_done_first_and_the_next_get_their_full_time() -> None:
    meetup, people = all_offered(seats=3, waiting=6)
    late = now() + 26 * HOUR
    with transaction() as session:
        for person, minutes in zip(people[3:6], (50, 10, 30), strict=True):
            until = late - HOUR + minutes * MINUTE
            session.execute(
                update(Registration).where(Registration.id == person.id).values(offered_until=until)
            )
    end_reading()

    with later(26 * HOUR):
        assert schedule.run_due() == 3

        first, second, third = people[3:6]
        assert expired_in_order() == [second.id, third.id, first.id]
        assert states(meetup)[6:] == [Status.OFFERED] * 3
        deadlines = db.session.scalars(
            select(Registration.offered_until).where(Registration.offered_until.is_not(None))
        ).all()
        assert all(until and until - now() > 23 * HOUR for until in deadlines)


def test_one_that_fails_holds_up_no_other_and_is_tried_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meetup, people = all_offered(seats=2, waiting=2)
    overdue(meetup)

    def broken(session: Session, due: Due) -> None:
        if due.subject == people[2].id:
            raise RuntimeError("not today")
        offers.expire(session, due)

    with monkeypatch.context() as patched:
        patched.setitem(schedule.WORK, Act.OFFER_EXPIRY, schedule.Work(offers.due_expiries, broken))
        assert schedule.run_due() == 1
        assert schedule.run_due() == 0, "it waits for its next try"
    row = db.session.scalars(select(ScheduledAct).where(ScheduledAct.done_at.is_(None))).one()
    assert (row.subject_id, row.tries, row.error) == (people[2].id, 1, "RuntimeError")

    with later(6 * dt.timedelta(seconds=1)):
        assert schedule.run_due() == 1

    assert states(meetup) == [Status.CANCELLED] * 2 + [Status.EXPIRED] * 2


def test_a_round_of_clean_ups_is_one_workers_also_after_a_day_without_any(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    monkeypatch.setattr(cleanup, "ROUNDS", {"counted": lambda: rounds.append(1) or 0})

    def three_workers() -> None:
        def work(_: int) -> None:
            with app.app_context():
                schedule.clean_up()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(3)))

    with later(HOUR):
        three_workers()
        assert len(rounds) == 1
    with later(25 * HOUR):
        three_workers()
        assert len(rounds) == 2
    assert len(db.session.scalars(select(ScheduledAct)).all()) == 1
