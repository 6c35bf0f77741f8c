"""What the sealed list of a big meetup costs: bytes on the way, time to make it, time of a 304.

    python -m benchmarks.manifest [--database sqlite] [tickets]

One process and no network: the figures say what the server works, not how many phones it serves.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from app.clock import now
from app.db import transaction
from app.models import CheckIn, CheckInKind, Registration, Verdict
from app.recent import Recent
from app.services import door_list
from benchmarks import world
from benchmarks.installation import DATABASES, databases, dispose, migrated, settings_for

ROUNDS = 9


class Asker:
    """A staff phone's questions to one application, timed."""

    def __init__(self, app: Flask, made: world.World) -> None:
        name, _, value = made.listed.device_cookie.partition("=")
        self.client, self.path = app.test_client(), f"/door/{made.listed.slug}/api/manifest"
        self.client.set_cookie(name, value)

    def ask(self, status: int, **given: str) -> tuple[float, TestResponse]:
        """Seconds and answer."""
        tag = {"If-None-Match": given.pop("tag")} if "tag" in given else {}
        began = time.perf_counter()
        answer = self.client.get(self.path, query_string=given, headers=tag)
        answer.get_data()
        took = time.perf_counter() - began
        if answer.status_code != status:
            raise RuntimeError(f"{answer.status_code} instead of {status}")
        return took, answer


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        for database in asked.database or DATABASES:
            place = Path(folder) / database
            place.mkdir()
            with databases(database, place) as urls:
                app = migrated(settings_for(urls.ours, place))
                with app.app_context():
                    made = world.build(
                        people=asked.tickets, tickets=1, listed=asked.tickets, seats=1, few=1, many=1
                    )
                print(f"{database}, {asked.tickets:,} tickets, middle of {ROUNDS}:")
                _measure(app, Asker(app, made))
                with app.app_context():
                    _let_everybody_in(made.listed.id)
                print(f"{database}, everybody in:")
                _measure(app, Asker(app, made))
                dispose(app)


def _measure(app: Flask, phone: Asker) -> None:
    def anew() -> None:
        app.extensions.pop("door_lists", None)
        door_list._sealed = Recent(door_list.SEALED_KEPT, door_list.SEALED_SECONDS)

    def look_again() -> None:
        for held in app.extensions["door_lists"].values():
            held.read = 0.0

    anew()
    _, answer = phone.ask(200)
    body, etag = answer.json or {}, answer.headers["ETag"]
    held = {"have": body["tags"], "after": body["cursor"]}
    sealed = sum(len(text) * 3 // 4 for text in body["buckets"].values())
    print(f"  whole list, as sent         {len(answer.data):>12,} bytes ({sealed:,} sealed)")
    print(f"  a 200 without anything new  {len(phone.ask(200, **held)[1].data):>12,} bytes")
    _time("whole list, nothing in memory", lambda: phone.ask(200)[0], anew)
    _time("whole list, already sealed", lambda: phone.ask(200)[0])
    _time("304, tickets read again", lambda: phone.ask(304, tag=etag, **held)[0], look_again)
    _time("304, tickets in memory", lambda: phone.ask(304, tag=etag, **held)[0])


def _let_everybody_in(meetup_id: int) -> None:
    """A green scan for each registration, as the ledger has it after the rush."""
    at, guests = now(), select(Registration.id).where(Registration.meetup_id == meetup_id)
    with transaction() as session:
        scans = [
            {
                "meetup_id": meetup_id,
                "scan_id": str(uuid.uuid4()),
                "kind": CheckInKind.ENTRY,
                "verdict": Verdict.OK,
                "registration_id": guest,
                "method": "camera",
                "gate": "정문",
                "scanned_at": at,
                "corrected_at": at,
                "received_at": at,
                "body_hash": bytes(16),
            }
            for guest in session.scalars(guests)
        ]
        session.execute(insert(CheckIn), scans)
        first = select(CheckIn.id).where(CheckIn.registration_id == Registration.id).scalar_subquery()
        here = update(Registration).where(Registration.meetup_id == meetup_id)
        session.execute(here.values(admitted_at=at, admitted_by_id=first))


def _time(what: str, act: Callable[[], float], before: Callable[[], None] = lambda: None) -> None:
    took = []
    for _ in range(ROUNDS):
        before()
        took.append(act())
    print(
        f"  {what:<30}{statistics.median(took) * 1000:>8.1f} ms ({min(took) * 1000:.1f} to {max(took) * 1000:.1f})"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manifest", description=__doc__)
    parser.add_argument("tickets", nargs="?", type=int, default=5000)
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
