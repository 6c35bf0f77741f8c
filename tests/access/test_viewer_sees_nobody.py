"""The viewer's promise: numbers, and no name, address, telephone or word about anybody, wherever they look.

What of the database tells of people is found by tests/support/planting.py and not listed here, and where a viewer can go
is every route and every link that any answer has: a new column, page or file is under this test from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import quote, urlencode

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import now
from app.domain.writing.names import choseong
from app.models import Account
from config import ROOT
from tests.access.crowd import PHONE, crowd
from tests.access.routes import Route, routes
from tests.access.test_matrix import FILES, ask, given
from tests.access.test_phone_tokens import heard
from tests.access.world import Tenant, missing
from tests.factories import sign_in
from tests.support.crawling import alike, crawl, text_of
from tests.support.databases import every_row
from tests.support.planting import SIGN, planted

# What may be read is decided by the pages, whatever the database.
pytestmark = pytest.mark.one_database

SECRETS = {"secret", "token", "code"}  # a viewer knows every id, and nobody's secret
CLOSED = ("member:organizer", "member:owner", "founder", "door_phone")
NOBODY = "뷁뷁뷁"
# What an organizer reads of people, among much else.
PLAIN = {
    "account.address",
    "answer_sheet.answers",
    "claim.note",
    "device.name",
    "introduction_card.about",
    "person.name",
    "person_address.address",
    "person_phone.number",
    "registration.arrival_alert",
    "registration.companion_names",
    "registration_note.words",
    "tag.name",
    "the draft",
}


@pytest.fixture
def mine(app: Flask) -> Tenant:
    return crowd()


def browser(app: Flask, account: Account, language: str = "en") -> FlaskClient:
    found = app.test_client()
    found.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    sign_in(found, account)
    return found


def pages(app: Flask, mine: Tenant, actor: str) -> dict[str, Route]:
    """The address of every page that there is, with the ids of what is there."""
    found = {}
    for route in routes():
        if route.method == "GET" and route.endpoint not in FILES:
            values = given(app, route, mine, actor)
            values |= {name: missing(name) for name in values if name in SECRETS}
            with app.test_request_context():
                found[url_for(route.endpoint, **values)] = route
    return found


def told_of(words: dict[str, set[str]], answers: Iterable[tuple[str, TestResponse]]) -> dict[str, set[str]]:
    """What of these words stands in the answers: by column, where."""
    found: dict[str, set[str]] = {}
    for path, response in answers:
        text = text_of(response).replace(alike(path), "")
        for column, values in words.items():
            if any(stands_in(text, alike(value)) for value in values):
                found.setdefault(column, set()).add(path)
    return found


def stands_in(text: str, word: str) -> bool:
    """Whether the word is there; figures and short ones as a word of their own, for every hash has four digits."""
    if word not in text:
        return False
    return (
        len(word) > 6
        or not word.isascii()
        or re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None
    )


def of_people(mine: Tenant) -> dict[str, set[str]]:
    """Everything that is known of anybody but the viewer themselves, and what isn't public of a draft."""
    words = planted() | {"the draft": {SIGN, "speaker-of-a-draft@example.com"}}
    own = {mine.viewer.name, mine.viewer.address}
    return {column: values - own for column, values in words.items()}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_viewer_reads_of_nobody_wherever_they_go(app: Flask, mine: Tenant, language: str) -> None:
    client, words = browser(app, mine.viewer, language), of_people(mine)

    went = list(crawl(client, pages(app, mine, "viewer")))

    assert told_of(words, went) == {}
    opened = {path for path, response in went if response.status_code == 200}
    assert {f"/desk/{mine.program.slug}", f"/m/{mine.meetup.slug}"} <= opened


def test_what_is_planted_stands_where_an_organizer_looks(app: Flask, mine: Tenant) -> None:
    """Or else the test above looks for words that no page has, in answers that it can't read."""
    client, words = browser(app, mine.organizer), of_people(mine)

    answers = [(path, client.get(path)) for path in pages(app, mine, "organizer")]

    found = set(told_of(words, answers))
    assert found >= PLAIN
    assert {path for path, response in answers if response.status_code >= 500} == set()


def test_a_search_for_somebody_is_answered_as_one_for_nobody(app: Flask, mine: Tenant) -> None:
    """Whatever the pages can be asked by, and whatever somebody is known by: the same bytes."""
    client, known = browser(app, mine.viewer), (mine.name, choseong(mine.name), mine.address, PHONE[-4:])
    everything = {path: client.get(path).status_code for path in pages(app, mine, "viewer")}

    for path, plain in everything.items():
        with time_machine.travel(now(), tick=False):  # pages say what time it is
            of_nobody = searched(client, path, NOBODY)
            assert [searched(client, path, typed) for typed in known] == [of_nobody] * len(known), path
        assert plain != 200 or of_nobody[0] == 200, f"{path} does not stand all parameters at once"


def test_what_a_viewer_sends_changes_nothing(
    app: Flask, mine: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever more than a viewer's right is asked for, whatever they send; with a form's token or without."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client, before = browser(app, mine.viewer), every_row()
    changing = [route for route in routes() if route.method != "GET" and route.rule.startswith(CLOSED)]

    answers = {
        str(route): ask(app, client, route, given(app, route, mine, "viewer")).status_code
        for route in changing
    }

    assert {name: status for name, status in answers.items() if status not in {401, 403}} == {}
    assert every_row() == before


@cache
def parameters() -> frozenset[str]:
    """Everything by which the source reads an address or a form."""
    asked = re.compile(
        r"""\.get(?:list)?\(\s*"(\w+)"|query_numbers?\(\s*"(\w+)"|"(\w+)" (?:not )?in request\.args"""
    )
    sources = [path.read_text() for path in (ROOT / "app/blueprints").rglob("*.py")]
    return frozenset(name for text in sources for found in asked.findall(text) for name in found if name)


def searched(client: FlaskClient, path: str, typed: str) -> tuple[int, list[str]]:
    """The answer without what was typed: pages say in which address the language is changed."""
    with client.session_transaction() as cookie:
        cookie.pop("_flashes", None)  # what the page before had to say
    response = client.get(f"{path}?{urlencode(dict.fromkeys(parameters(), typed))}")
    spelled = sorted({typed, quote(typed), quote(quote(typed))}, key=len, reverse=True)
    typed_or_so = re.compile("|".join(map(re.escape, spelled)))
    return response.status_code, [typed_or_so.sub("TYPED", str(part)) for part in heard(response)]
