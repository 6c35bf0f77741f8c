"""A meetup's numbers at the desk: pictures with their tables and files, what needs a decision, and nobody's name."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.clock import now
from app.db import transaction
from app.domain.registering.questions import QuestionKind
from app.domain.registering.registrations import Status
from app.domain.writing.words import Words
from app.models import Meetup, MeetupState, RegistrationEvent, Role, Source
from app.services.organizing.exports import MARK
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.client import Browser
from tests.support.registering import register

pytestmark = pytest.mark.one_database
LABEL = Words("=1+1", "=1+1")


@pytest.fixture
def meetup(app: object) -> Meetup:
    found = make_meetup(cohorts=[make_cohort(ordinal=3)], capacity=2)
    make_questions(
        found, make_question("q1", QuestionKind.CHOICE, "고기", "=cmd|x", label=LABEL), make_question("q2")
    )
    for choice in ("o1", "o1", "o2"):
        register(found, make_alumnus(found.cohorts[0], "김하늘"), q1=choice, q2="김하늘이 쓴 말")
    make_registration(found, cohort=found.cohorts[0], admitted_at=now(), admitted_count=1)
    return found


def desk(client: FlaskClient, meetup: Meetup, role: Role = Role.ORGANIZER) -> str:
    """Signed in with this role; the meetup's overview."""
    sign_in(client, make_member(meetup.program, role))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def table(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.data.decode()
    assert text.startswith(MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(MARK))))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ORGANIZER])
def test_each_picture_has_its_table_and_its_file_and_nobodys_name(
    client: Browser, meetup: Meetup, role: Role
) -> None:
    here = desk(client, meetup, role)

    page = client.get(f"{here}/numbers").text

    assert page.count("<figure") == page.count('<details class="chart__table"') == 4
    assert all(
        f"{here}/numbers/{name}.csv" in page for name in ("registrations", "cohorts", "arrivals", "answers")
    )
    assert "김하늘" not in page
    assert "style=" not in page


def test_the_files_say_what_the_pictures_say_and_run_nothing_in_excel(
    client: Browser, meetup: Meetup
) -> None:
    numbers = f"{desk(client, meetup, Role.VIEWER)}/numbers"
    today = f"{meetup.local(now()):%Y-%m-%d}"

    assert table(client, f"{numbers}/registrations.csv")[1:] == [[today, "3", "2"]]
    assert table(client, f"{numbers}/cohorts.csv")[1:] == [
        ["Cohort 3", "3", "3", "0", "0", "0", "1", "0", "1", "0"]
    ]
    assert [row[1:] for row in table(client, f"{numbers}/arrivals.csv")[1:]] == [["1"]]
    assert table(client, f"{numbers}/answers.csv")[1:] == [
        ["'=1+1", "고기", "2", "0"],
        ["'=1+1", "'=cmd|x", "0", "1"],
    ]
    assert ["Waiting to be sent", "3"] in table(client, f"{numbers}/mails.csv")
    assert client.get(f"{numbers}/names.csv").status_code == 404


def test_small_groups_of_a_sensitive_answer_are_the_organizers_alone(client: Browser) -> None:
    found = make_meetup(cohorts=[make_cohort(ordinal=3)], capacity=7)
    make_notice(found, consents=(make_consent("sensitive"),))
    make_questions(
        found,
        make_question("q1", QuestionKind.CHOICE, "없음", "견과류", "새우", consent="sensitive"),
        make_question("q2", QuestionKind.CHOICE, "버스", "기차"),
    )
    for choice in ("o1",) * 6 + ("o2",) + ("o3",) * 5:
        register(found, make_alumnus(found.cohorts[0]), "sensitive", q1=choice, q2="o1")

    numbers = f"{desk(client, found, Role.VIEWER)}/numbers"
    page, rows = client.get(numbers).text, table(client, f"{numbers}/answers.csv")[1:]
    desk(client, found)
    everything = table(client, f"{numbers}/answers.csv")[1:]

    assert [row[1:] for row in rows] == [
        ["없음", "6", "0"],
        ["새우", "0", "5"],
        ["버스", "7", "5"],
        ["기차", "0", "0"],
    ]
    assert "견과류" not in page
    assert "what fewer than 5 people chose is not shown" in page
    assert "50%" not in page, "from which the rest could be reckoned"
    assert ["견과류", "1", "0"] in [row[1:] for row in everything]
    assert ["새우", "0", "5"] in [row[1:] for row in everything]


def test_the_share_is_of_those_who_may_come_and_guests_stand_apart(client: Browser) -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=9)
    people = [make_alumnus(cohort) for _ in range(4)]
    for person in people[:3]:
        register(meetup, person)
    for _ in range(2):
        make_registration(meetup)
    make_registration(meetup, cohort=cohort)

    page = client.get(f"{desk(client, meetup)}/numbers").text

    assert "75% of those who may come (4) are confirmed." in page
    assert "3 guests who are not on the list are confirmed, too." in page
    assert "3 / 4 +1" in page


def test_companions_stand_beside_those_who_bring_them(client: Browser) -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=15)
    for _ in range(4):
        came = {"companions": 2, "admitted_at": now(), "admitted_count": 3}
        make_registration(meetup, make_alumnus(cohort), cohort=cohort, **came)
    here = desk(client, meetup, Role.VIEWER)

    page, row = client.get(here).text, table(client, f"{here}/numbers/cohorts.csv")[1]

    assert row == ["Cohort 3", "4", "4", "8", "0", "0", "0", "0", "4", "8"]
    assert _tiles(page) == {
        "Registered": "4",
        "Confirmed": "4",
        "Waiting": "0",
        "Cancelled": "0",
        "Came in": "4",
    }
    assert page.count("+8 companions") == 2
    assert "data-meter-value>12<" in page
    assert "behind a plus" in page


def test_confirmed_means_confirmed_everywhere_and_those_who_registered_add_up(client: Browser) -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=9)
    for status, number in {
        Status.CONFIRMED: 3,
        Status.OFFERED: 2,
        Status.APPLIED: 1,
        Status.WAITLISTED: 4,
        Status.PENDING: 1,
        Status.CANCELLED: 1,
        Status.DECLINED: 2,
        Status.EXPIRED: 1,
    }.items():
        for _ in range(number):
            companions = 1 if status is Status.OFFERED else 0
            made = make_registration(meetup, make_alumnus(cohort), status, cohort, companions=companions)
            with transaction() as session:
                session.add(RegistrationEvent(registration_id=made.id, after=status, actor="person"))
    here = desk(client, meetup)

    page, attendees = client.get(here).text, client.get(f"{here}/attendees").text
    row = table(client, f"{here}/numbers/cohorts.csv")[1]
    written = re.sub("<.*?>", "", client.get(f"{here}/numbers").text)

    tiles, there = _tiles(page), _tiles(attendees)
    assert tiles == {
        "Registered": "11",
        "Confirmed": "3",
        "Seat offered": "2",
        "Applied": "1",
        "Waiting": "4",
        "List checks": "1",
        "Cancelled": "3",
        "Came in": "0",
    }
    assert (there["Confirmed"], there["Seat offered"]) == ("3", "2")
    assert "data-meter-value>7<" in page, (
        "seats: of the confirmed, of those who are offered one, of their companions"
    )
    cells = re.findall(r'<td class="num">(.*?)</td>', page[page.index("Cohort 3</th>") :].split("</tr>")[0])
    assert [re.sub("<.*?>", "", cell) for cell in cells[1:]] == [
        "11",
        "4",
        "3",
        "2 +2",
        "1",
        "4",
        "1",
        "3",
        "0",
    ]
    assert row == ["Cohort 3", "15", "3", "0", "2", "2", "6", "3", "0", "0"]
    assert "20% of those who may come (15) are confirmed." in written
    assert "3 of them confirmed." in written


def test_walk_ins_that_take_no_seat_are_told_beside_the_seats(client: Browser) -> None:
    cohort = make_cohort()
    make_alumnus(cohort)
    meetup = make_meetup(cohorts=[cohort], capacity=4, door_counts_walk_ins=False)
    for source in [Source.PERSON] * 4 + [Source.WALK_IN] * 3:
        make_registration(meetup, source=source)
    here = desk(client, meetup)

    pages = [client.get(path).text for path in (here, here.rpartition("/")[0], here.partition("/meetups")[0])]

    assert "+3 walk-ins without a seat" in pages[0]
    assert "data-meter-value>4<" in pages[0]
    assert "4 / 4" in pages[1]
    assert "data-meter-value>4<" in pages[2]


def _tiles(page: str) -> dict[str, str]:
    found = re.findall(r'stat__label">([^<]*)</span>\s*<span class="stat__number">([^<]*)<', page)
    return dict(found)


def test_before_anybody_registers_the_page_says_what_will_be_there(client: Browser) -> None:
    empty = make_meetup(cohorts=[make_cohort()])

    page = client.get(f"{desk(client, empty)}/numbers").text

    assert "Nobody has registered yet" in page
    assert "<figure" not in page


def test_the_overview_says_what_needs_a_decision_and_is_calm_where_nothing_does(
    client: Browser, meetup: Meetup
) -> None:
    here = desk(client, meetup)
    assert "Nothing waits for you." in client.get(here).text

    make_registration(meetup, status=Status.PENDING)

    page = client.get(here).text
    assert "Nothing waits for you." not in page
    assert f'href="{here}/list-checks"' in page[page.index("What needs a decision now") :]


@pytest.mark.parametrize(
    ("role", "state"), [(Role.VIEWER, MeetupState.PUBLISHED), (Role.OWNER, MeetupState.DRAFT)]
)
def test_who_decides_nothing_and_where_nothing_can_wait_no_list_stands(
    client: Browser, role: Role, state: MeetupState
) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], state=state)

    assert "needs a decision" not in client.get(desk(client, meetup, role)).text


def test_the_overviews_numbers_lead_to_the_people_they_count(client: Browser) -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=9)
    for status in (Status.CONFIRMED, Status.OFFERED, Status.WAITLISTED, Status.CANCELLED, Status.PENDING):
        make_registration(meetup, make_alumnus(cohort), status, cohort=cohort)
    make_registration(meetup, status=Status.CONFIRMED, admitted_at=now(), admitted_count=1)
    here = desk(client, meetup)

    page = client.get(here).text
    people = rf'href="({here}/attendees[^"]*)"'
    tiles = re.findall(rf'{people}>\s*<span class="stat__label">[^<]*</span>\s*<span[^>]*>(\d+)<', page)
    cells = re.findall(rf'<td class="num"><a {people}>(\d+)</a>', page)

    assert len(tiles) == 4  # registered, confirmed, cancelled, came in
    assert len(cells) == 6 + 3 + 7  # of the cohort, of none, of all
    for path, number in (*tiles, *cells):
        assert f">{number} pe" in client.get(unescape(path)).text, path


def test_the_overview_gives_a_viewer_no_way_to_people(client: Browser, meetup: Meetup) -> None:
    here = desk(client, meetup, Role.VIEWER)

    assert "/attendees" not in client.get(here).text


def test_the_file_over_time_has_every_day_however_long_it_was(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    made = make_registration(meetup, created_at=now() - dt.timedelta(days=150))
    with transaction() as session:
        session.add(RegistrationEvent(registration_id=made.id, after=Status.CONFIRMED, actor="person"))
    numbers = f"{desk(client, meetup)}/numbers"

    days = [dt.date.fromisoformat(row[0]) for row in table(client, f"{numbers}/registrations.csv")[1:]]

    assert len(days) == 151
    assert {(b - a).days for a, b in itertools.pairwise(days)} == {1}
    assert client.get(numbers).text.count('<tr><th scope="row">') < 100
