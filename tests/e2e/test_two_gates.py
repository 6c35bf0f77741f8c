"""A whole evening with two staff phones at two gates and a self check-in tablet between them, networks that come and go, and an organizer who watches it live:
at every stage the live view says what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.domain.registering.registrations import Status
from app.models import Meetup, Program
from app.services.staff import sign_in
from tests.e2e import steps
from tests.e2e.test_offline_door import NOBODY, SYLLABLES, SYNC_SECONDS, Guest, film, scan_until
from tests.factories import (
    code_of,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
)
from tests.support.browser import camera_file, context_of, launched, strict_page, until
from tests.support.crashing import kill
from tests.support.door_book import Figures, figures
from tests.support.gate_phone import GatePhone
from tests.support.kiosk import Tablet
from tests.support.server import Server

pytestmark = pytest.mark.one_database
FRONT, BACK, LOBBY = "Main gate", "Side gate", "Lobby"
COMPANIONS = 2
LEISURE = 450  # pictures until the first guest of a film comes once more: by then the camera looks elsewhere
LIVE_SECONDS = 6
TOLD = "Told “already in”"
READ_LIVE = """() => {
  const text = (element) => element.textContent.trim();
  const number = (words) => Number(words.replace(/[^0-9]/g, ""));
  const section = document.querySelector("[aria-labelledby=live-in]");
  const stats = (list) => [...(list?.children ?? [])].map((each) =>
    [text(each.querySelector(".stat__label")), text(each.querySelector(".stat__number")).split("/").map(number)]);
  const [cohorts, gates] = section.querySelectorAll(".stats");
  const cells = (table) => [...document.querySelectorAll(`#${table} tbody tr`)].map((row) => [...row.children].map(text));
  return {
    total: text(section.querySelector(".live-total b")) + "/" + text(section.querySelector(".live-total span")).replace("/", "").trim(),
    cohorts: Object.fromEntries(stats(cohorts)), gates: Object.fromEntries(stats(gates)),
    conflicts: cells("conflicts"), phones: cells("phones"),
  };
}"""


@dataclass
class Evening:
    """Everybody and everything of one evening."""

    meetup: Meetup
    guests: list[Guest]
    desk: Page
    front: GatePhone
    back: GatePhone
    tablet: Tablet

    def live(self) -> Figures:
        """What stands on the organizer's screen."""
        read = self.desk.evaluate(READ_LIVE)
        inside, expected = read["total"].split("/")
        return Figures(
            int(inside),
            int(expected),
            {label: tuple(numbers) for label, numbers in read["cohorts"].items()},
            {gate: numbers[0] for gate, numbers in read["gates"].items()},
        )

    def agrees(self, *, inside: int) -> None:
        """The live view says what the ledger says, within seconds, and the gates add up to the whole."""
        counted = figures(self.meetup)
        assert counted.inside == inside
        try:
            until(self.desk, lambda: self.live() == counted, timeout=LIVE_SECONDS)
        except AssertionError:
            assert self.live() == counted
        assert sum(counted.gates.values()) == counted.inside

    def conflicts(self) -> list[tuple[str, str]]:
        """Who and what the organizer reads in the list of conflicts."""
        read = self.desk.evaluate(READ_LIVE)["conflicts"]
        return sorted((row[0].split("\n")[0].split(" Cohort")[0], row[1]) for row in read)

    def waiting(self) -> dict[str, str]:
        """By phone: how many scans wait on it, as the organizer reads it."""
        return {row[0].split("\n")[0]: row[2] for row in self.desk.evaluate(READ_LIVE)["phones"]}


def test_forty_people_come_through_two_gates_and_the_live_view_never_differs_from_the_ledger(
    app: Flask, serve: Callable[..., Server], tmp_path: Path
) -> None:
    go_through_an_evening(serve, tmp_path, people=40)


def go_through_an_evening(serve: Callable[..., Server], folder: Path, *, people: int) -> None:
    program = make_program()
    meetup, guests = invited(program, people)
    server = serve(alone=True)
    with (
        launched() as browser,
        GatePhone(folder / "front phone", server.url) as front,
        GatePhone(folder / "back phone", server.url) as back,
        Tablet(folder / "tablet", server.url) as tablet,
    ):
        desk, complaints = strict_page(context_of(browser, "desktop", "en-GB"), server.url)
        evening = Evening(meetup, guests, desk, front, back, tablet)
        open_the_door(evening, program, server, folder)

        everybody_online(evening)
        some_help_themselves(evening)
        front_in_the_basement(evening)
        both_in_the_basement(evening)
        front_comes_back(evening)
        server = the_server_dies(evening, server, serve, folder)
        quiet_at_last(evening, server)
        assert [*front.complaints, *back.complaints, *tablet.complaints, *complaints] == []


def invited(program: Program, people: int) -> tuple[Meetup, list[Guest]]:
    """`people` tickets of four cohorts, no two of one name; the last one's holder brings two more. One seat is free."""
    cohorts = [make_cohort(program, number) for number in (1, 2, 3, 4)]
    meetup = make_meetup(
        program,
        people + COMPANIONS + 1,
        cohorts=cohorts,
        door_gates=[FRONT, BACK, LOBBY],
        door_lists_people=True,
    )
    names = ("".join(each) for each in product("김이박최정", SYLLABLES, SYLLABLES))
    guests = []
    for number, name in enumerate(islice(names, people)):
        with_them = {"companions": COMPANIONS} if number == people - 1 else {}
        registration = make_registration(
            meetup, make_person(program, name), cohort=cohorts[number % 4], **with_them
        )
        guests.append(Guest(name, "", "", code_of(registration)))
    for number, status in enumerate((Status.WAITLISTED, Status.CANCELLED)):
        make_registration(meetup, make_person(program, "강안와"), status, cohorts[number])
    return meetup, guests


def open_the_door(evening: Evening, program: Program, server: Server, folder: Path) -> None:
    """The organizer signs in, opens the door for two phones and a tablet and then watches it live."""
    meetup = f"{server.url}/desk/{program.slug}/meetups/{evening.meetup.slug}"
    link = sign_in.one_time_link(make_member(program).address)
    evening.desk.goto(server.url + urlsplit(link).path)
    evening.desk.click("main form button[type=submit]")
    arriving = film(group(evening, 0), server.url, folder / "arriving.mjpeg", away=LEISURE)
    nobody = camera_file([NOBODY], folder / "nobody.mjpeg")
    for phone, gate, role, camera in (
        (evening.front, FRONT, "supervise", arriving),
        (evening.back, BACK, "scan", nobody),
    ):
        link = steps.open_door(evening.desk, meetup, role=role, gate=gate)
        phone.enrol(link, f"{gate} phone", camera)
    link = steps.open_kiosk(evening.desk, meetup, code="482913")
    evening.tablet.enrol(link, "Lobby tablet", LOBBY, nobody)
    evening.desk.goto(f"{meetup}/door/live")


def group(evening: Evening, number: int) -> list[Guest]:
    """The eighth part of the guests who come together; of the last one the end comes as it is told below."""
    size = len(evening.guests) // 8
    return evening.guests[number * size : (number + 1) * size]


def helping_themselves(evening: Evening) -> tuple[list[Guest], list[Guest]]:
    """Those of the last eighth of whom nothing else is told, by halves."""
    guests = group(evening, 7)[:-3]
    return guests[: len(guests) // 2], guests[len(guests) // 2 :]


def everybody_online(evening: Evening) -> None:
    """Two gates work at once. A party comes in one after the other; one ticket is shown at both gates."""
    front, back, size = evening.front, evening.back, len(group(evening, 0))
    front.to("scan")
    scan_until(front, set(), size)
    front.to("list")
    back.to("scan")
    for guest in group(evening, 1):
        assert back.types(guest.code) == "ok"
    evening.agrees(inside=2 * size)

    party, again = evening.guests[-1], evening.guests[0]
    assert front.types(party.code) == "ok"
    front.fewer()
    until(front.page, lambda: figures(evening.meetup).inside == 2 * size + COMPANIONS)
    evening.agrees(inside=2 * size + COMPANIONS)
    assert front.types(party.code) == "ok"
    assert back.types(again.code) == "already"
    evening.agrees(inside=2 * size + 1 + COMPANIONS)
    until(evening.desk, lambda: evening.conflicts() == [(again.name, TOLD)], LIVE_SECONDS)


def some_help_themselves(evening: Evening) -> None:
    """At the tablet some come in, and somebody who is in already is sent to the staff."""
    tablet, before = evening.tablet, figures(evening.meetup).inside
    guests, _ = helping_themselves(evening)
    assert [tablet.reads(guest.code) for guest in guests] == ["ok"] * len(guests)
    evening.agrees(inside=before + len(guests))
    again, twice = evening.guests[0], evening.guests[1]
    assert tablet.reads(twice.code) == "staff"
    told = sorted([(again.name, TOLD), (twice.name, TOLD)])
    until(evening.desk, lambda: evening.conflicts() == told, LIVE_SECONDS)
    evening.agrees(inside=before + len(guests))


def front_in_the_basement(evening: Evening) -> None:
    """The front gate's network goes: its list lets people in, and nobody else hears of them yet."""
    front, back, before = evening.front, evening.back, figures(evening.meetup).inside
    front.context.set_offline(True)
    for guest in group(evening, 2):
        front.taps(guest.name)
    assert "may be registered already" in front.walk_in("강걸어", None)
    front.close_sheet()
    for number, guest in enumerate(group(evening, 3)):
        assert (back.searches(guest.name) if number % 2 else back.types(guest.code)) == "ok"
    until(front.page, lambda: front.waiting == len(group(evening, 2)))
    evening.agrees(inside=before + len(group(evening, 3)))


def both_in_the_basement(evening: Evening) -> None:
    """The back gate's network and the tablet's go, too; somebody comes in at one gate and their ticket at the other."""
    front, back, before = evening.front, evening.back, figures(evening.meetup).inside
    back.context.set_offline(True)
    evening.tablet.context.set_offline(True)
    _, guests = helping_themselves(evening)
    assert [evening.tablet.reads(guest.code) for guest in guests] == ["ok"] * len(guests)
    for guest in group(evening, 4):
        assert back.types(guest.code) == "ok"
    both = evening.guests[-2]
    assert front.types(both.code) == "ok"
    assert back.types(both.code) == "ok"
    assert {phone.part("verdict").locator("[data-verdict-sync]").inner_text() for phone in (front, back)} == {
        "Waiting to sync"
    }
    evening.agrees(inside=before)


def front_comes_back(evening: Evening) -> None:
    """Front and the tablet send what waited by themselves. One walk-in takes the last seat, one comes over the seats, one was a mistake."""
    front, back, before = evening.front, evening.back, figures(evening.meetup).inside
    front.context.set_offline(False)
    evening.tablet.context.set_offline(False)
    came = before + len(group(evening, 2)) + 1 + len(helping_themselves(evening)[1])
    until(front.page, lambda: figures(evening.meetup).inside == came, SYNC_SECONDS)
    until(front.page, lambda: front.waiting == 0)
    evening.agrees(inside=came)

    mistaken = evening.guests[-3]
    assert front.types(mistaken.code) == "ok"
    evening.agrees(inside=came + 1)
    front.takes_back("Another person with the same name")
    evening.agrees(inside=came)
    assert front.walk_in("강걸어", 3) == ""
    assert "seats" in front.walk_in("강넘어", None)
    assert front.over_the_seats() == ""
    evening.agrees(inside=came + 2)
    # The one taken back comes to the other gate, which knows of neither.
    assert back.types(mistaken.code) == "ok"


def the_server_dies(evening: Evening, server: Server, serve: Callable[..., Server], folder: Path) -> Server:
    """Nobody has a server; the front phone's browser is closed meanwhile. Then all comes back: the server that is returned."""
    front, back, before = evening.front, evening.back, figures(evening.meetup)
    kill(server)
    back.context.set_offline(False)
    late = film(group(evening, 5), server.url, folder / "late.mjpeg", away=LEISURE)
    front.reopen(evening.meetup.slug, late)
    front.to("scan")
    scan_until(front, set(), len(group(evening, 5)))
    front.to("list")
    for guest in group(evening, 6):
        assert back.types(guest.code) == "ok"
    until(evening.desk, lambda: evening.desk.get_attribute("[data-live-state]", "data-state") == "lost")
    assert figures(evening.meetup) == before
    assert evening.live() == before

    settings = server.settings
    back.tap()
    return serve(alone=True, PORT=settings.PORT, BASE_URL=settings.base_url)


def quiet_at_last(evening: Evening, server: Server) -> None:
    """Nothing waits anywhere, both phones and the organizer say one number, and the one conflict is told to all."""
    front, back, size = evening.front, evening.back, len(group(evening, 0))
    both, again, twice = evening.guests[-2], evening.guests[0], evening.guests[1]
    themselves = sum(map(len, helping_themselves(evening)))
    # Seven groups, those at the tablet, the party of three, the one at both gates, the one taken back, two walk-ins.
    inside = 7 * size + themselves + 1 + COMPANIONS + 1 + 1 + 2
    until(back.page, lambda: figures(evening.meetup).inside == inside, 3 * SYNC_SECONDS)
    evening.agrees(inside=inside)
    until(back.page, lambda: back.part("verdict").get_attribute("data-verdict") == "already")
    assert "The server says otherwise" in back.part("verdict").inner_text()
    assert both.name in back.part("verdict").inner_text()
    back.tap()
    already = [(each.name, TOLD) for each in (again, twice)]
    told = sorted([*already, (both.name, "May have let a second person in")])
    until(evening.desk, lambda: evening.conflicts() == told, LIVE_SECONDS)

    for phone in (front, back):
        until(phone.page, lambda phone=phone: (phone.waiting, phone.inside) == (0, inside), 15)
        address = f"{server.url}/door/{evening.meetup.slug}/api/state"
        state = phone.context.request.get(address, headers={"Accept-Language": "en"}).json()
        by_cohort = {each["label"]: (each["in"], each["expected"]) for each in state["counts"]["by_cohort"]}
        assert by_cohort == figures(evening.meetup).cohorts
    until(evening.desk, lambda: list(evening.waiting().values()) == ["0"] * 3, 3 * SYNC_SECONDS)
    assert any("Self check-in" in name for name in evening.waiting())
    evening.agrees(inside=inside)
