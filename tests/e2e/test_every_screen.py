"""Every page that there is, in a browser: for people who see little, and on the smallest screen as on the widest.

Here each is seen once, in one language, scheme and width, and a third of them in a programme into which nobody has put
anything yet; tests/soak/test_every_look.py takes all of both.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domain.backups import Kind, Step
from app.domain.registering.registrations import Status
from app.models import MeetupState, Role
from app.services.backups import files, making
from tests.access.crowd import crowd
from tests.access.world import Tenant
from tests.factories import make_meetup, make_member, make_program, make_registration
from tests.factories import sign_in as signed_in
from tests.support.browser import launched
from tests.support.screens import Desk, empty_screens, every_screen, look_at, people_of, some_of
from tests.support.server import Server

pytestmark = pytest.mark.one_database
PARTS = 3


def busy() -> Tenant:
    """A programme in which everything has happened."""
    mine = crowd()
    waiting = make_registration(mine.meetup, status=Status.WAITLISTED)
    mine.values["meetups.waiting:reference"] = waiting.reference
    backup = files.note(files.new(Kind.MADE, mine.owner.id), step=Step.DONE)
    making.write(backup.file)
    mine.values["backup"] = backup.name
    return mine


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_of_the_url_map_is_clear(app: Flask, serve: Callable[..., Server], part: int) -> None:
    mine = busy()
    people = people_of(app, mine)
    screens, found = every_screen(app, mine, people, slice(part, None, PARTS)), list[str]()
    server = serve(alone=True)
    with launched() as browser:
        desk = Desk(browser, server.url, people)
        for screen in screens:
            found += look_at(desk, screen, screen.look())
        found += desk.close()

    assert not found, "\n".join(found)


def test_the_desk_of_an_empty_programme_is_clear(app: Flask, serve: Callable[..., Server]) -> None:
    look_at_an_empty_desk(app, serve, one_in=3)


def look_at_an_empty_desk(app: Flask, serve: Callable[..., Server], one_in: int) -> None:
    program = make_program()
    meetup = make_meetup(program, state=MeetupState.DRAFT)
    owner = app.test_client()
    signed_in(owner, make_member(program, Role.OWNER))
    screens, found = some_of(empty_screens(app, owner, program, meetup), one_in), list[str]()
    server = serve(alone=True)
    with launched() as browser:
        desk = Desk(browser, server.url, {"owner": owner})
        for screen in screens:
            found += look_at(desk, screen, screen.look(2))
        found += desk.close()

    assert not found, "\n".join(found)
