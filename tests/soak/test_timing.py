"""`make soak`: whether an address is on the roster can't be told from how long the answers take.

Everything runs as on a server: the web server's processes, and the worker, which looks the address up and mails
while the next visitor is being answered.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from flask import Flask

from app.db import end_reading
from app.models import Meetup
from app.services.registering import registrations
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.rush.visitors import Visitor
from tests.support.registering import register
from tests.support.server import Server
from tests.support.smtp import Sink
from tests.support.timing import Sample, accuracy, learn

PAIRS, PRACTICE = 500, 200
AT_MOST = 0.55
WRONG = "00000000"


def test_a_classifier_of_answer_times_is_right_about_addresses_no_more_often_than_chance(
    app: Flask, serve: Callable[..., Server], smtp: Sink
) -> None:
    chance = random.Random(7)
    meetup = make_meetup(cohorts=[make_cohort()], capacity=PAIRS)
    known = known_addresses(meetup, PRACTICE + PAIRS, chance)
    visits = [(address, True) for address in known]
    visits += [(made_up(chance), False) for _ in known]
    chance.shuffle(visits)
    end_reading()
    host = serve(ASKS_PER_CLIENT_HOUR=10**6).url.removeprefix("http://")

    for _ in range(20):  # what a process does for the first time
        visit(host, meetup.slug, made_up(chance))
    seen: list[Sample] = [(visit(host, meetup.slug, address), is_known) for address, is_known in visits]

    practice, judged = seen[: 2 * PRACTICE], seen[2 * PRACTICE :]
    stump = learn(practice)
    right = accuracy(stump, judged)
    assert right <= AT_MOST, f"right about {right:.1%} of {len(judged)} by {stump}"
    assert 1 - right <= AT_MOST, f"wrong about {1 - right:.1%}, so the contrary is right"
    wait_until_answered(smtp, {address for address, _ in visits})


def known_addresses(meetup: Meetup, number: int, chance: random.Random) -> list[str]:
    """A third each on the roster, registered, and registered and cancelled."""
    found = []
    for n in range(number):
        person = make_alumnus(meetup.cohorts[0], address=made_up(chance))
        found.append(person.addresses[0].address)
        if n % 3:
            held = register(meetup, person)
            if n % 3 == 2:
                registrations.cancel(held.id)
    return found


def made_up(chance: random.Random) -> str:
    """All are equally long and alike."""
    return f"{chance.getrandbits(64):016x}@example.com"


def visit(host: str, slug: str, address: str) -> list[float]:
    """Ask for a code, look at the page for it, type a wrong one: how long each took. All are answered alike."""
    visitor, took = Visitor(host), []
    page, asking, code = f"/m/{slug}", f"/m/{slug}/proofs", f"/m/{slug}/code"
    began = time.perf_counter()
    asked = visitor.ask("POST", asking, {"address": address})
    took.append(time.perf_counter() - began)
    assert (asked.status, asked.location) == (303, f"{page}/code")
    began = time.perf_counter()
    typed = visitor.form(code, code)
    took.append(time.perf_counter() - began)
    began = time.perf_counter()
    wrong = visitor.ask("POST", code, typed | {"code": WRONG})
    took.append(time.perf_counter() - began)
    assert wrong.status == 422
    return took


def wait_until_answered(smtp: Sink, addresses: set[str]) -> None:
    """The worker was there and answered every one of them by mail."""
    until = time.monotonic() + 120
    while missing := addresses - {to for each in list(smtp.recipients) for to in each}:
        assert time.monotonic() < until, f"{len(missing)} got no mail"
        time.sleep(0.2)


def test_the_classifier_tells_a_leak_as_small_as_the_spread_of_the_times() -> None:
    """Of a code of ours that looked the address up within the request, it would tell."""
    chance = random.Random(7)
    leaky: list[Sample] = [
        ([chance.gauss(10, 1), chance.gauss(10, 1) + (1.0 if yes else 0.0)], yes)
        for yes in [True, False] * (PRACTICE + PAIRS)
    ]

    assert accuracy(learn(leaky[: 2 * PRACTICE]), leaky[2 * PRACTICE :]) > 0.6
