"""People who register: each with a browser, a network address and a mailbox of their own.

One loop plays all of them and their mail server. `clients` requests are under way at once; somebody who
waits for the mail is in nobody's way, as in life, so somebody else goes on meanwhile.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from benchmarks.http import Answer, Jar, read_answer
from benchmarks.installation import MAIL, OURS
from benchmarks.sink import Sink, code_in

MOST_WAITING = 100  # people who look into their mailbox at once
WARM_UP_SECONDS = 3.0
LAST_MAILS_SECONDS = 60.0
Journey = Generator[bytes | None, "Answer | str", None]


@dataclass(frozen=True)
class Registered:
    """`rate`: people through the whole flow in a second. `owed_seconds`: until the last mail was out."""

    people: int
    rate: float
    seconds_each: list[float]
    cores: float
    mails: int
    owed_seconds: float


class WentWrong(RuntimeError):
    """Somebody's registration did not go as it should."""


def journey(slug: str, address: str) -> Journey:
    """One person's requests; `None` is waiting for the mail, answered by the code in it."""
    jar = Jar(f"localhost:{OURS}")

    def ask(request: bytes, status: int) -> Generator[bytes, Answer, Answer]:
        answer = yield request
        if answer.status != status:
            raise WentWrong(
                f"{request.split(b' HTTP')[0]!r} answered {answer.status}: {answer.body[:2000]!r}"
            )
        jar.take(answer)
        return answer

    page = yield from ask(jar.get(f"/m/{slug}"), 200)
    target, fields = page.form("/proofs")
    answer = yield from ask(jar.post(target, fields | {"address": address}), 303)
    page = yield from ask(jar.get(answer.location), 200)
    target, fields = page.form("/code", answer.location)
    code = yield None
    answer = yield from ask(jar.post(target, fields | {"code": str(code)}), 303)
    page = yield from ask(jar.get(answer.location), 200)
    target, fields = page.form("/registrations")
    answer = yield from ask(jar.post(target, fields), 303)
    if not answer.location.startswith("/r/"):
        raise WentWrong(f"registering led to {answer.location}")


class Person:
    """A journey with its connection."""

    def __init__(self, number: int, slug: str, address: str) -> None:
        self.address = address
        self.began = time.perf_counter()
        self.journey = journey(slug, address)
        self.wants: bytes | None = next(self.journey)
        self.received = bytearray()
        self.connection = socket.socket()
        # An address of one's own, so that limits by network address count people, not the bench.
        self.connection.bind((f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}", 0))
        self.connection.connect(("127.0.0.1", OURS))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def proceed(self, got: Answer | str) -> bool:
        """Take an answer or a code; whether there is more to do."""
        try:
            self.wants = self.journey.send(got)
        except StopIteration:
            self.connection.close()
            return False
        return True

    def read(self) -> Answer | None:
        data = self.connection.recv(262_144)
        if not data:
            raise WentWrong("the server closed a connection")
        self.received += data
        if (found := read_answer(self.received)) is None:
            return None
        del self.received[: found[1]]
        return found[0]


class Town:
    """Everybody who registers during one measurement. Whoever has come further goes first."""

    def __init__(self, slug: str, addresses: Iterator[tuple[int, str]], clients: int) -> None:
        self._slug, self._addresses, self._clients = slug, addresses, clients
        self._selector = selectors.DefaultSelector()
        self._sink = Sink(self._selector, MAIL, self._deliver)
        self._ready: deque[Person] = deque()
        self._waiting: dict[str, Person] = {}
        self._early: dict[str, str] = {}  # codes that arrived before their readers looked
        self._under_way = 0
        self._present = 0
        self._closing = False
        self.finished: list[tuple[float, float]] = []  # when, after how long
        self.mails = 0

    def run(self, seconds: float) -> Registered:
        """Let people come for `seconds` after a warm-up; count those who get through in that time."""
        start = time.perf_counter() + WARM_UP_SECONDS
        self._until(start)
        used, end = time.process_time(), start + seconds
        self._until(end)
        cores = (time.process_time() - used) / seconds
        self._closing = True
        owed = self._last_mails()
        through = [took for at, took in self.finished if start <= at < end]
        return Registered(len(self.finished), len(through) / seconds, through, cores, self.mails, owed)

    def close(self) -> None:
        self._sink.close()
        self._selector.close()

    def _last_mails(self) -> float:
        """Let those present finish, then wait for the mails that are still owed: two for everyone."""
        began = time.perf_counter()
        while self._present or self.mails < 2 * len(self.finished):
            self._until(time.perf_counter() + 0.05)
            if time.perf_counter() - began > LAST_MAILS_SECONDS:
                raise WentWrong(f"{self.mails} mails came for {len(self.finished)} people")
        return time.perf_counter() - began

    def _until(self, end: float) -> None:
        while (left := end - time.perf_counter()) > 0:
            self._fill()
            for key, _ in self._selector.select(min(left, 0.05)):
                if isinstance(key.data, Person):
                    self._answered(key.data)
                else:
                    key.data()

    def _fill(self) -> None:
        while self._under_way < self._clients and (person := self._next()) is not None:
            assert person.wants is not None
            person.connection.sendall(person.wants)
            self._under_way += 1

    def _next(self) -> Person | None:
        if self._ready:
            return self._ready.popleft()
        if self._closing or len(self._waiting) >= MOST_WAITING:
            return None
        number, address = next(self._addresses)
        person = Person(number, self._slug, address)
        self._selector.register(person.connection, selectors.EVENT_READ, person)
        self._present += 1
        return person

    def _answered(self, person: Person) -> None:
        if (answer := person.read()) is None:
            return
        self._under_way -= 1
        self._go_on(person, answer)

    def _go_on(self, person: Person, got: Answer | str) -> None:
        connection = person.connection
        key = self._selector.unregister(connection)
        if not person.proceed(got):
            self._present -= 1
            at = time.perf_counter()
            self.finished.append((at, at - person.began))
            return
        self._selector.register(connection, selectors.EVENT_READ, key.data)
        if person.wants is not None:
            self._ready.append(person)
        elif (code := self._early.pop(person.address, None)) is not None:
            self._go_on(person, code)
        else:
            self._waiting[person.address] = person

    def _deliver(self, address: str, message: bytes) -> None:
        self.mails += 1
        if (code := code_in(message)) is None:
            return
        if person := self._waiting.pop(address, None):
            self._go_on(person, code)
        else:
            self._early[address] = code
