"""`make soak`: 200 organizers watch one door over the real server while people come in."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from statistics import quantiles
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests.factories import code_of, make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.door import Phone
from tests.support.server import Server

VIEWERS, EVERY, ARRIVALS, SEATED = 200, 2.0, 10, 400
WITHIN = 3.0  # seconds from a scan to every screen


class Viewer(threading.Thread):
    """Polls the live view over one connection as the page does, and notes when which number was shown."""

    def __init__(self, server: Server, path: str, cookie: str, stop: threading.Event, delay: float) -> None:
        super().__init__(daemon=True)
        address = urlsplit(server.url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        self._path, self._stop_asked, self._delay = path, stop, delay
        self._headers = {"Cookie": cookie}
        self.seen: dict[int, float] = {}  # people inside → when it was first shown
        self.took: list[float] = []
        self.statuses: list[int] = []

    def run(self) -> None:
        self._stop_asked.wait(self._delay)
        while not self._stop_asked.is_set():
            began = time.monotonic()
            self._ask()
            self.took.append(time.monotonic() - began)
            self._stop_asked.wait(EVERY)
        self._connection.close()

    def _ask(self) -> None:
        self._connection.request("GET", self._path, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read().decode()
        self.statuses.append(response.status)
        if response.status == 200:
            self._headers["If-None-Match"] = response.headers["ETag"]
            self.seen.setdefault(int(body.split("data-live-in>")[1].split("<")[0]), time.monotonic())


def test_200_viewers_see_every_arrival_within_three_seconds(
    app: Flask, client: FlaskClient, serve: Callable[..., Server]
) -> None:
    program = make_program()
    meetup = make_meetup(program, capacity=SEATED)
    guests = [make_registration(meetup) for _ in range(SEATED)]
    codes = [code_of(guest) for guest in guests[:ARRIVALS]]
    phone, path = Phone(app, meetup), f"/desk/{program.slug}/meetups/{meetup.slug}/door/live/now"
    sign_in(client, make_member(program))
    session = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert session
    server, stop, scanned = serve(alone=True), threading.Event(), {}
    cookie = f"{session.key}={session.value}"
    viewers = [Viewer(server, path, cookie, stop, EVERY * n / VIEWERS) for n in range(VIEWERS)]
    for viewer in viewers:
        viewer.start()
    time.sleep(2 * EVERY)

    for number, code in enumerate(codes, start=1):
        assert phone.scan(code=code)["verdict"] == "ok"
        scanned[number] = time.monotonic()
        time.sleep(WITHIN + 0.5)
    stop.set()
    for viewer in viewers:
        viewer.join(15)

    took = [each for viewer in viewers for each in viewer.took]
    ages = [viewer.seen[number] - at for viewer in viewers for number, at in scanned.items()]
    print(
        f"{len(took)} answers, p95 {quantiles(took, n=20)[-1] * 1000:.0f} ms; shown at most {max(ages):.2f} s later"
    )
    statuses = [status for viewer in viewers for status in viewer.statuses]
    assert set(statuses) <= {200, 304}
    assert statuses.count(200) <= VIEWERS * (ARRIVALS + 2), "the whole part is sent where something changed"
    assert max(ages) <= WITHIN
