"""Every form of every page, sent with nothing in it: the page that refuses it says why, and is as clear as the page before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.test_every_screen import busy
from tests.support.browser import launched
from tests.support.screens import Desk, every_screen, people_of, refused_on
from tests.support.server import Server

pytestmark = pytest.mark.one_database
PARTS, LEAST = 2, 12


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_that_refuses_a_form_is_clear(app: Flask, serve: Callable[..., Server], part: int) -> None:
    mine = busy()
    people = people_of(app, mine)
    screens, found, refused = every_screen(app, mine, people)[part::PARTS], list[str](), 0
    server = serve(alone=True)
    with launched() as browser:
        desk = Desk(browser, server.url, people)
        for screen in screens:
            number, amiss = refused_on(desk, screen, screen.look(1))
            refused, found = refused + number, found + amiss
        found += desk.close()

    assert not found, "\n".join(found)
    assert refused >= LEAST
