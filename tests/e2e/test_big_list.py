"""The sealed list of a homecoming of 5,000: neither on the way nor on the phone can anybody be read in it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from flask import Flask

from app.domain.door import sealing, tickets
from benchmarks import world
from benchmarks.scenery import address_of, name_of
from tests.support.browser import context_of, launched, strict_page, until
from tests.support.clear_text import clear_in, stores_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database

PEOPLE = 5000
LOOKED_AT = 60  # of whom every fact is searched for; of all others the name and the domain of the address


def test_nobody_of_5000_can_be_read_in_the_list_or_in_the_phone_s_storage(
    app: Flask, serve: Callable[..., Server]
) -> None:
    made = world.build(people=PEOPLE, tickets=1, listed=PEOPLE, seats=1, few=1, many=1)
    hidden, (cookie, _, token) = secrets(made.listed), made.listed.device_cookie.partition("=")
    client = app.test_client()
    client.set_cookie(cookie, token)
    answer = client.get(f"/door/{made.listed.slug}/api/manifest")
    body = answer.json or {}
    sealed = b"".join(base64.b64decode(text) for text in body["buckets"].values())
    assert body["count"] == PEOPLE
    assert clear_in(answer.data + sealed, hidden) == []
    assert clear_in(answer.data + name_of(1).encode(), hidden) == [name_of(1)]

    server = serve(alone=True)
    with launched() as browser:
        context = context_of(browser, locale="en-US")
        context.add_cookies([{"name": cookie, "value": token, "url": server.url}])
        page, complaints = strict_page(context, server.url)
        page.goto(f"{server.url}/door/{made.listed.slug}")
        until(
            page,
            lambda: "5000 tickets" in page.inner_text("[data-part=status-line]").replace(",", ""),
            timeout=60,
        )
        stored = "\n".join(stores_of(page))
        assert len(stored) > len(sealed)
        assert clear_in(stored.encode() + stored.encode("latin-1", "replace"), hidden) == []
        assert complaints == []


def secrets(door: world.Gathering) -> list[str | bytes]:
    names = {name_of(person) for person in range(1, PEOPLE + 1)}
    found: list[str | bytes] = [*names, address_of(1).partition("@")[2]]
    for person, code in enumerate(door.codes[:LOOKED_AT], start=1):
        phone = f"010-{person // 10_000:04d}-{person % 10_000:04d}"
        found += [address_of(person), phone, phone.replace("-", ""), code, code.lower()]
        found += [sealing.seal_key(code, door.id), tickets.digest(code)]
    return found
