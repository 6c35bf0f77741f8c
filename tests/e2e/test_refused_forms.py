"""Every form of every page, sent with nothing in it: the page that refuses it says why, and is as clear as the page before.

All are read as text here, and a quarter are looked at in a browser; tests/soak/test_refused_forms.py looks at them all.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.test_every_screen import busy
from tests.support.browser import launched
from tests.support.screens import Desk, Screen, every_screen, people_of, refused_as_text, refused_on, some_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database
LEAST_AS_TEXT, LEAST = 60, 12


def test_every_page_that_refuses_a_form_says_why(app: Flask) -> None:
    mine = busy()
    people = people_of(app, mine)
    found, refused = list[str](), 0
    for screen in [each for each in every_screen(app, mine, people) if each.asks]:
        number, amiss = refused_as_text(people[screen.actor], screen)
        refused, found = refused + number, found + amiss

    assert not found, "\n".join(found)
    assert refused >= LEAST_AS_TEXT


def test_pages_that_refuse_a_form_are_clear(app: Flask, serve: Callable[..., Server]) -> None:
    assert look_at_refusals(app, serve, lambda screens: some_of(screens, 4)) >= LEAST


def look_at_refusals(
    app: Flask, serve: Callable[..., Server], choose: Callable[[list[Screen]], list[Screen]]
) -> int:
    """Send every form of the chosen pages with nothing in it; how many were refused, by pages that all are clear."""
    mine = busy()
    people = people_of(app, mine)
    asking = [screen for screen in every_screen(app, mine, people) if screen.asks]
    screens, found, refused = choose(asking), list[str](), 0
    server = serve(alone=True)
    with launched() as browser:
        desk = Desk(browser, server.url, people)
        for screen in screens:
            number, amiss = refused_on(desk, screen, screen.look(1))
            refused, found = refused + number, found + amiss
        found += desk.close()

    assert not found, "\n".join(found)
    return refused
