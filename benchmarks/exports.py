"""Attendee lists as files, over HTTP as an organizer gets them: how long, and what the server's memory does."""

from __future__ import annotations

import re
import socket
import statistics
import time
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from benchmarks.http import Answer, Jar, fetch
from benchmarks.installation import OURS
from benchmarks.processors import descendants
from benchmarks.world import PROGRAM

TIMES = 3
LONGEST, LOOK_EVERY = 900.0, 0.2  # of a file that the worker makes
_COLUMN = re.compile(r"name=\"columns\"[^>]*value=\"([^\"]+)\"|value=\"([^\"]+)\"[^>]*name=\"columns\"")
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_NOW = re.compile(r"VmRSS:\s+(\d+) kB")


class WrongFile(RuntimeError):
    """The file that came does not hold everybody."""


@dataclass(frozen=True)
class Exported:
    """The median time of the file, its size, and by how much a server process grew at its peak."""

    seconds: float
    megabytes: float
    growth: float


@dataclass(frozen=True)
class List:
    """Whose list is exported, and by whom; `people` are confirmed."""

    slug: str
    people: int
    organizer_cookie: str


def measure(listed: List, kind: str, server: int, times: int = TIMES) -> Exported:
    """Export everybody of the list who has a seat, every column, a few times."""
    watched = Memory(server)
    taken = []
    for _ in range(times):
        file, seconds = _export(listed, kind)
        _check(file, kind, listed.people)
        taken.append(seconds)
    return Exported(statistics.median(taken), len(file) / 1e6, watched.growth())


class Memory:
    """The processes below one, from now on: how far the one that grew most has grown at its peak, in MB."""

    def __init__(self, root: int) -> None:
        self._before: dict[int, int] = {}
        for process in descendants(root):
            Path(f"/proc/{process}/clear_refs").write_text("5")  # forget the peak so far
            self._before[process] = _status(process, _NOW)

    def growth(self) -> float:
        grown = [_status(process, _PEAK) - before for process, before in self._before.items()]
        return max(grown) / 1024


def _status(process: int, line: re.Pattern[str]) -> int:
    found = line.search(Path(f"/proc/{process}/status").read_text())
    return int(found[1]) if found else 0


def _export(listed: List, kind: str) -> tuple[bytes, float]:
    jar = Jar.with_cookie(f"localhost:{OURS}", listed.organizer_cookie)
    path = f"/desk/{PROGRAM}/meetups/{listed.slug}/export"
    with socket.create_connection(("127.0.0.1", OURS)) as connection:
        page = fetch(connection, jar.get(path))
        jar.take(page)
        _, fields = page.form("/export", path)
        columns = [one or other for one, other in _COLUMN.findall(page.body.decode())]
        form = [*fields.items(), *(("columns", column) for column in columns)]
        form += [("kind", kind), ("statuses", "confirmed"), ("reason", "bench")]
        began = time.perf_counter()
        answer = fetch(connection, jar.post(path, form))
        if answer.status == 303:
            answer = _made_by_the_worker(connection, jar, answer.location)
        seconds = time.perf_counter() - began
    if answer.status != 200:
        raise WrongFile(f"the export answered {answer.status}")
    return answer.body, seconds


def _made_by_the_worker(connection: socket.socket, jar: Jar, page: str) -> Answer:
    """The file, followed on its page as its maker does."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        shown = fetch(connection, jar.get(page))
        jar.take(shown)
        if b"/download" in shown.body:
            target, fields = shown.form("/download", page)
            return fetch(connection, jar.post(target, fields))
        time.sleep(LOOK_EVERY)
    raise WrongFile(f"the file was not made within {LONGEST} s")


def _check(file: bytes, kind: str, people: int) -> None:
    rows = file.count(b"\r\n") if kind == "csv" else _rows_of_sheet(file)
    if rows != people + 1:
        raise WrongFile(f"{rows} rows for {people} people and a heading")


def _rows_of_sheet(file: bytes) -> int:
    with zipfile.ZipFile(BytesIO(file)) as book:
        return book.read("xl/worksheets/sheet1.xml").count(b"<row ")
