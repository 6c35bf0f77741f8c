"""Slots: two requests are worked on at once, and nobody slow holds one."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.slots import SMALL, Slots

WAIT = 10.0


class Gauge:
    """An application that counts how many requests it works on, and holds them until it is told."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside, self.most, self._lock = 0, 0, threading.Lock()
        self.entered = threading.Semaphore(0)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/stream":
            return self.body()
        body = environ["wsgi.input"].read()
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.entered.release()
        assert self.open.wait(WAIT)
        with self._lock:
            self.inside -= 1
        return [body]

    def body(self) -> Iterator[bytes]:
        yield b"first"
        assert self.open.wait(WAIT)
        yield b"last"


class Dribble(io.RawIOBase):
    """A body whose sender takes as long as it likes."""

    def __init__(self, arrived: threading.Event, asked: threading.Event) -> None:
        self._arrived, self._asked = arrived, asked

    def read(self, size: int = -1) -> bytes:
        self._asked.set()
        assert self._arrived.wait(WAIT)
        return b"a=1"[: size if size >= 0 else None]


def ask(slots: Slots, path: str = "/", body: Any = None, **more: str) -> Iterable[bytes]:
    environ = {"PATH_INFO": path, "wsgi.input": body or io.BytesIO(b""), **more}
    return slots(environ, lambda *_: lambda _data: None)


@pytest.fixture
def gauge() -> Iterator[Gauge]:
    gauge = Gauge()
    yield gauge
    gauge.open.set()


def test_only_two_are_worked_on_at_once_and_the_others_follow(gauge: Gauge) -> None:
    slots = Slots(gauge)
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(ask, slots) for _ in range(6)]
        assert gauge.entered.acquire(timeout=WAIT)
        assert gauge.entered.acquire(timeout=WAIT)
        assert not gauge.entered.acquire(timeout=0.1)
        gauge.open.set()
        assert [one.result(WAIT) for one in waiting] == [[b""]] * 6
    assert gauge.most == 2


def test_a_download_that_dribbles_out_holds_no_slot(gauge: Gauge) -> None:
    slots = Slots(gauge)
    streams = [iter(ask(slots, "/stream")) for _ in range(3)]
    assert [next(stream) for stream in streams] == [b"first"] * 3

    gauge.open.set()
    assert ask(slots) == [b""]


def test_a_form_that_dribbles_in_holds_no_slot_and_arrives_whole(gauge: Gauge) -> None:
    slots, arrived = Slots(gauge), threading.Event()
    gauge.open.set()
    with ThreadPoolExecutor(3) as threads:
        asked = [threading.Event() for _ in range(3)]
        slow = [threads.submit(ask, slots, "/", Dribble(arrived, one), CONTENT_LENGTH="3") for one in asked]
        assert all(one.wait(WAIT) for one in asked)
        assert ask(slots) == [b""]
        arrived.set()
        assert [one.result(WAIT) for one in slow] == [[b"a=1"]] * 3


@pytest.mark.parametrize(
    "said",
    [{"CONTENT_LENGTH": str(SMALL + 1)}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "x"}],
)
def test_what_is_large_or_of_unknown_length_is_read_as_it_comes_without_a_slot(
    gauge: Gauge, said: dict[str, str]
) -> None:
    slots, body = Slots(gauge, at_once=1), io.BytesIO(b"whole")
    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(ask, slots)
        assert gauge.entered.acquire(timeout=WAIT)
        large = ThreadPoolExecutor(1)
        through = large.submit(ask, slots, "/", body, **said)
        assert gauge.entered.acquire(timeout=WAIT)
        gauge.open.set()
        assert through.result(WAIT) == [b"whole"]
        assert held.result(WAIT) == [b""]
        large.shutdown()
