"""`make bench`: measure, print the table, write build/bench.json, and fail when a floor is missed."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from benchmarks import badges, desk, exports, report, statements, world
from benchmarks.arithmetic import Figure, Floor, judged, unmeasured
from benchmarks.installation import (
    DATABASES,
    databases,
    dispose,
    migrated,
    scratch_folder,
    serving_ceiling,
    serving_ours,
    settings_for,
)
from benchmarks.processors import Watch
from benchmarks.rounds import SCANS_A_SECOND, WARM_UP, Rounds, Seconds, bare_codes
from benchmarks.wrk import require_wrk

CLIENTS = (1, 8, 32)
LISTED = 10_000
SEATS = 2_000  # fewer than register: some wait
FEW, MANY = 10, 900  # a file takes one more statement for each thousand
FLOORS = (
    Floor(what="check-in", measure="ratio", least=0.4),
    Floor(what="public page", measure="ratio", least=0.25),
    Floor(what="registration", least=60, clients=frozenset({8, 32})),  # one client is a measure of latency
    Floor(what="CSV of 10,000", most=0.5),
    Floor(what="XLSX of 10,000", most=2),
    Floor(what=f"{badges.BADGES} badges", most=2),
    Floor(what="memory for a CSV", most=50),
    Floor(what="memory for an XLSX", most=50),
    *(Floor(what=f"statements: {act}", most=0) for act in statements.ACTS),
    *desk.FLOORS,
)


def main() -> int:
    asked = _arguments()
    require_wrk()
    began, figures = time.monotonic(), []
    seconds = Seconds(1, 1, 2) if asked.quick else Seconds()
    with scratch_folder() as folder:
        for database in asked.database or DATABASES:
            clients, rounds = asked.clients or CLIENTS, 10 if asked.quick else desk.ROUNDS
            measured = _measure(database, folder / database, clients, seconds)
            for figure in chain(measured, desk.figures(database, folder / f"{database}-desk", rounds=rounds)):
                print(f"· {figure.what}, {database}, {figure.clients}", file=sys.stderr)
                figures.append(figure)
    verdicts, missing = judged(figures, FLOORS), unmeasured(figures, FLOORS)
    took = time.monotonic() - began
    print(report.show(figures))
    print()
    print(report.show_floors(verdicts, missing))
    print(f"\n{report.show_noise(figures)}{took:.0f} s; all figures: build/bench.json")
    report.write(figures, verdicts, took)
    return 0 if not missing and all(held for _, _, held in verdicts) else 1


def _measure(database: str, folder: Path, clients: tuple[int, ...], seconds: Seconds) -> Iterator[Figure]:
    """Everything on one kind of database."""
    folder.mkdir()
    with databases(database, folder) as urls:
        settings = settings_for(urls.ours, folder)
        app = migrated(settings)
        with app.app_context():
            made = world.build(
                people=_tickets(clients, seconds),
                tickets=_tickets(clients, seconds),
                listed=LISTED,
                seats=SEATS,
                few=FEW,
                many=MANY,
            )
        yield from _badges(database, badges.measure(app, made))
        yield from _statements(database, statements.compare(app, made))
        dispose(app)
        with (
            serving_ours(settings) as server,
            serving_ceiling(settings, urls.ceiling, bare_codes(made)) as ceiling,
        ):
            rounds = Rounds(database, app, made, ceiling, folder, seconds)
            rounds.warm_up()
            for count in clients:
                yield from rounds.at(count)
            yield from _exports(database, made, server.pid)


def _tickets(clients: tuple[int, ...], seconds: Seconds) -> int:
    return max(LISTED, SCANS_A_SECOND * (WARM_UP + seconds.ours * len(clients)))


def _exports(database: str, made: world.World, server: int) -> Iterator[Figure]:
    listed = exports.List(made.listed.slug, len(made.listed.codes), made.organizer_cookie)
    for kind, name, memory in (("csv", "CSV", "memory for a CSV"), ("xlsx", "XLSX", "memory for an XLSX")):
        watch = Watch()
        done = exports.measure(listed, kind, server)
        figure = Figure(
            what=f"{name} of 10,000",
            database=database,
            clients=1,
            value=done.seconds,
            unit="s",
            others_cores=watch.others(),
            note=f"{done.megabytes:.1f} MB",
        )
        yield figure
        yield replace(figure, what=memory, value=done.growth, unit="MB", note="")


def _badges(database: str, done: badges.Printed) -> Iterator[Figure]:
    """The second database finds the type read already."""
    yield Figure(
        what=f"{badges.BADGES} badges",
        database=database,
        clients=1,
        value=done.first,
        unit="s",
        note=f"{done.processor:.2f} s of a processor; again: {done.again:.2f} s; {done.megabytes:.1f} MB",
    )


def _statements(database: str, found: dict[str, tuple[int, int]]) -> Iterator[Figure]:
    for act, (few, many) in found.items():
        yield Figure(
            what=f"statements: {act}",
            database=database,
            clients=1,
            value=many - few,
            unit="more",
            note=f"{few} for {FEW} people, {many} for {MANY}",
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    parser.add_argument("--clients", action="append", type=int, help="only that many")
    parser.add_argument("--quick", action="store_true", help="a short look; its figures mean little")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
