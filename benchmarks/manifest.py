"""`make bench-manifest`: what the sealed list of a big meetup costs: bytes on the way, time to make it, time of a 304;
on the phone, time to open it and to look a ticket up.

    python -m benchmarks.manifest [--database sqlite] [tickets]

The server's figures are one process's and without a network: they say what it works, not how many phones it serves.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update
from werkzeug.test import TestResponse

from app.clock import now
from app.db import transaction
from app.models import CheckIn, CheckInKind, Registration, Verdict
from app.recent import Recent
from app.services.door import door_list
from benchmarks import manifest_phone, world
from benchmarks.installation import DATABASES, databases, dispose, migrated, serving_ours, settings_for
from config import ROOT

ROUNDS = 9
FILE = ROOT / "build/bench-manifest.json"
Figures = dict[str, float]


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
    figures: dict[str, Any] = {"tickets": asked.tickets}
    with tempfile.TemporaryDirectory() as folder:
        for database in asked.database or DATABASES:
            place = Path(folder) / database
            place.mkdir()
            with databases(database, place) as urls:
                settings = settings_for(urls.ours, place)
                app = migrated(settings)
                with app.app_context():
                    made = world.build(
                        people=asked.tickets, tickets=1, listed=asked.tickets, seats=1, few=1, many=1
                    )
                print(f"{database}, {asked.tickets:,} tickets, middle of {ROUNDS}:")
                figures[database] = _measure(app, Asker(app, made))
                with app.app_context():
                    _let_everybody_in(made.listed.id)
                print(f"{database}, everybody in:")
                figures[f"{database}, everybody in"] = _measure(app, Asker(app, made))
                dispose(app)
                with serving_ours(settings) as server:
                    figures[f"phone, {database}"] = _on_the_phone(server.url, made)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _on_the_phone(url: str, made: world.World) -> Figures:
    seen = manifest_phone.measure(url, made.listed)
    print("on a phone (Chromium, this machine):")
    for what, key in (("fetched and stored", "fetch_ms"), ("opened after a start", "open_ms")):
        print(f"  {what:<30}{seen[key]:>8.1f} ms")
    print(f"  {'a ticket looked up':<30}{seen['look_up_ms']:>8.2f} ms (p95 {seen['look_up_p95_ms']:.2f})")
    return seen


def _measure(app: Flask, phone: Asker) -> Figures:
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
    return {
        "bytes": len(answer.data),
        "sealed_bytes": sealed,
        "build_ms": _time("whole list, nothing in memory", lambda: phone.ask(200)[0], anew),
        "sealed_already_ms": _time("whole list, already sealed", lambda: phone.ask(200)[0]),
        "read_again_304_ms": _time(
            "304, tickets read again", lambda: phone.ask(304, tag=etag, **held)[0], look_again
        ),
        "in_memory_304_ms": _time("304, tickets in memory", lambda: phone.ask(304, tag=etag, **held)[0]),
    }


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


def _time(what: str, act: Callable[[], float], before: Callable[[], None] = lambda: None) -> float:
    took = []
    for _ in range(ROUNDS):
        before()
        took.append(act())
    middle = statistics.median(took) * 1000
    print(f"  {what:<30}{middle:>8.1f} ms ({min(took) * 1000:.1f} to {max(took) * 1000:.1f})")
    return middle


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manifest", description=__doc__)
    parser.add_argument("tickets", nargs="?", type=int, default=5000)
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
