"""Certificates of attendance: for whoever came in, with a number that nobody guesses and that ends with what it says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app import certificate_papers as papers
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.printing import certificates as paper_rules
from app.domain.printing.marks import Line
from app.domain.writing.words import Words
from app.models import AuditEntry, Meetup, MeetupState, NoticeVersion, Registration, Role, Source
from app.services.organizing import certificates, meetups
from app.services.organizing.certificates import Design
from app.services.personal import erasure, keeping, personal_links
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_notice,
    make_registration,
    sign_in,
)
from tests.support import paper
from tests.support.client import Browser, csrf, submit

HOUR = dt.timedelta(hours=1)
SIGNED = Design(is_on=True, signer=Words("한대표", "Hana Han"), position=Words("대표", "Director"))


def over(**fields: Any) -> Meetup:
    """A meetup of this morning."""
    cohort = make_cohort()
    at = {"starts_at": now() - 5 * HOUR, "ends_at": now() - 2 * HOUR, "title_en": "Spring evening"}
    return make_meetup(cohorts=[cohort], **(at | fields))


def came(meetup: Meetup, name: str = "김하늘", **fields: Any) -> Registration:
    cohort = meetup.cohorts[0]
    values = {"admitted_at": meetup.starts_at, "admitted_count": 1} | fields
    return make_registration(meetup, make_alumnus(cohort, name), cohort=cohort, **values)


def address(registration: Registration) -> str:
    return f"/certificates/{certificates.number_of(registration.reference)}"


def desk(client: FlaskClient, meetup: Meetup, role: Role = Role.ORGANIZER) -> str:
    sign_in(client, make_member(meetup.program, role))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/certificates"


def change(registration: Registration, **values: Any) -> None:
    with transaction() as session:
        row = session.get_one(Registration, registration.id)
        for name, value in values.items():
            setattr(row, name, value)
    end_reading()


def test_whoever_holds_the_number_sees_that_it_stands_and_not_whose_it_is(client: Browser) -> None:
    meetup = over()
    registration = came(meetup)

    answer = client.get(address(registration))

    assert answer.status_code == 200
    assert "This certificate stands." in answer.text
    assert "Spring evening" in answer.text
    assert "김*늘" in answer.text
    assert "김하늘" not in answer.text
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_number_is_read_as_it_is_typed(client: Browser) -> None:
    registration = came(over())
    number = certificates.number_of(registration.reference)

    assert [
        client.get(f"/certificates/{each}").status_code for each in (number.lower(), number.replace("-", " "))
    ] == [
        200,
        200,
    ]


def test_a_meetup_called_off_takes_no_certificate_from_those_who_were_there(client: Browser) -> None:
    registration = came(over(state=MeetupState.CALLED_OFF))

    assert client.get(address(registration)).status_code == 200


def test_a_guess_is_answered_as_a_certificate_that_stands_no_more(client: Browser) -> None:
    """Whoever knows a registration's reference learns nothing by it."""
    registration = came(over())
    other = came(over())
    gone = address(other)
    change(other, admitted_at=None, admitted_count=0)
    guesses = (
        f"/certificates/{paper_rules.spelled(registration.reference, 'A' * 10)}",
        f"/certificates/{paper_rules.spelled('A' * 10, 'A' * 10)}",
        f"/certificates/{registration.reference}",
        gone,
    )

    answers = [client.get(each) for each in guesses]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(guess, "") for answer, guess in zip(answers, guesses, strict=True)}) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"admitted_at": None, "admitted_count": 0},
        {"source": Source.WALK_IN, "is_verified": False},
    ],
)
def test_who_did_not_come_in_or_only_said_a_name_has_none(client: Browser, fields: dict[str, Any]) -> None:
    registration = came(over(), **fields)

    assert client.get(address(registration)).status_code == 404


def test_before_the_meetup_is_over_there_is_nothing_to_certify(client: Browser) -> None:
    registration = came(over(ends_at=now() + HOUR))

    assert client.get(address(registration)).status_code == 404


def test_it_ends_when_the_person_is_erased(client: Browser) -> None:
    registration = came(over())

    erasure.erase(registration.person_id, "account:1", next(iter(erasure.Asked)))

    end_reading()
    assert client.get(address(registration)).status_code == 404


@pytest.mark.parametrize(("is_on", "status"), [(True, 200), (False, 404)])
def test_people_take_theirs_at_their_link_where_the_organizer_lets_them(
    client: Browser, is_on: bool, status: int
) -> None:
    meetup = over()
    registration = came(meetup)
    certificates.save(meetup.id, Design(is_on=is_on), "account:1")
    link = personal_links.url_of(registration).removeprefix("http://localhost:8000")

    page, answer = client.get(link).text, client.get(f"{link}/certificate.pdf?lang=ko")

    assert ("certificate.pdf" in page) is is_on
    assert answer.status_code == status
    if is_on:
        (text,) = paper.pages(answer.data)
        assert "김하늘" in text
        assert "참석 확인서" in text
        assert certificates.number_of(registration.reference) in text


def test_who_did_not_come_gets_none_at_their_link(client: Browser) -> None:
    meetup = over()
    registration = came(meetup, admitted_at=None)
    certificates.save(meetup.id, SIGNED, "account:1")
    link = personal_links.url_of(registration).removeprefix("http://localhost:8000")

    assert client.get(f"{link}/certificate.pdf").status_code == 404


def test_organizers_print_everybodys_or_one_and_it_is_noted(client: Browser) -> None:
    meetup = over()
    first, second = came(meetup, "나래"), came(meetup, "가온")
    came(meetup, "다솜", admitted_at=None)
    certificates.save(meetup.id, SIGNED, "account:1")
    here = desk(client, meetup)
    wanted = {"locale": "en", "reason": "For the office"}

    everybody = submit(client, here, wanted, action=f"{here}/prints")
    one = submit(client, here, wanted | {"reference": first.reference.lower()}, action=f"{here}/prints")
    nobody = submit(client, here, wanted | {"reference": "NOBODY"}, action=f"{here}/prints")

    pages = paper.pages(everybody.data)
    assert ["가온" in pages[0], "나래" in pages[1], len(pages)] == [True, True, 2]
    assert all("Hana Han" in page and "Director" in page for page in pages)
    assert certificates.number_of(second.reference) in pages[0]
    assert ["나래" in page for page in paper.pages(one.data)] == [True]
    assert nobody.status_code == 422
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "certificates.printed")).all()
    assert [(each.subject, each.reason) for each in noted] == [
        (f"meetup:{meetup.id}", "For the office"),
        (f"registration:{first.id}", "For the office"),
    ]


def test_an_organizer_takes_one_persons_from_their_page_in_either_language(client: Browser) -> None:
    meetup = over()
    registration, other = came(meetup, "김하늘"), came(meetup, "이바다")
    absent = came(meetup, "박안옴", admitted_at=None)
    here = desk(client, meetup)
    page = here.replace("/certificates", f"/attendees/{registration.reference}")
    act = f"{here}/one/{registration.reference}"

    korean = submit(client, page, {"locale": "ko"}, action=act)
    english = submit(client, page, {"locale": "en"}, action=act)
    nobodys = client.get(page.replace(registration.reference, absent.reference)).text
    wish = {"locale": "ko", "csrf_token": csrf(client, page)}
    refused = client.post(f"{here}/one/{absent.reference}", data=wish)

    texts = [paper.pages(answer.data)[0] for answer in (korean, english)]
    assert ["김하늘" in text for text in texts] == [True, True]
    assert not any(other.person.name in text for text in texts)
    assert texts[0] != texts[1]
    assert f"/certificates/one/{absent.reference}" not in nobodys
    assert (refused.status_code, refused.location.endswith(absent.reference)) == (303, True)
    noted = db.session.scalars(select(AuditEntry.subject).where(AuditEntry.act == certificates.PRINTED)).all()
    assert noted == [f"registration:{registration.id}"] * 2


@pytest.mark.parametrize("name", ["สมชาย ใจดี", "𠮷田太郎"])
def test_a_name_that_cannot_be_printed_leaves_a_line_and_the_page_says_whose_it_is(
    client: Browser, name: str
) -> None:
    meetup = over()
    registration = came(meetup, name)
    here = desk(client, meetup)

    page = client.get(here).text
    paper_page = client.get(here.replace("/certificates", "/paper")).text
    printed = submit(client, here, {"locale": "en", "reason": "For the office"}, action=f"{here}/prints")

    (text,) = paper.pages(printed.data)
    assert "Name" in text
    assert "田" not in text
    assert [each.count(f"/attendees/{registration.reference}") for each in (page, paper_page)] == [1, 1]


def test_a_line_to_write_on_stands_where_the_name_would(app: Flask) -> None:
    meetup = db.session.get_one(Meetup, over().id)

    def lines(name: str) -> int:
        holder = papers.Holder(name, None, "2222")
        with app.test_request_context():
            marks = papers.drawn(meetup, holder, papers.Said(), "en", now())
        return sum(isinstance(mark, Line) for mark in marks)

    assert lines("สมชาย") == lines("김하늘") + 1


def test_nobody_takes_a_certificate_without_their_name_at_their_link(client: Browser) -> None:
    meetup = over()
    registration = came(meetup, "𠮷田太郎")
    certificates.save(meetup.id, SIGNED, "account:1")
    link = personal_links.url_of(registration).removeprefix("http://localhost:8000")

    page, answer = client.get(link).text, client.get(f"{link}/certificate.pdf?lang=en")

    assert answer.status_code == 422
    assert all("Please ask the office" in each for each in (page, answer.text))
    assert "certificate.pdf" not in page


def test_it_says_until_when_it_can_be_checked(client: Browser) -> None:
    meetup = over()
    make_notice(meetup, kept_days=30)
    registration = came(meetup, notice_version=1)
    with transaction() as session:  # told before the meetup
        session.execute(update(NoticeVersion).values(created_at=meetup.starts_at - HOUR))
        keeping.follow(session, session.get_one(Meetup, meetup.id))
    last = meetup.local(meetup.ends_at).date() + dt.timedelta(days=30)
    certificates.save(meetup.id, SIGNED, "account:1")
    link = personal_links.url_of(registration).removeprefix("http://localhost:8000")

    texts = {
        lang: paper.pages(client.get(f"{link}/certificate.pdf?lang={lang}").data)[0] for lang in ("ko", "en")
    }

    assert f"확인 가능 기간: {last.year}년 {last.month}월 {last.day}일까지" in texts["ko"]
    assert f"Can be verified until {last.day} {last:%B} {last.year}" in texts["en"]
    assert "Can be verified until" in client.get(link).text
    assert "Can be verified until" in client.get(address(registration)).text
    assert "can be verified until" in client.get(desk(client, meetup)).text


def test_certificates_are_printed_cohort_by_cohort_where_they_are_too_many_for_a_file(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    meetup = over()
    came(meetup, "나래")
    other = make_cohort(meetup.program)
    second = make_registration(
        meetup, make_alumnus(other, "가온"), cohort=other, admitted_at=meetup.starts_at, admitted_count=1
    )
    monkeypatch.setattr(certificates, "MOST", 1)
    here = desk(client, meetup)
    wanted = {"locale": "en", "reason": "For the office"}

    everybody = submit(client, here, wanted, action=f"{here}/prints")
    some = submit(client, here, wanted | {"cohorts": str(other.ordinal)}, action=f"{here}/prints")

    assert everybody.status_code == 422
    assert "Choose some cohorts" in everybody.text
    (text,) = paper.pages(some.data)
    assert certificates.number_of(second.reference) in text


def test_what_is_typed_is_shown_and_saved_and_goes_along_with_a_copy(client: Browser) -> None:
    meetup = over()
    here = desk(client, meetup)
    typed = {"is_on": "y", "signer_ko": "한대표", "words_en": "Was there."}

    before = client.get(f"{here}/preview.png?language=ko")
    shown = client.get(f"{here}/preview.png?language=ko&signer_ko=한대표")
    saved = submit(client, here, typed, action=here)

    assert (before.mimetype, saved.status_code) == ("image/png", 303)
    assert before.data != shown.data == client.get(f"{here}/preview.png?language=ko").data
    kept = certificates.of_meetup(meetup.id)
    assert (kept.is_on, kept.signer.ko, kept.words) == (True, "한대표", Words("", "Was there."))
    copied = certificates.of_meetup(meetups.copy(meetup.id, "account:1").id)
    assert (copied.is_on, copied.signer) == (False, kept.signer)
