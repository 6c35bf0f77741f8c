"""Tags and the note on an attendee's page."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from app.db import end_reading
from app.models import Meetup, Program, Registration
from app.services.organizing import desk_notes, tags
from tests.factories import make_meetup, make_member, make_person, make_program, make_registration, sign_in
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
    return make_meetup(program)


@pytest.fixture
def held(program: Program, meetup: Meetup) -> Registration:
    return make_registration(meetup, make_person(program, "김하나"))


def page_of(program: Program, meetup: Meetup, held: Registration) -> str:
    return f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/{held.reference}"


def test_tags_are_put_and_taken_on_the_page_and_found_in_the_list(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    page, other = page_of(program, meetup, held), make_registration(meetup)
    client.post(f"{page}/tags", data={"tags": "연사, VIP"})

    listed = client.get(f"{page.rpartition('/')[0]}?tag=VIP").text
    client.post(f"{page}/tags/removal", data={"tags": "VIP"})

    assert held.reference in listed
    assert other.reference not in listed
    assert "Remove the tag: 연사" in client.get(page).text
    assert list(tags.of_meetup(meetup.id)) == ["연사"]


def test_a_tag_that_is_too_long_is_said_and_kept_in_the_field(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    answer = client.post(f"{page_of(program, meetup, held)}/tags", data={"tags": "가" * 31})

    assert answer.status_code == 422
    assert "가" * 31 in answer.text
    assert "at most 30 characters" in answer.text


def test_a_note_that_somebody_else_changed_meanwhile_is_shown_beside_mine(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    page = page_of(program, meetup, held)
    assert client.post(f"{page}/note", data={"note": "첫 메모", "revision": "0"}).status_code == 303

    answer = client.post(f"{page}/note", data={"note": "내 메모", "revision": "0"})

    assert answer.status_code == 422
    assert "첫 메모" in answer.text
    assert "내 메모" in answer.text
    end_reading()
    assert desk_notes.of_registrations([held.id]) == {held.id: "첫 메모"}


def test_a_resident_registration_number_is_not_noted(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    answer = client.post(f"{page_of(program, meetup, held)}/note", data={"note": "900101-1234567"})

    assert answer.status_code == 422
    assert desk_notes.of_registration(held.id) is None


def test_tags_and_notes_are_columns_of_the_file(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    tags.change(meetup.id, [held.id], "account:1", add=["연사", "VIP"])
    desk_notes.save(held.id, "휠체어 자리", "account:1")
    order = {"columns": ["name", "tags", "note"], "kind": "csv", "several": "cell", "reason": "명찰"}

    answer = client.post(f"/desk/{program.slug}/meetups/{meetup.slug}/export", data=order)

    assert '김하나,"VIP, 연사",휠체어 자리' in answer.get_data(as_text=True)


def test_a_tag_given_to_many_stands_in_the_history_of_each(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    other, third = make_registration(meetup), make_registration(meetup)
    tags.change(meetup.id, [other.id], "account:1", add=["연사"])
    tags.change(meetup.id, [held.id, other.id], "account:1", add=["VIP", "연사"], remove=["스태프"])
    tags.change(meetup.id, [held.id], "account:1", remove=["VIP"])

    pages = [client.get(page_of(program, meetup, each)).text for each in (held, other, third)]

    assert ["Tags changed" in page for page in pages] == [True, True, False]
    assert [re.findall(r"<p>((?:Added|Removed): \S+)</p>", page) for page in pages] == [
        ["Removed: VIP", "Added: VIP", "Added: 연사"],
        ["Added: VIP", "Added: 연사"],
        [],
    ]


def test_whoever_came_from_a_view_goes_back_to_it_and_keeps_it_over_what_they_do(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    table = page_of(program, meetup, held).rpartition("/")[0]
    view = f"{table}?status=confirmed&amp;sort=-name"
    (way,) = re.findall(r'<th scope="row"><a href="([^"]*)">', client.get(unescape(view)).text)
    assert f'href="{view}"' in client.get(unescape(way)).text

    here = {"Referer": f"http://localhost{unescape(way)}"}
    answer = client.post(f"{page_of(program, meetup, held)}/tags", data={"tags": "연사"}, headers=here)

    assert f'href="{view}"' in client.get(answer.location).text


def test_the_way_back_leads_to_the_table_and_nowhere_else(
    client: Browser, program: Program, meetup: Meetup, held: Registration
) -> None:
    page = client.get(f"{page_of(program, meetup, held)}?next=https://else.example/attendees?x=1").text

    assert 'href="https://else.example' not in page
