"""The measurements of one database: ours and the ceiling in turn, at each number of clients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db
from app.models import CheckIn, Verdict
from benchmarks import wrk
from benchmarks.arithmetic import Figure, middle_of, percentile
from benchmarks.installation import OURS, dispose
from benchmarks.processors import Watch
from benchmarks.registration import Registered, Town
from benchmarks.statements import scan_body
from benchmarks.world import World
from benchmarks.wrk import BadRun, Load, write_requests

SCANS_A_SECOND = 3_000  # more than this machine can take; that many tickets lie ready
WARM_UP = 2  # seconds
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Seconds:
    """How long each measurement and each look at the ceiling takes."""

    ours: int = 3
    ceiling: int = 2
    registration: int = 5


class Rounds:
    """Holds what the rounds share: where both servers are, and which tickets and people are left."""

    def __init__(
        self, database: str, app: Flask, world: World, ceiling: str, folder: Path, seconds: Seconds
    ) -> None:
        self._database, self._app, self._world, self._seconds = database, app, world, seconds
        self._ours, self._ceiling, self._folder = f"http://127.0.0.1:{OURS}", ceiling, folder
        self._codes = iter(world.door.codes)
        self._people = iter(enumerate(world.addresses))
        self._bare = write_requests(
            folder / "bare", "POST", "/admissions", JSON, [f'{{"code":"{c}"}}' for c in bare_codes(world)]
        )
        self._string = write_requests(folder / "string", "GET", "/", {})
        self._page = write_requests(
            folder / "page", "GET", f"/m/{world.opening.slug}", {"Accept-Language": "ko"}
        )
        self._door = {
            **JSON,
            "X-Dongmun-Door": "1",
            "Cookie": world.door.device_cookie,
            "Accept-Language": "ko",
        }

    def warm_up(self) -> None:
        """So that nothing is imported, compiled or connected to for the first time while we measure."""
        scans = self._scans("warm", self._take(WARM_UP))
        for url, requests in (
            (self._ceiling, self._bare),
            (self._ceiling, self._string),
            (self._ours, self._page),
            (self._ours, scans),
        ):
            wrk.run(url, requests, 8, WARM_UP)

    def at(self, clients: int) -> Iterator[Figure]:
        """All measurements at one number of clients, each between two looks at its ceiling."""
        watch = Watch()
        for figure in self._measured(clients):
            yield replace(figure, others_cores=watch.others())
            watch = Watch()

    def _measured(self, clients: int) -> Iterator[Figure]:
        first = self._look(self._bare, clients)
        tickets = self._take(self._seconds.ours)
        before = self._stored(Verdict.OK)
        admitted = wrk.run(self._ours, self._scans("scans", tickets), clients, self._seconds.ours)
        self._require_stored(admitted, self._stored(Verdict.OK) - before, clients, len(tickets))
        second = self._look(self._bare, clients)
        yield self._figure("check-in", "scans/s", clients, admitted, first, second)

        again = tickets[: admitted.answers]
        before = self._stored(Verdict.ALREADY_REDEEMED)
        copies = (SCANS_A_SECOND * self._seconds.ours) // len(again) + 1
        scans = self._scans("again", (again * copies)[: SCANS_A_SECOND * self._seconds.ours])
        repeated = wrk.run(self._ours, scans, clients, self._seconds.ours)
        seen = self._stored(Verdict.ALREADY_REDEEMED) - before
        self._require_stored(repeated, seen, clients, SCANS_A_SECOND * self._seconds.ours)
        third = self._look(self._bare, clients)
        yield self._figure("duplicate scan", "scans/s", clients, repeated, second, third)

        first = self._look(self._string, clients)
        page = wrk.run(self._ours, self._page, clients, self._seconds.ours)
        second = self._look(self._string, clients)
        yield self._figure("public page", "pages/s", clients, page, first, second)

        yield self._registration(clients)

    def _registration(self, clients: int) -> Figure:
        town = Town(self._world.opening.slug, self._people, clients)
        try:
            done: Registered = town.run(self._seconds.registration)
        finally:
            town.close()
        return Figure(
            what="registration",
            database=self._database,
            clients=clients,
            value=done.rate,
            unit="people/s",
            p50_ms=percentile(done.seconds_each, 0.5) * 1000,
            p99_ms=percentile(done.seconds_each, 0.99) * 1000,
            generator_cores=done.cores,
            note=f"{done.people} people, {done.mails} mails, the last {done.owed_seconds:.1f} s after the end",
        )

    def _figure(self, what: str, unit: str, clients: int, ours: Load, before: Load, after: Load) -> Figure:
        ceiling, spread = middle_of(before.rate, after.rate)
        return Figure(
            what=what,
            database=self._database,
            clients=clients,
            value=ours.rate,
            unit=unit,
            ceiling=ceiling,
            ceiling_spread=spread,
            p50_ms=ours.p50_ms,
            p99_ms=ours.p99_ms,
            generator_cores=ours.cores,
        )

    def _look(self, requests: Path, clients: int) -> Load:
        return wrk.run(self._ceiling, requests, clients, self._seconds.ceiling)

    def _take(self, seconds: int) -> list[str]:
        """Tickets that nobody has shown yet."""
        wanted = SCANS_A_SECOND * seconds
        return [code for code, _ in zip(self._codes, range(wanted), strict=False)]

    def _scans(self, name: str, codes: list[str]) -> Path:
        target, at = f"/door/{self._world.door.slug}/api/scans", now().isoformat(timespec="milliseconds")
        return write_requests(
            self._folder / name, "POST", target, self._door, (scan_body(code, at) for code in codes)
        )

    def _stored(self, verdict: Verdict) -> int:
        with self._app.app_context():
            query = select(func.count()).select_from(CheckIn).where(CheckIn.verdict == verdict)
            found = db.session.scalar(query) or 0
        dispose(self._app)
        return found

    @staticmethod
    def _require_stored(load: Load, stored: int, clients: int, prepared: int) -> None:
        """Every answer stands in the ledger, and nothing else but what was under way at the end."""
        if load.answers > prepared:
            raise BadRun(f"only {prepared} tickets for {load.answers} scans")
        if not load.answers <= stored <= load.answers + clients:
            raise BadRun(f"{load.answers} answers, but {stored} rows in the ledger")


def bare_codes(world: World) -> list[str]:
    """The rows that the ceiling's table holds, shown in turn and over again."""
    return world.door.codes[:10_000]
