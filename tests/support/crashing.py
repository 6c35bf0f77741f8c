"""Killing the server while phones upload: who was told what, and what is still there afterwards."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.clock import now
from tests.factories import make_device
from tests.support.door import HEADERS, scan
from tests.support.server import Server

BATCH = 25


@dataclass
class Uploader:
    """A phone that sends batches without end: what waits, and every answer that it got."""

    meetup: Any
    codes: list[str]
    chance: random.Random
    waiting: list[dict[str, Any]] = field(default_factory=list)
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    interrupted: int = 0
    changed: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        _, token = make_device(self.meetup)
        self.cookie = f"door-{self.meetup.id}={token}"
        self.path = f"/door/{self.meetup.slug}/api/scans"

    def run(self, host: str, stop: threading.Event) -> None:
        """Send until told to stop or the server is gone; what has no answer is sent again the next time."""
        while not stop.is_set():
            if not self.waiting:
                self.waiting = [scan(code=self.chance.choice(self.codes)) for _ in range(BATCH)]
                self.made |= {each["id"]: each for each in self.waiting}
            try:
                self._take(self.post(host, self.waiting))
            except (OSError, http.client.HTTPException, ValueError):
                self.interrupted += 1
                return

    def settle(self, host: str) -> None:
        """Send everything once more, with the server left alone."""
        everything = list(self.made.values())
        for start in range(0, len(everything), 200):
            self._take(self.post(host, everything[start : start + 200]))

    def post(self, host: str, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        body = json.dumps({"scans": batch, "sent_at": now().isoformat()})
        headers = HEADERS | {"Cookie": self.cookie, "Content-Type": "application/json"}
        with closing(http.client.HTTPConnection(host, timeout=30)) as connection:
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            text = response.read()
        if response.status != 200:
            raise ValueError(text)
        outcomes: list[dict[str, Any]] = json.loads(text)["outcomes"]
        return outcomes

    def _take(self, outcomes: list[dict[str, Any]]) -> None:
        for outcome in outcomes:
            told = {key: value for key, value in outcome.items() if key != "replayed"}
            before = self.answers.setdefault(told["id"], told)
            if before != told:
                self.changed.append((before, told))
        self.waiting = [each for each in self.waiting if each["id"] not in self.answers]


def kill_under_upload(
    start: Callable[[], Server], uploaders: list[Uploader], chance: random.Random, *, longest: float = 0.4
) -> None:
    """One cycle: the server starts, phones upload, and at some moment all its processes are gone at once."""
    server, stop = start(), threading.Event()
    host = server.url.removeprefix("http://")
    with ThreadPoolExecutor(len(uploaders)) as pool:
        running = [pool.submit(each.run, host, stop) for each in uploaders]
        time.sleep(chance.uniform(0.02, longest))
        kill(server)
        stop.set()
        for each in running:
            each.result(60)


def kill(server: Server) -> None:
    """SIGKILL to the server and to every process that it started."""
    family = [server.pid, *children_of(server.pid)]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.stop(signal.SIGKILL)
    until = time.monotonic() + 10
    while any(is_alive(pid) for pid in family):
        assert time.monotonic() < until, "killed and still there"
        time.sleep(0.005)


def children_of(pid: int) -> list[int]:
    """All descendants of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError):
            for child in task.read_text().split():
                found += [int(child), *children_of(int(child))]
    return found


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
