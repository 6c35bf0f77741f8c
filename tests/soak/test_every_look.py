"""Every page in both languages, light and dark, from the smallest to the widest screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.test_every_screen import busy, look_at_an_empty_desk
from tests.support.browser import launched
from tests.support.screens import EVERY_LOOK, Desk, Look, every_screen, look_at, people_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("look", EVERY_LOOK, ids=str)
def test_every_page_is_clear_however_it_is_looked_at(
    app: Flask, serve: Callable[..., Server], look: Look
) -> None:
    mine = busy()
    people = people_of(app, mine)
    screens, found = every_screen(app, mine, people), list[str]()
    server = serve(alone=True)
    with launched() as browser:
        desk = Desk(browser, server.url, people)
        for screen in screens:
            found += look_at(desk, screen, look)
        found += desk.close()

    assert not found, "\n".join(found)


def test_the_desk_of_an_empty_programme_is_clear(app: Flask, serve: Callable[..., Server]) -> None:
    look_at_an_empty_desk(app, serve, one_in=1)
