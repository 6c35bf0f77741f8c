"""What the programme's lists know of people, kept from those who have a right at one meetup alone."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.models import (
    MailState,
    Meetup,
    MeetupMembership,
    Membership,
    OutboxMail,
    PersonAddress,
    PersonPhone,
    Registration,
    Role,
    RosterEntry,
)
from app.services.mails import outbox
from app.services.organizing import export_jobs, export_making
from app.services.running import schedule
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit

pytestmark = pytest.mark.one_database
As = Callable[[str], Browser]
HELPER, ORGANIZER = "helper", "organizer"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort()])


@pytest.fixture
def hana(meetup: Meetup) -> Registration:
    """Came with one address and no phone; the lists know another address, a phone and a number."""
    person = make_alumnus(meetup.cohorts[0], "김하나", "hidden@lists.example")
    known: dict[str, str] = {"number": "010-8765-4321", "digits": "01087654321", "last_four": "4321"}
    with transaction() as session:
        session.add(PersonPhone(person_id=person.id, **known))
        session.execute(update(RosterEntry).values(certificate="제2024-77호"))
    return make_registration(meetup, person, cohort=meetup.cohorts[0], address="given@example.com")


@pytest.fixture
def browser_of(app: Flask, meetup: Meetup) -> As:
    def signed_in(who: str) -> Browser:
        browser: Any = app.test_client()
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        is_helper = who == HELPER
        sign_in(browser, make_helper(meetup) if is_helper else make_member(meetup.program, Role.ORGANIZER))
        return browser

    return signed_in


def at(meetup: Meetup, rest: str = "") -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}{rest}"


def written(browser: Browser, meetup: Meetup) -> str:
    text = {"subject_ko": "안내", "words_ko": "내일 만나요."}
    return str(submit(browser, at(meetup, "/messages/new"), text).location)


def rows_of(file: bytes) -> list[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def told(rows: list[tuple[Any, ...]]) -> str:
    return " ".join(str(cell) for row in rows for cell in row)


@pytest.mark.parametrize(("who", "phones"), [(HELPER, []), (ORGANIZER, ["010-8765-4321"])])
def test_phones_of_the_lists_leave_in_texts_only_with_a_right_to_the_lists(
    meetup: Meetup, hana: Registration, browser_of: As, who: str, phones: list[str]
) -> None:
    browser = browser_of(who)
    page = f"{written(browser, meetup)}/texts"

    answer = submit(browser, page, {"reason": "문자", "who": "all"})

    assert [row[1] for row in rows_of(answer.data)[1:]] == phones


def test_a_phone_that_was_given_this_meetup_leaves_in_texts(
    meetup: Meetup, hana: Registration, browser_of: As
) -> None:
    with transaction() as session:
        session.execute(update(Registration).values(phone="010-1111-2222"))
    browser = browser_of(HELPER)

    answer = submit(browser, f"{written(browser, meetup)}/texts", {"reason": "문자", "who": "all"})

    assert [row[1] for row in rows_of(answer.data)[1:]] == ["010-1111-2222"]


@pytest.mark.parametrize(("who", "is_shown"), [(HELPER, False), (ORGANIZER, True)])
def test_a_message_goes_to_an_address_that_works_and_no_page_shows_it_without_a_right_to_the_lists(
    meetup: Meetup, hana: Registration, browser_of: As, who: str, is_shown: bool
) -> None:
    with transaction() as session:
        dead = {"address": "given@example.com", "address_key": "given@example.com", "dead_since": now()}
        known = {"person_id": hana.person_id, "program_id": meetup.program_id}
        session.add(PersonAddress(**known, **dead))
    browser = browser_of(who)
    page = written(browser, meetup)

    submit(browser, page, {"when": "now"}, action=f"{page}/sending")
    end_reading()
    assert schedule.run_due() == 1
    with transaction() as session:
        told = "550 <hidden@lists.example>: user unknown"
        session.execute(update(OutboxMail).values(state=MailState.FAILED, last_error=told))

    end_reading()
    assert set(db.session.scalars(select(OutboxMail.address))) == {"hidden@lists.example"}
    pages = [page, at(meetup, "/mails"), at(meetup, f"/attendees/{hana.reference}")]
    assert ["hidden@lists.example" in browser.get(each).text for each in pages] == [is_shown] * 3
    assert ["an address not shown here" in browser.get(each).text for each in pages] == [not is_shown] * 3


def test_mails_to_those_who_are_invited_from_the_lists_show_no_address_to_an_organizer_of_one_meetup(
    meetup: Meetup, browser_of: As
) -> None:
    with transaction() as session:
        about = {"program_id": meetup.program_id, "meetup_id": meetup.id}
        outbox.enqueue(session, "meetup_invitation", "hidden@lists.example", "ko", **about)

    pages = [browser_of(who).get(at(meetup, "/mails")).text for who in (HELPER, ORGANIZER)]

    assert ["hidden@lists.example" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    "path", ["/attendees?q=", "/badges/one?q=", "/attendees/many?act=tag&everybody=1&q="]
)
@pytest.mark.parametrize(
    ("typed", "by_helper"),
    [
        ("hidden@lists", False),
        ("hidden", False),
        ("4321", False),
        ("010-8765-4321", False),
        ("given@ex", True),
        ("하나", True),
        ("ㄱㅎㄴ", True),
        ("kimhana", True),
    ],
)
def test_a_search_by_whoever_has_one_meetup_knows_names_and_what_was_given_there(
    meetup: Meetup, hana: Registration, browser_of: As, path: str, typed: str, by_helper: bool
) -> None:
    found = [
        "김하나" in browser_of(who).get(at(meetup, f"{path}{typed}")).text for who in (HELPER, ORGANIZER)
    ]

    assert found == [by_helper, True]


@pytest.mark.parametrize(("who", "is_shown"), [(HELPER, False), (ORGANIZER, True)])
def test_numbers_of_the_lists_are_in_the_table_and_in_files_only_with_a_right_to_the_lists(
    meetup: Meetup, hana: Registration, browser_of: As, who: str, is_shown: bool
) -> None:
    browser = browser_of(who)
    chosen = {"columns": ["name", "certificate"], "statuses": ["confirmed"], "reason": "명찰"}

    table = browser.get(at(meetup, "/attendees?col=certificate")).text
    form = browser.get(at(meetup, "/export")).text
    answers = [
        submit(browser, at(meetup, "/export"), {**chosen, "kind": kind}) for kind in ("csv", "json", "xlsx")
    ]

    assert ("제2024-77호" in table) is is_shown
    assert ('value="certificate"' in form) is is_shown
    if is_shown:
        assert "제2024-77호" in answers[0].text
        assert json.loads(answers[1].data)["attendees"][0]["certificate"] == "제2024-77호"
        assert "제2024-77호" in told(rows_of(answers[2].data))
    else:
        assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_a_large_file_has_no_numbers_once_its_maker_lost_the_right_to_the_lists(
    meetup: Meetup, hana: Registration, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_jobs, "LARGE", 0)
    browser: Any = app.test_client()
    account = make_member(meetup.program, Role.ORGANIZER)
    sign_in(browser, account)
    chosen = {"columns": ["name", "certificate"], "reason": "명찰", "kind": "xlsx"}

    files = []
    for loses in (False, True):
        page = submit(browser, at(meetup, "/export"), chosen).location
        if loses:
            make_helper_of(meetup, account.id)
        export_making.make_next("worker")
        end_reading()
        files.append(told(rows_of(submit(browser, page, action=f"{page}/download").data)))

    assert ["김하나" in file for file in files] == [True, True]
    assert ["제2024-77호" in file for file in files] == [True, False]


def make_helper_of(meetup: Meetup, account_id: int) -> None:
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.account_id == account_id))
        session.add(MeetupMembership(meetup_id=meetup.id, account_id=account_id, role=Role.ORGANIZER))
