"""What one check-in costs in a single process, next to a bare look-up and committed UPDATE.

    python -m benchmarks.checkin_profile [calls] [--profile]

No server and no network: the figures say where the time goes, not how many a second a machine
serves (that is `make bench`).
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from app import create_app
from app.clock import now
from app.db import transaction
from app.models import Device, Registration, Ticket
from config import Settings
from tests.factories import code_of, make_meetup, make_registration
from tests.support.door import Phone, scan


def main() -> None:
    calls = next((int(word) for word in sys.argv[1:] if word.isdigit()), 1000)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(DATA_DIR=Path(folder), LOG_LEVEL="warning"))
        with app.app_context():
            upgrade()
            meetup = make_meetup(capacity=calls)
            codes = [code_of(make_registration(meetup)) for _ in range(calls)]
            phone = Phone(app, meetup)
        bare = bare_app(app, phone)
        report("bare look-up + UPDATE", measure(bare, "/bare", ({"code": code} for code in codes)))
        bodies = [{"scans": [scan(code=code)], "sent_at": now().isoformat()} for code in codes]
        path, token = f"/door/{phone.slug}/api/scans", f"door-{meetup.id}={phone.token}"
        profiler = cProfile.Profile() if "--profile" in sys.argv else None
        if profiler:
            profiler.enable()
        report("check-in", measure(app, path, bodies, token))
        if profiler:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
        report("check-in, repeated upload", measure(app, path, bodies, token))
        for body in bodies:
            body["scans"][0]["id"] = str(uuid.uuid4())
        report("duplicate scan", measure(app, path, bodies, token))


def bare_app(app: Flask, phone: Phone) -> Flask:
    """The ceiling: one look-up and one committed UPDATE on the same database, nothing else."""
    from flask import jsonify, request

    bare = Flask("bare")

    @bare.post("/bare")
    def view() -> Any:
        device, ticket, registration = Device.__table__, Ticket.__table__, Registration.__table__
        with app.app_context(), transaction() as session:
            connection = session.connection()
            found = connection.execute(select(ticket.c.id).where(ticket.c.id == 1)).first()
            connection.execute(
                update(device).where(device.c.id == phone.device.id).values(gate=request.json["code"][:8])
            )
            return jsonify(ok=found is not None and registration is not None)

    return bare


def measure(app: Flask, path: str, bodies: Iterable[Any], cookie: str = "") -> list[float]:
    """Microseconds of each call."""
    client: Callable[..., Any] = app.test_client(use_cookies=False).post
    headers = {"X-Dongmun-Door": "1", "Cookie": cookie}
    taken = []
    for body in bodies:
        data = json.dumps(body)
        start = time.perf_counter()
        response = client(path, data=data, headers=headers, content_type="application/json")
        taken.append((time.perf_counter() - start) * 1e6)
        assert response.status_code == 200, response.text
    return taken


def report(name: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    median, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"{name:32} median {median:7.0f} µs   p99 {p99:7.0f} µs")


if __name__ == "__main__":
    main()
