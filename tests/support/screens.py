"""Every page of the URL map in a browser, as whoever may open it: what is amiss for eyes, thumbs and narrow screens.

A route that is new is looked at from its first day. One that gives no page when it is asked with the values of
tests/access/world.py needs its way in WAYS, or a reason in NO_PAGE.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from typing import Any
from urllib.parse import urljoin
from zlib import crc32

from flask import Flask, url_for
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Response
from werkzeug.test import TestResponse

from app.models import Meetup, Program, Role
from tests.access.routes import Route, routes
from tests.access.test_matrix import FILES, given
from tests.access.world import Tenant, clients
from tests.factories import make_alumnus, make_member
from tests.support.browser import context_of, strict_page
from tests.support.client import submit
from tests.support.empty_forms import EmptyForms
from tests.support.everybody import Screens
from tests.support.registering import ask_in, prove_in

LANGUAGES, SCHEMES, WIDTHS = ("ko-KR", "en-GB"), ("light", "dark"), (320, 768, 1920)
HEIGHT = 900
ACTORS = {"signed_in": "owner", "founder": "founder", "door_phone": "door phone"}
# What is there only for whoever came by another page, and what is no part of the product.
COMES_BY = {"accounts.asked": "who asks", "rsvp.code": "who asks", "rsvp.check": "who proved"}
MAIL = "sandbox"
DEBUGGING = "debug_only"
# Who has one programme is led on to it; texts are those of a question.
QUERIES: dict[str, dict[str, Any]] = {
    "programs.index": {"all": 1},
    "meetups.survey_texts": {"question": "q6"},
}


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    locale: str
    scheme: str
    width: int

    def __str__(self) -> str:
        return f"{self.locale} {self.scheme} {self.width} px"


EVERY_LOOK = tuple(Look(*each) for each in product(LANGUAGES, SCHEMES, WIDTHS))


@dataclass(frozen=True)
class Screen:
    """A page's address, and who opens it. `asks` where there is something to fill in."""

    endpoint: str
    path: str
    actor: str
    asks: bool = False

    def look(self, turn: int = 0) -> Look:
        """The one way to look at it where there is no time for all; screens differ in theirs, and turns do."""
        return EVERY_LOOK[(crc32(self.endpoint.encode()) + 5 * turn) % len(EVERY_LOOK)]


def actor_of(route: Route) -> str:
    """Who opens a route's page: of those who may, whoever has the most to see."""
    role = "owner" if route.rule.startswith("member:") else ACTORS.get(route.rule, "anonymous")
    return COMES_BY.get(route.endpoint, role)


def people_of(app: Flask, mine: Tenant) -> dict[str, FlaskClient]:
    """A browser for everybody who opens pages; some have come by another page."""
    found = clients(app, mine, make_member(role=Role.OWNER))
    for who in ("who asks", "who proved"):
        address = make_alumnus(mine.program.cohorts[0]).addresses[0].address
        found[who] = app.test_client()
        (ask_in if who == "who asks" else prove_in)(found[who], mine.meetup, address)
        submit(found[who], "/sign-in", {"address": address})
    return found


def every_screen(
    app: Flask, mine: Tenant, people: dict[str, FlaskClient], part: slice = slice(None)
) -> list[Screen]:
    """All routes, or a part, that answer a GET with a page. Raises for one that gives none, so that a new one is not
    forgotten."""
    found, lost = [], []
    for route in routes()[part]:
        if route.method != "GET" or route.endpoint in FILES or route.rule == DEBUGGING:
            continue
        actor = actor_of(route)
        values = given(app, route, mine, actor) | QUERIES.get(route.endpoint, {})
        with app.test_request_context():
            path = url_for(route.endpoint, **values)
        answer = people[actor].get(path)
        if answer.status_code != 200:
            lost.append(f"{route.endpoint}: {answer.status_code}")
        elif is_page(answer):
            found.append(Screen(route.endpoint, path, actor, bool(EmptyForms(answer.text).fillable)))
    assert not lost, f"give these a value in tests/access/world.py with which they are a page: {lost}"
    return found


def is_page(answer: TestResponse) -> bool:
    """A page, and neither a part of one nor a mail that a page shows in a frame: there nothing runs, axe neither."""
    is_whole = answer.mimetype == "text/html" and answer.text.lower().startswith("<!doctype html>")
    return is_whole and MAIL not in answer.headers["Content-Security-Policy"]


def empty_screens(app: Flask, owner: FlaskClient, program: Program, meetup: Meetup) -> list[Screen]:
    """The pages of a programme that nobody has put anything into yet."""
    values, found = {"program": program.slug, "slug": meetup.slug}, []
    for route in routes():
        if route.method == "GET" and "program" in route.arguments and route.arguments <= values.keys():
            with app.test_request_context():
                path = url_for(route.endpoint, **{name: values[name] for name in route.arguments})
            answer = owner.get(path)
            if answer.status_code == 200 and is_page(answer):
                found.append(Screen(route.endpoint, path, "owner"))
    return found


def some_of(screens: list[Screen], every: int) -> list[Screen]:
    """Of so many screens one, by its name: a new one leaves the others where they are."""
    return [screen for screen in screens if crc32(screen.endpoint.encode()) % every == 0]


@dataclass
class Desk:
    """Everybody's pages in one Chromium, in every language and scheme."""

    browser: Browser
    url: str
    people: dict[str, FlaskClient]
    complaints: list[str] = field(default_factory=list)
    pages: dict[tuple[str, str, str], Page] = field(default_factory=dict)

    def page(self, actor: str, look: Look) -> Page:
        key = (actor, look.locale, look.scheme)
        if key not in self.pages:
            context = context_of(self.browser, "desktop", look.locale, look.scheme)
            context.add_cookies(cookies_of(self.people[actor], self.url))
            self.pages[key], complaints = strict_page(context, self.url)
            self.pages[key].on("close", lambda _: self.complaints.extend(complaints))
        self.pages[key].set_viewport_size({"width": look.width, "height": HEIGHT})
        return self.pages[key]

    def close(self) -> list[str]:
        for page in self.pages.values():
            page.close()
        return self.complaints


def cookies_of(client: FlaskClient, url: str) -> Any:
    """What a test client keeps, for a browser of the server with the same settings."""
    kept = client._cookies.values()
    return [{"name": each.key, "value": each.value, "url": url} for each in kept if each.key != "lang"]


SMALLEST_TARGET = 24


def look_at(desk: Desk, screen: Screen, look: Look) -> list[str]:
    """What is amiss on it, seen that way."""
    page = desk.page(screen.actor, look)
    answer = page.goto(desk.url + screen.path)
    assert answer
    assert answer.status == 200, screen
    return _amiss(page, f"{screen.endpoint} ({look})")


# Forms with something to fill in; what has no field is no form that can be refused for what was typed.
FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=search]), textarea, select"
FORMS = f"""() => [...document.forms].map((form, number) => [form, number]).filter(([form]) =>
  form.method === "post" && form.checkVisibility() && form.querySelector("{FIELDS}")).map(([, number]) => number)"""
# Answers whether the form goes where it leads; one that a script sends does not.
EMPTIED = """(number) => {
  const form = document.forms[number];
  let goes = false;
  addEventListener("submit", (event) => { goes = !event.defaultPrevented; }, { once: true });
  form.noValidate = true;
  form.target = "";  // what prints opens a window of its own
  for (const field of form.elements) {
    if (["checkbox", "radio"].includes(field.type)) field.checked = false;
    else if (["text", "email", "tel", "url", "number", "date", "datetime-local", "textarea"].includes(field.type)) field.value = "";
  }
  form.requestSubmit(form.querySelector("[type=submit], button:not([type=button])"));
  return goes;
}"""
MARKS = ("form-errors", "field__error", 'aria-invalid="true"', "notice--warning", "notice--error")
SAYS_WHY = ".form-errors, .field__error:visible, [aria-invalid=true], .notice--warning, .notice--error"


def refused_on(desk: Desk, screen: Screen, look: Look) -> tuple[int, list[str]]:
    """Every form of a page sent empty: how many pages refused it, and what is amiss on those pages.

    What takes nothing as an answer changes something here, so that a page may be gone by its turn: it is left out.
    """
    page, refused, found = desk.page(screen.actor, look), 0, list[str]()
    opened = page.goto(desk.url + screen.path)
    for number in page.evaluate(FORMS) if opened and opened.status == 200 else ():
        if number:
            opened = page.goto(desk.url + screen.path)
        if opened is None or opened.status != 200:
            break
        answer = _sent(page, number)
        if answer is not None and answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            refused += 1
            name = f"{screen.endpoint}, form {number} refused ({look})"
            found += _amiss(page, name)
            if not page.locator(SAYS_WHY).count():
                found.append(f"{name}: doesn't say why")
    return refused, found


def refused_as_text(client: FlaskClient, screen: Screen) -> tuple[int, list[str]]:
    """Every form of a page sent empty: how many pages refused it, and those of them that don't say why."""
    refused, found = 0, list[str]()
    for number in range(len(EmptyForms(client.get(screen.path).text).fillable)):
        page = client.get(screen.path).text
        forms = EmptyForms(page).fillable
        if number >= len(forms):  # what takes nothing as an answer has changed the page
            break
        form = forms[number]
        answer = client.post(urljoin(screen.path, form.action or screen.path), data=form.fields)
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and is_page(answer):
            refused += 1
            if _complaints(answer.text) <= _complaints(page):
                found.append(f"{screen.endpoint}, form {number} refused: doesn't say why")
    return refused, found


def _complaints(text: str) -> int:
    return sum(text.count(mark) for mark in MARKS)


class LeadsNowhere(Exception):
    """A script has taken the form, or a file is its answer."""


def _sent(page: Page, number: int) -> Response | None:
    try:
        with page.expect_navigation() as sent:
            with page.expect_event("response", lambda given: given.request.is_navigation_request()) as first:
                if not page.evaluate(EMPTIED, number):
                    raise LeadsNowhere
            if "attachment" in first.value.headers.get("content-disposition", ""):
                raise LeadsNowhere
        return sent.value
    except LeadsNowhere:
        return None


def _amiss(page: Page, name: str) -> list[str]:
    screens = Screens(page, least=SMALLEST_TARGET)
    screens.look(name)
    return screens.found
