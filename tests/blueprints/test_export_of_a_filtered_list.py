"""The file that "Export" above a filtered list gives: those whom the list shows, as it shows them."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from app.clock import now
from app.db import connection_of, db, end_reading, transaction
from app.domain.registering.questions import QuestionKind
from app.models import AuditEntry, Meetup, Message, Payment, Program, Status
from app.services.messaging import chosen
from app.services.organizing import export_jobs, export_making, tags
from app.services.registering import answer_sheets, consents
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_helper,
    make_meetup,
    make_member,
    make_notice,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, form_of, submit

pytestmark = pytest.mark.one_database


@pytest.fixture
def meetup(app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    """With 김하나 of cohort 1, who has everything that can be filtered by, 이두리 and 박세찬 of cohort 2, and a guest."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    program = make_program()
    first, second = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program, cohorts=[first, second], host_event_ko="큰 행사")
    make_notice(meetup, consents=(make_consent("photos"),))
    make_questions(meetup, make_question("q1", QuestionKind.CHOICE, "고기", "채식"))
    hana = make_registration(
        meetup, make_alumnus(first, "김하나"), cohort=first, admitted_at=now(), host_entry="registered"
    )
    make_registration(meetup, make_alumnus(second, "박세찬"), cohort=second)
    make_registration(meetup, make_alumnus(second, "이두리"), status=Status.WAITLISTED, cohort=second)
    make_registration(meetup, make_person(program, "손님"))
    tags.change(meetup.id, [hana.id], "account:1", add=["VIP"])
    with transaction() as session:
        connection = connection_of(session)
        answers = {0: {"q1": "o2"}}
        answer_sheets.record(connection, hana.id, answers, questions_version=1, at=now(), actor="person")
        consents.record(connection, hana.id, {"photos": True}, notice_version=1, at=now(), actor="person")
        session.add(Payment(registration_id=hana.id, amount=1000, paid_at=now()))
    sign_in(client, make_member(program))
    return meetup


def desk(meetup: Meetup, page: str) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/{page}"


def listed(page: str) -> list[str]:
    return re.findall(r"<th scope=\"row\">.*?>(.*?)</a>", page)


def export_above(page: str) -> str:
    (link,) = re.findall(r'href="([^"]*/export\?[^"]*)"', page)
    return unescape(link)


def names_in(csv: bytes) -> list[str]:
    return [line.split(",")[1] for line in csv.decode("utf-8-sig").splitlines()[1:]]


def made_by_the_worker(client: Browser, there: str) -> list[str]:
    """The names in a workbook that is large enough for the worker."""
    job = submit(client, there, {"kind": "xlsx", "columns": ["name"], "reason": "명찰"}).location
    assert export_making.make_next("worker")
    end_reading()
    book = load_workbook(BytesIO(submit(client, job, action=f"{job}/download").data))
    return [row[1] for row in book.active.iter_rows(min_row=2, values_only=True)]


FILTERS = (
    "",
    "q=ㄱㅎㄴ",
    "status=waitlisted",
    "cohort=2&sort=-name",
    "cohort=none",
    "cohort=none&cohort=1",
    "cohort=7",
    "tag=VIP",
    "tag=VIP&cohort=2",
    "answer=q1:o2",
    "answer=q9:o2",
    "arrived=yes",
    "arrived=no&sort=status",
    "paid=yes",
    "host=registered",
    "consent=photos",
    "consent=stories",
    "mail=dead",
    "reply=yes",
    "unconsented=photos",
    "unanswered=q1",
    "untagged=yes",
    "untagged=yes&tag=VIP",
    "companions=yes",
    "walk_in=no&cohort=2",
    "listed=not_listed",
    "mail=none",
)


def test_the_file_has_whom_the_list_shows_and_in_its_order(client: Browser, meetup: Meetup) -> None:
    shown, filed = {}, {}
    for query in FILTERS:
        page = client.get(desk(meetup, f"attendees?{query}")).text
        file = submit(client, export_above(page), {"kind": "csv", "columns": ["name"], "reason": "명찰"})
        order = list if "sort=" in query else sorted
        shown[query], filed[query] = order(listed(page)), order(names_in(file.data))

    assert filed == shown
    assert filed["tag=VIP"] == filed["answer=q1:o2"] == filed["host=registered"] == ["김하나"]
    assert filed["cohort=none"] == ["손님"]
    assert filed["tag=VIP&cohort=2"] == filed["consent=stories"] == filed["answer=q9:o2"] == []
    assert (
        filed["unconsented=photos"]
        == filed["unanswered=q1"]
        == filed["untagged=yes"]
        == ["박세찬", "손님", "이두리"]
    )
    assert filed["walk_in=no&cohort=2"] == ["박세찬", "이두리"]
    assert filed["companions=yes"] == filed["listed=not_listed"] == []
    assert len(filed[""]) == len(filed["mail=none"]) == len(filed["untagged=yes&tag=VIP"]) == 4


def test_the_worker_makes_the_same_file(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_jobs, "LARGE", 0)
    found = {}

    for query in (
        "tag=VIP",
        "q=하나&arrived=yes&paid=yes&host=registered",
        "cohort=none&cohort=2&sort=-name",
        "unconsented=photos&unanswered=q1&untagged=yes&companions=no&walk_in=no&mail=none&sort=-name",
    ):
        there = export_above(client.get(desk(meetup, f"attendees?{query}")).text)
        found[query] = made_by_the_worker(client, there)

    others = ["이두리", "손님", "박세찬"]
    assert list(found.values()) == [["김하나"], ["김하나"], others, others]


def test_what_the_list_was_filtered_by_can_be_unticked_and_the_rest_stays(
    client: Browser, meetup: Meetup
) -> None:
    there = export_above(client.get(desk(meetup, "attendees?tag=VIP&cohort=1&cohort=2")).text)

    fields = {"kind": "csv", "columns": ["name"], "reason": "명찰"}
    page, file = client.get(there).text, submit(client, there, {**fields, "tag": None})

    assert "Tagged: VIP" in page
    assert names_in(file.data) == ["김하나", "박세찬", "이두리"]


def test_choosing_and_keeping_columns_loses_no_filter(client: Browser, meetup: Meetup) -> None:
    there = export_above(client.get(desk(meetup, "attendees?tag=VIP&cohort=2&sort=-name")).text)
    _target, form = form_of(client, there)

    kept = client.post(desk(meetup, "export/sets"), data={**form.fields, "set_name": "명찰"})
    page = client.get(kept.location).text
    refused = submit(client, kept.location, {"reason": ""})

    (usual,) = re.findall(r'href="([^"]*set=none)"', page)
    for each in (kept.location, unescape(usual)):
        assert "tag=VIP" in each
        assert "cohort=2" in each
        assert "sort=-name" in each
    assert "the last first" in page
    assert refused.status_code == 422
    assert "Tagged: VIP" in refused.text


def test_an_organizer_of_one_meetup_finds_no_more_by_a_file_than_by_the_list(
    app: Flask, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = app.test_client()
    sign_in(helper, make_helper(meetup))
    person = make_person(
        db.session.get_one(Program, meetup.program_id), "다섯찬", address="known@example.com"
    )
    make_registration(meetup, person, address="given@example.com")
    fields = {"kind": "csv", "columns": ["name"], "reason": "명찰"}

    pages = [helper.get(desk(meetup, f"attendees?q={text}@example.com")).text for text in ("known", "given")]
    there = [export_above(page) for page in pages]
    at_once = [names_in(submit(helper, each, fields).data) for each in there]
    monkeypatch.setattr(export_jobs, "LARGE", -1)  # a file of nobody, too
    later = [made_by_the_worker(helper, each) for each in there]

    assert [listed(page) for page in pages] == at_once == later == [[], ["다섯찬"]]


def test_the_records_say_by_what_it_was_restricted_and_not_for_whom_was_searched(
    client: Browser, meetup: Meetup
) -> None:
    there = export_above(client.get(desk(meetup, "attendees?q=하나&tag=VIP&arrived=no")).text)

    submit(client, there, {"kind": "csv", "columns": ["name"], "reason": "명찰"})

    end_reading()
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "attendees.exported"))
    assert entry.details["restricted_by"] == ["search", "arrived", "tags"]
    assert "하나" not in str(entry.details)


def test_a_view_of_what_is_not_asked_here_finds_nobody_and_says_why(client: Browser, meetup: Meetup) -> None:
    for query in ("answer=q9:o1", "consent=stories", "cohort=7"):
        page = client.get(desk(meetup, f"attendees?{query}")).text

        assert listed(page) == []
        assert "Nobody fits" in page
        assert "Nobody has registered yet" not in page
        assert 'title="Remove the filter"' in page


def test_the_form_of_a_message_to_those_of_a_list_carries_what_it_has_no_tick_for(
    client: Browser, meetup: Meetup
) -> None:
    for query in (
        *("consent=stories", "tag=gone", "cohort=none", "cohort=7", "answer=q9:o1", "mail=dead", "q=하나"),
        *("host=registered", "unconsented=photos", "unanswered=q1", "untagged=yes", "companions=no"),
        *("walk_in=yes", "listed=unsure"),
    ):
        address = desk(meetup, f"messages/new?{query}")
        _target, form = form_of(client, address)

        name, _, value = query.partition("=")
        assert value in form.fields[name]
        assert f'type="checkbox" name="{name}" value="{value}" checked' in client.get(address).text


def test_a_message_goes_to_whom_the_list_showed(client: Browser, meetup: Meetup) -> None:
    """And its page says so, for each kind of filter."""
    told = {}
    for query in ("q=ㄱㅎㄴ", "host=registered", "unconsented=photos&cohort=2", "unanswered=q1&walk_in=no"):
        shown = listed(client.get(desk(meetup, f"attendees?{query}")).text)
        (way,) = re.findall(
            r'href="([^"]*/messages/new[^"]*)"', client.get(desk(meetup, f"attendees?{query}")).text
        )
        kept = submit(client, unescape(way), {"subject_ko": "안내", "words_ko": "내일 만나요."})
        message = db.session.get_one(Message, int(kept.location.rpartition("/")[2]))
        audience = chosen.audience(
            db.session(), db.session.get_one(Meetup, meetup.id), chosen.choice_of(message)
        )
        assert sorted(each.name for each in audience.first) == sorted(shown), query
        told[query] = client.get(kept.location).text

    assert "Search: ㄱㅎㄴ" in told["q=ㄱㅎㄴ"]
    assert "No consent, refused or never asked: " in told["unconsented=photos&cohort=2"]


def test_a_search_for_a_message_reaches_no_further_than_its_writer_sees(
    app: Flask, client: Browser, meetup: Meetup
) -> None:
    helper = app.test_client()
    sign_in(helper, make_helper(meetup))
    program = db.session.get_one(Program, meetup.program_id)
    person = make_person(program, "다섯찬", address="known@example.com")
    make_registration(meetup, person, address="given@example.com")

    for browser, number in ((helper, 0), (client, 1)):
        there = desk(meetup, "messages/new?q=known@example.com")
        page = submit(browser, there, {"subject_ko": "안내", "words_ko": "내일 만나요."}).location
        message = db.session.get_one(Message, int(page.rpartition("/")[2]))
        audience = chosen.audience(
            db.session(), db.session.get_one(Meetup, meetup.id), chosen.choice_of(message)
        )
        assert audience.number == number


def test_both_ways_to_the_export_begin_with_the_same_states(client: Browser, meetup: Meetup) -> None:
    here = desk(meetup, "attendees").rpartition("/")[0]
    (button,) = re.findall(rf'href="({here}/export\?[^"]*)"', client.get(f"{here}/attendees").text)

    ticked = [
        re.findall(
            r'name="statuses"[^>]*value="(\w+)" checked|checked[^>]*name="statuses"[^>]*value="(\w+)"', page
        )
        for page in (client.get(f"{here}/export").text, client.get(unescape(button)).text)
    ]

    assert ticked[0] == ticked[1] != []
