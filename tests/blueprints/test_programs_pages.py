"""The desk's programme and cohort pages."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from app.db import end_reading, transaction
from app.models import Cohort, PersonPhone, Program, Role, RosterEntry, RosterImport
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_participant,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(slug="bootcamp", name_en="Bootcamp")


@pytest.fixture
def cohort(program: Program) -> Cohort:
    return make_cohort(program, 3, year=2022, name_ko="", name_en="")


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program, Role.ORGANIZER))
    return client


def listed(client: Browser, **query: str) -> str:
    page = client.get("/desk/bootcamp/cohorts/3", query_string=query)
    assert page.status_code == 200
    return page.text


def test_a_founder_makes_a_programme_and_is_led_to_its_cohorts(client: Browser, app: Flask) -> None:
    sign_in(client, make_account(is_founder=True))

    made = submit(client, "/desk/new", {"name_ko": "부트캠프", "slug": "bootcamp"})
    home = client.get(made.location).text

    assert made.location == "/desk/bootcamp"
    assert "Start with the cohorts" in home
    assert 'href="/desk/bootcamp/cohorts"' in home


def test_a_refused_programme_keeps_what_was_typed(client: Browser, program: Program) -> None:
    sign_in(client, make_account(is_founder=True))

    response = submit(client, "/desk/new", {"name_ko": "새 과정", "slug": "bootcamp"})

    assert response.status_code == 422
    assert 'value="새 과정"' in response.text
    assert "taken" in response.text


def test_the_home_says_the_next_step_at_each_stage(organizer: Browser, program: Program) -> None:
    stages = [organizer.get("/desk/bootcamp").text]
    cohort = make_cohort(program, 1)
    stages.append(organizer.get("/desk/bootcamp").text)
    make_alumnus(cohort)
    stages.append(organizer.get("/desk/bootcamp").text)
    make_meetup(program, cohorts=[cohort], title_en="First evening")
    stages.append(organizer.get("/desk/bootcamp").text)

    steps = ["Start with the cohorts", "Now the rosters", "Ready for the first meetup", "First evening"]
    assert [step in stage for step, stage in zip(steps, stages, strict=True)] == [True] * 4


def test_the_home_asks_no_more_of_the_database_for_many_meetups_and_cohorts(
    organizer: Browser, program: Program
) -> None:
    def fill(first: int, count: int) -> None:
        for n in range(first, first + count):
            cohort = make_cohort(program, n)
            make_registration(make_meetup(program, cohorts=[cohort]), make_alumnus(cohort))

    def asked() -> int:
        with statements() as seen:
            assert organizer.get("/desk/bootcamp").status_code == 200
            assert organizer.get("/desk/bootcamp/cohorts").status_code == 200
        return len(seen)

    fill(1, 1)
    few = asked()
    fill(2, 6)

    assert asked() == few


def test_viewers_see_counts_and_nobody_s_name(client: Browser, program: Program, cohort: Cohort) -> None:
    make_alumnus(cohort, "김하늘", "haneul@example.com")
    make_participant(cohort)
    sign_in(client, make_member(program, Role.VIEWER))

    pages = [client.get(path).text for path in ("/desk/bootcamp", "/desk/bootcamp/cohorts")]

    assert all("김하늘" not in page and "haneul" not in page for page in pages)
    assert '<td class="num">2</td>' in pages[1]
    assert client.get("/desk/bootcamp/cohorts/3").status_code == 403


def test_several_cohorts_are_added_in_one_go(organizer: Browser) -> None:
    added = {"first": "1", "last": "3", "first_year": "2020"}

    submit(organizer, "/desk/bootcamp/cohorts", added)

    page = organizer.get("/desk/bootcamp/cohorts").text
    assert "3 cohorts were added" in page
    assert "Cohort 3 · 2022" in page
    assert re.search(r'name="first"[^>]* value="4"', page)


def test_a_wrong_number_is_kept_and_explained(organizer: Browser) -> None:
    response = submit(organizer, "/desk/bootcamp/cohorts", {"first": "3", "last": "1"})

    assert response.status_code == 422
    assert "Swap the two" in response.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("김하늘", True),
        ("하늘", True),
        ("ㄱㅎㄴ", True),
        ("gimhaneul", True),
        ("haneul92@", True),
        ("haneul92", True),
        ("5678", True),
        ("이서준", False),
        ("%", True),  # nothing to look for: everyone
    ],
)
def test_the_roster_is_searched_as_people_type(
    organizer: Browser, cohort: Cohort, typed: str, found: bool
) -> None:
    person = make_alumnus(cohort, "김하늘", "haneul92@example.com")
    with transaction() as session:
        digits = "01012345678"
        session.add(PersonPhone(person_id=person.id, number="010-1234-5678", digits=digits, last_four="5678"))

    assert ("haneul92@example.com" in listed(organizer, q=typed)) is found


def test_a_search_is_no_longer_than_any_name(organizer: Browser, cohort: Cohort) -> None:
    make_alumnus(cohort, "김하늘")

    page = listed(organizer, q="가" * 30_000)

    assert "가" * 100 in page
    assert "가" * 101 not in page


def test_the_roster_is_filtered_by_completion_and_by_the_latest_file(
    organizer: Browser, program: Program, cohort: Cohort
) -> None:
    make_alumnus(cohort, "수료한", "done@example.com")
    make_participant(cohort, "못마친", "left@example.com")
    gone = make_alumnus(cohort, "사라진", "gone@example.com")
    with transaction() as session:
        record = RosterImport(program_id=program.id, file_name="a.csv", file_sha256="0" * 64)
        session.add(record)
        session.flush()
        entry = session.query(RosterEntry).filter_by(person_id=gone.id).one()
        entry.gone_since_id = record.id

    def addresses(kind: str) -> list[str]:
        page = listed(organizer, show=kind)
        return [name for name in ("done", "left", "gone") if f"{name}@example.com" in page]

    assert addresses("completed") == ["done", "gone"]
    assert addresses("not_completed") == ["left"]
    assert addresses("gone") == ["gone"]
    assert addresses("nonsense") == ["done", "left", "gone"]


def test_a_long_roster_comes_in_pages_with_as_many_questions_as_a_short_one(
    organizer: Browser, cohort: Cohort
) -> None:
    def asked() -> int:
        with statements() as seen:
            listed(organizer)
        return len(seen)

    make_alumnus(cohort, "가나다")
    asked()  # the first look of the hour is written down
    few = asked()
    for n in range(55):
        make_alumnus(cohort, f"사람 {n:02d}", f"person-no-{n}@example.com")

    assert asked() == few
    assert "1 – 50 of 56" in listed(organizer)
    assert "51 – 56 of 56" in listed(organizer, page="2")
    assert "51 – 56 of 56" in listed(organizer, page="999")


def test_a_cohort_leads_to_the_import_of_its_own_roster(organizer: Browser, cohort: Cohort) -> None:
    assert 'href="/desk/bootcamp/rosters/new?cohort=3"' in listed(organizer)


def test_a_cohort_with_a_roster_is_not_deleted(organizer: Browser, cohort: Cohort) -> None:
    make_alumnus(cohort)

    response = submit(organizer, "/desk/bootcamp/cohorts/3/edit", action="/desk/bootcamp/cohorts/3/deletion")

    assert response.status_code == 422
    assert "cannot be deleted" in response.text


def test_a_cohort_is_edited_and_deleted(organizer: Browser, cohort: Cohort) -> None:
    edit, deletion = "/desk/bootcamp/cohorts/4/edit", "/desk/bootcamp/cohorts/4/deletion"

    submit(organizer, "/desk/bootcamp/cohorts/3/edit", {"ordinal": "4", "name_en": "Online"})
    renamed = organizer.get("/desk/bootcamp/cohorts").text
    submit(organizer, edit, action=deletion)

    assert "Cohort 4 · 2022 · Online" in renamed
    assert "Cohort 4 ·" not in organizer.get("/desk/bootcamp/cohorts").text


def test_a_name_is_text_wherever_it_stands(organizer: Browser, cohort: Cohort) -> None:
    make_alumnus(cohort, "<script>alert(1)</script>")

    assert "<script>alert" not in listed(organizer)


def test_the_front_page_shows_public_meetups_and_the_way_to_the_desk(
    client: Browser, program: Program
) -> None:
    empty = client.get("/").text
    meetup = make_meetup(program, cohorts=[], title_en="First evening")
    end_reading()

    page = client.get("/").text

    assert "Nothing is announced" in empty
    assert "First evening" in page
    assert f'href="/m/{meetup.slug}"' in page
    assert 'href="/sign-in"' in page
