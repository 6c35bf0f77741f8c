"""The page of a meetup's people: what its address holds, and views of it that are kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from app.clock import now
from app.db import connection_of, transaction
from app.domain.registering.questions import QuestionKind
from app.models import Meetup, Program, Registration, Status
from app.services.organizing import tags
from app.services.registering import answer_sheets
from tests.factories import (
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.client import Browser

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    sign_in(client, make_member(program))
    return program


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, 3)])


@pytest.fixture
def people(program: Program, meetup: Meetup) -> list[Registration]:
    return [
        make_registration(meetup, make_person(program, name), status, cohort=meetup.cohorts[0])
        for name, status in (
            ("김하나", Status.CONFIRMED),
            ("이두리", Status.WAITLISTED),
            ("박세찬", Status.CANCELLED),
        )
    ]


def list_of(program: Program, meetup: Meetup) -> str:
    return f"/desk/{program.slug}/meetups/{meetup.slug}/attendees"


def names_in(page: str) -> list[str]:
    return re.findall(r"<th scope=\"row\">.*?>(.*?)</a>", page)


def test_the_address_holds_filters_order_and_columns(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    here = list_of(program, meetup)

    page = client.get(f"{here}?status=confirmed&status=cancelled&sort=-name&col=reference").text

    assert names_in(page) == ["박세찬", "김하나"]
    assert people[0].reference in re.sub(r"<a .*?>", "", page)
    assert 'aria-sort="descending"' in page
    assert people[0].address not in page


def test_a_search_names_those_whose_registration_has_ended_and_leads_to_them(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    here = list_of(program, meetup)

    page = client.get(f"{here}?q=세찬").text
    (way,) = re.findall(r'href="([^"]*)"[^>]*><span>Show this person', page)

    assert "Nobody fits" in page
    assert "1 more whose registration has ended (cancelled, expired or refused): 박세찬" in page
    assert names_in(client.get(unescape(way)).text) == ["박세찬"]


def test_a_search_beside_filters_names_whom_these_leave_out(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    here = list_of(program, meetup)

    page = client.get(f"{here}?q=하나&status=waitlisted").text
    (way,) = re.findall(r'href="([^"]*)"[^>]*><span>Show this person', page)

    assert "1 person whom the other filters leave out: 김하나" in page
    assert names_in(client.get(unescape(way)).text) == ["김하나"]


def test_whoever_cancelled_and_came_back_is_not_told_as_ended(
    client: Browser, program: Program, meetup: Meetup
) -> None:
    person = make_person(program, "김하나")
    for status in (Status.CANCELLED, Status.CONFIRMED):
        make_registration(meetup, person, status)
    make_registration(meetup, make_person(program, "김하나"), Status.EXPIRED)

    page = client.get(f"{list_of(program, meetup)}?q=김하나").text

    assert "1 more whose registration has ended" in page
    assert names_in(page) == ["김하나"]


def test_each_filter_is_a_chip_that_takes_itself_out_and_nothing_else(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    tags.change(meetup.id, [people[0].id], "account:1", add=["연사"])
    here = list_of(program, meetup)
    page = client.get(f"{here}?tag=연사&status=confirmed&status=waitlisted&sort=cohort").text

    (out,) = re.findall(r'href="([^"]*)" title="Remove the filter">(?:(?!</a>).)*Tagged', page, re.DOTALL)

    assert "tag=" not in out
    assert "status=confirmed&status=waitlisted&sort=cohort" in unescape(out)
    assert names_in(client.get(unescape(out)).text) == ["김하나", "이두리"]


def test_pages_follow_each_other_by_who_stands_at_their_edge(
    client: Browser, program: Program, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(55):
        make_registration(meetup, make_person(program, f"사람 {n:02}"))
    first = client.get(list_of(program, meetup)).text

    (later,) = re.findall(r'href="([^"]*after=[^"]*)"', first)
    second = client.get(unescape(later)).text
    (earlier,) = re.findall(r'href="([^"]*before=[^"]*)"', second)

    assert names_in(second) == [f"사람 {n:02}" for n in range(50, 55)]
    assert names_in(client.get(unescape(earlier)).text) == names_in(first)
    assert "55 people" in first


def test_nonsense_in_the_address_restricts_nothing(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    nonsense = "status=x&cohort=x&answer=x&mail=x&sort=x&col=x&arrived=x&after=x&consent=&tag="

    answer = client.get(f"{list_of(program, meetup)}?{nonsense}")

    assert answer.status_code == 200
    assert names_in(answer.text) == ["김하나", "이두리"]


def test_a_kept_view_leads_to_the_same_rows_at_every_meetup(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    other = make_meetup(program)
    kept = client.post(
        f"{list_of(program, meetup).rpartition('/')[0]}/views",
        data={"name": "끝난 신청", "query": "status=cancelled&q=세찬&sort=-name", "shared": "y"},
    )

    page = client.get(list_of(program, other)).text

    assert kept.status_code == 303
    assert re.search(r'href="[^"]*\?status=cancelled&amp;sort=-name">끝난 신청', page)


def test_somebody_elses_view_is_theirs_until_it_is_shared(
    app: Flask, client: Browser, program: Program, meetup: Meetup
) -> None:
    views = f"{list_of(program, meetup).rpartition('/')[0]}/views"
    colleague = app.test_client()
    sign_in(colleague, make_member(program))
    client.post(views, data={"name": "내 보기", "query": "status=confirmed"})
    client.post(views, data={"name": "모두의 보기", "query": "status=confirmed", "shared": "y"})

    page = colleague.get(list_of(program, meetup)).text
    colleague.post(f"{views}/{_number(client, program, meetup, '내 보기')}/removal")

    assert "모두의 보기" in page
    assert "내 보기" not in page
    assert "내 보기" in client.get(list_of(program, meetup)).text


def test_a_view_without_a_name_is_asked_for_one_and_stays_on_its_page(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    views = f"{list_of(program, meetup).rpartition('/')[0]}/views"

    answer = client.post(views, data={"name": " ", "query": "status=cancelled"})

    assert answer.status_code == 422
    assert "Give the view a name." in answer.text
    assert names_in(answer.text) == ["박세찬"]


def test_a_page_whose_people_have_left_shows_the_first_one(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration]
) -> None:
    page = client.get(f"{list_of(program, meetup)}?sort=name&after={people[1].reference}").text

    assert len(names_in(page)) == 2
    assert "Nobody is left on that page." in page


def test_another_organizers_view_is_removed_only_after_a_question(
    client: Browser, program: Program, meetup: Meetup, people: list[Registration], app: Flask
) -> None:
    views = f"{list_of(program, meetup).rpartition('/')[0]}/views"
    client.post(views, data={"name": "신청자", "query": "status=confirmed", "shared": "y"})
    other = app.test_client()
    sign_in(other, make_member(program))

    own, theirs = (each.get(list_of(program, meetup)).text for each in (client, other))

    assert "모두에게서 지우기" in theirs
    assert "Remove it for everybody" not in own


def _number(client: Browser, program: Program, meetup: Meetup, name: str) -> str:
    page = client.get(list_of(program, meetup)).text
    return re.findall(rf"{name}</a>(?:(?!</li>).)*?/views/(\d+)/removal", page, re.DOTALL)[0]


def test_numbers_that_are_names_stand_without_separators(
    client: Browser, program: Program, meetup: Meetup
) -> None:
    cohort = make_cohort(program, 4, year=2019)
    make_questions(meetup, make_question("q1", QuestionKind.NUMBER))
    person = make_registration(meetup, make_person(program, "김하나"), cohort=cohort)
    with transaction() as session:
        told = {0: {"q1": 20230123}}
        connection = connection_of(session)
        answer_sheets.record(connection, person.id, told, questions_version=1, at=now(), actor="person")

    page = client.get(f"{list_of(program, meetup)}?col=year&col=answer:q1").text

    assert re.findall(r'<td class="num">([^<]*)</td>', page) == ["2019", "20230123"]
