"""kill -9 in the middle of uploads: what a phone was told is in the ledger, once, and stays as told."""

from __future__ import annotations

import random
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select, text

from app.db import db, end_reading
from app.models import CheckIn, Registration
from app.services.door import door_standing
from tests.factories import code_of, make_meetup, make_registration
from tests.support.crashing import Uploader, kill_under_upload
from tests.support.server import Server

CYCLES = 20  # all 200 in tests/soak
TICKETS = 40


def test_no_acknowledged_scan_is_lost_when_the_server_is_killed_under_upload(
    app: Flask, serve: Callable[..., Server]
):
    survive_kills(serve, CYCLES)


def survive_kills(serve: Callable[..., Server], cycles: int) -> None:
    meetup = make_meetup(capacity=TICKETS)
    codes = [code_of(make_registration(meetup)) for _ in range(TICKETS)]
    phones = [Uploader(meetup, codes, random.Random(n)) for n in range(3)]
    chance = random.Random(200)

    for cycle in range(cycles):
        leave_the_database()
        kill_under_upload(lambda: serve(alone=True), phones, chance)

        acknowledged = {scan_id for phone in phones for scan_id in phone.answers}
        assert acknowledged - set(ledger(meetup.id)) == set(), f"lost after kill {cycle}"
        assert is_sound(), f"after kill {cycle}"

    assert sum(phone.interrupted for phone in phones) > cycles / 2, "the kills must hit uploads"
    unanswered = {scan_id for phone in phones for scan_id in phone.made.keys() - phone.answers.keys()}
    assert unanswered
    leave_the_database()
    server = serve(alone=True)
    for phone in phones:
        phone.settle(server.url.removeprefix("http://"))
    made = [scan_id for phone in phones for scan_id in phone.made]
    assert [phone.changed for phone in phones] == [[], [], []]
    assert sorted(ledger(meetup.id)) == sorted(made)
    for registration in db.session.scalars(select(Registration)):
        first = door_standing.read(db.session.connection(), registration.id).standing.admitting
        assert registration.admitted_at == (first.at if first else None)
    assert is_sound()


def ledger(meetup_id: int) -> list[str]:
    end_reading()
    return list(db.session.scalars(select(CheckIn.scan_id).where(CheckIn.meetup_id == meetup_id)))


def is_sound() -> bool:
    """SQLite's own check; on PostgreSQL, which was not killed, every index finds what the table holds."""
    if db.engine.dialect.name == "sqlite":
        return db.session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    twice = select(CheckIn.scan_id).group_by(CheckIn.meetup_id, CheckIn.scan_id).having(func.count() > 1)
    return db.session.execute(twice).all() == []


def leave_the_database() -> None:
    """Close it here, so that the next server is the first to open what the killed one left."""
    db.session.remove()
    db.engine.dispose()
