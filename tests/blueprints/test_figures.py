"""A meetup's numbers at the desk: pictures with their tables and files, what needs a decision, and nobody's name."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from app.clock import now
from app.domain.registering.questions import QuestionKind
from app.domain.registering.registrations import Status
from app.domain.writing.words import Words
from app.models import Meetup, MeetupState, Role
from app.services.organizing.exports import MARK
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
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
    assert table(client, f"{numbers}/cohorts.csv")[1:] == [["Cohort 3", "3", "3", "1", "0", "1"]]
    assert [row[1:] for row in table(client, f"{numbers}/arrivals.csv")[1:]] == [["1"]]
    assert table(client, f"{numbers}/answers.csv")[1:] == [
        ["'=1+1", "고기", "2", "0"],
        ["'=1+1", "'=cmd|x", "0", "1"],
    ]
    assert ["Waiting to be sent", "3"] in table(client, f"{numbers}/mails.csv")
    assert client.get(f"{numbers}/names.csv").status_code == 404


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
