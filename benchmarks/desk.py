"""The desk of a meetup with 100,000 registrations, over HTTP as an organizer gets it: how long each page takes, how many
statements, and how far a file makes the server grow.

    python -m benchmarks.desk [--database sqlite] [--people 100000] [--rounds 40]
"""

from __future__ import annotations

import argparse
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient

from app.db import end_reading
from benchmarks import crowd, exports, report
from benchmarks.arithmetic import Figure, Floor, judged, percentile, unmeasured
from benchmarks.crowd import Crowd
from benchmarks.http import Jar, fetch
from benchmarks.installation import (
    DATABASES,
    OURS,
    databases,
    dispose,
    migrated,
    scratch_folder,
    serving_ours,
    settings_for,
)
from benchmarks.processors import Watch, work_below
from benchmarks.world import PROGRAM
from config import Settings
from tests.support.counting import statements

ROUNDS, WARM = 40, 4
FEW = 300  # people of the small meetup, which must take as many statements
SLOWEST_MS, MOST_MB = 300, 64
FOR_SOMEBODY = 3  # statements about the people of a page, which a page with nobody on it does not need
DESK = f"/desk/{PROGRAM}/meetups/{crowd.SLUG}"
LISTS = {
    "everybody": "",
    "status": "?status=waitlisted",
    "cohort": "?cohort=7",
    "three cohorts and a state": "?cohort=3&cohort=4&cohort=5&status=confirmed",
    "who came": "?arrived=yes",
    "who did not come yet": "?arrived=no",
    "a consent": "?consent=photos",
    "two consents": "?consent=photos&consent=marketing",
    "reply": "?reply=none",
    "larger event": "?host=not_yet",
    "paid": "?paid=yes",
    "not paid": "?paid=no",
    "name": "?q=김민서",
    "part of a name": "?q=민서",
    "romanised name": "?q=kimminseo",
    "initial consonants": "?q=ㄱㅁㅅ",
    "address": "?q=alumnus4242@",
    "part of an address": "?q=us4242",
    "last four digits": "?q=4242",
    "a whole number": "?q=010-0007-4242",
    "nobody": "?q=없는이름",
    "cohort and name": "?q=7기 민서",
    "name of a companion": "?q=동행",
    "registration number": "?q={middle}",
    "a name that a filter leaves out": "?q=민서&arrived=yes&status=waitlisted",
    "name and filters": "?q=민서&cohort=7&consent=photos&arrived=no",
    "a tag": "?tag=연사",
    "an answer": "?answer=food:o2",
    "no mail arrives": "?mail=dead",
    "no mail sent": "?mail=none",
    "no mail sent, or failed": "?mail=none&mail=failed",
    "not consented": "?unconsented=photos",
    "said no to a consent": "?refused=photos",
    "never asked for a consent": "?unasked=photos",
    "not answered": "?unanswered=food",
    "without a tag": "?untagged=yes",
    "who brings somebody": "?companions=yes",
    "walk-ins": "?walk_in=yes",
    "not on the host's list": "?listed=not_listed",
    "the latest mail": "?col=mail",
    "a mail that failed": "?mail=failed",
    "deep page": "?after={middle}",
    "deep page, backwards": "?before={middle}",
    "by address, the last first": "?sort=-address",
    "by check-in": "?sort=checked_in_at",
    "by cohort, deep": "?sort=cohort&after={middle}",
}
SILENT = {
    "not registered": f"{DESK}/not-registered",
    "not registered, of a cohort": f"{DESK}/not-registered?cohort=7",
    "not registered, by phone only": f"{DESK}/not-registered?reach=phone",
    "not registered, by nothing": f"{DESK}/not-registered?reach=nothing",
    "not registered, not invited": f"{DESK}/not-registered?invited=no",
    "not registered, a name": f"{DESK}/not-registered?q=ㄱㅁ",
    "not registered, part of an address": f"{DESK}/not-registered?q=example",
    "attendance": f"/desk/{PROGRAM}/attendance",
    "attendance, the most first": f"/desk/{PROGRAM}/attendance?by=came",
    "attendance, who never came": f"/desk/{PROGRAM}/attendance?came=never",
}
"""Lists of people who need not be registered."""
PAGES = ("overview", *(f"people: {name}" for name in LISTS), *SILENT, "one person")
FILES = (("csv", "CSV of 100,000"), ("xlsx", "XLSX of 100,000"))
FLOORS = (
    *(Floor(what=f"desk, {page}", most=SLOWEST_MS) for page in PAGES),
    *(Floor(what=f"statements: desk, {page}", most=FOR_SOMEBODY) for page in PAGES),
    *(Floor(what=f"memory for a {name}", most=MOST_MB) for _, name in FILES),
)


class WrongPage(RuntimeError):
    """A page that should be measured did not come."""


def figures(
    database: str, folder: Path, people: int = crowd.PEOPLE, rounds: int = ROUNDS, only: str = ""
) -> Iterator[Figure]:
    """Everything on one kind of database, which it makes; `only`: pages with these words in their name."""
    pages, few_folder = [page for page in PAGES if only in page], folder / "few"
    few_folder.mkdir(parents=True)
    with databases(database, folder) as urls:
        few = _statements(settings_for(urls.ceiling, few_folder), FEW, pages)[1]
        settings = settings_for(urls.ours, folder)
        made, many = _statements(settings, people, pages)
        with serving_ours(settings) as server:
            for page in pages:
                yield _page(database, made, page, rounds)
                note = f"{few[page]} for {FEW} people, {many[page]} for {people:,}"
                more = many[page] - few[page]
                what = f"statements: desk, {page}"
                yield Figure(what=what, database=database, clients=1, value=more, unit="more", note=note)
            for kind, name in FILES if not only else ():
                yield from _file(database, made, kind, name, server.pid)


def _statements(settings: Settings, people: int, pages: Sequence[str]) -> tuple[Crowd, dict[str, int]]:
    """A meetup with so many, and how many statements each page takes there once its caches are warm."""
    app = migrated(settings)
    with app.app_context():
        made = crowd.build(people)
    client = app.test_client()
    name, _, value = made.organizer_cookie.partition("=")
    client.set_cookie(name, value)
    found = {page: _counted(app, client, _paths(made, page)[0]) for page in pages}
    dispose(app)
    return made, found


def _counted(app: Flask, client: FlaskClient, path: str) -> int:
    with app.app_context():
        for _ in ("warm", "counted"):
            end_reading()
            with statements() as seen:
                answer = client.get(path)
                answer.get_data()
            if answer.status_code != 200:
                raise WrongPage(f"{path} answered {answer.status_code}")
    return len(seen)


def _paths(made: Crowd, page: str) -> Sequence[str]:
    """Where the page is; of one person's, many people's."""
    if page == "overview":
        return [DESK]
    if page == "one person":
        return [f"{DESK}/attendees/{reference}" for reference in made.references]
    if page in SILENT:
        return [quote(SILENT[page], safe="/?=&:")]
    query = LISTS[page.removeprefix("people: ")].format(middle=made.references[len(made.references) // 2])
    return [f"{DESK}/attendees{quote(query, safe='?=&:')}"]


def _page(database: str, made: Crowd, page: str, rounds: int) -> Figure:
    jar, watch, taken = Jar.with_cookie(f"localhost:{OURS}", made.organizer_cookie), Watch(), []
    worked = work_below()
    with socket.create_connection(("127.0.0.1", OURS)) as connection:
        for path in islice(cycle(_paths(made, page)), WARM + rounds):
            began = time.perf_counter()
            answer = fetch(connection, jar.get(path))
            taken.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise WrongPage(f"{path} answered {answer.status}")
    taken = taken[WARM:]
    return Figure(
        what=f"desk, {page}",
        database=database,
        clients=1,
        value=percentile(taken, 0.95),
        unit="ms at p95",
        p50_ms=percentile(taken, 0.5),
        p99_ms=percentile(taken, 0.99),
        others_cores=watch.others(),
        note=f"{(work_below() - worked) * 1000 / (WARM + rounds):.0f} ms of processors each",
    )


def _file(database: str, made: Crowd, kind: str, name: str, server: int) -> Iterator[Figure]:
    watch, listed = Watch(), exports.List(made.slug, made.seated, made.organizer_cookie)
    done = exports.measure(listed, kind, server, times=1)
    figure = Figure(
        what=name,
        database=database,
        clients=1,
        value=done.seconds,
        unit="s",
        others_cores=watch.others(),
        note=f"{done.megabytes:.1f} MB",
    )
    yield figure
    yield replace(figure, what=f"memory for a {name}", value=done.growth, unit="MB", note="")


def main() -> int:
    asked = _arguments()
    found: list[Figure] = []
    with scratch_folder() as folder:
        for database in asked.database or DATABASES:
            for figure in figures(database, folder / database, asked.people, asked.rounds, asked.only):
                print(
                    f"· {figure.what}, {database}: {figure.value:.1f} {figure.unit}; {figure.note}",
                    file=sys.stderr,
                )
                found.append(figure)
    floors = [floor for floor in FLOORS if not asked.only or any(map(floor.binds, found))]
    verdicts, missing = judged(found, floors), unmeasured(found, floors)
    print(report.show(found))
    print(f"\n{report.show_floors(verdicts, missing)}\n\n{report.show_noise(found)}")
    return 0 if not missing and all(held for _, _, held in verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("--database", action="append", choices=DATABASES, help="only this one")
    parser.add_argument("--people", type=int, default=crowd.PEOPLE)
    parser.add_argument("--only", default="", help="pages with these words in their name, and no files")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
