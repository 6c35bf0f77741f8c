"""The organizer's page of a meetup's notice and consents, and where the desk shows what people said."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app.db import db
from app.domain.registering.notices import ConsentKind
from app.models import Meetup, MeetupState, Program
from app.services.organizing import meetups, notices
from app.services.registering import consents
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    sign_in,
)
from tests.support.client import Browser, Page, form_of, submit
from tests.support.registering import register

SPONSOR = {
    "consents-0-recipient_ko": "예시테크 주식회사",
    "consents-0-recipient_en": "Example Tech Inc.",
}


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    meetup = make_meetup(cohorts=[make_cohort(ordinal=1)])
    sign_in(client, make_member(program_of(meetup)))
    return meetup


def program_of(meetup: Meetup) -> Program:
    return db.session.get_one(Program, meetup.program_id)


def desk(meetup: Meetup, page: str = "") -> str:
    return f"/desk/{program_of(meetup).slug}/meetups/{meetup.slug}{page}"


def shown(meetup: Meetup) -> Any:
    db.session.expire_all()
    return notices.current(db.session.get_one(Meetup, meetup.id))


def test_a_published_meetup_without_a_notice_stays_and_the_desk_asks_for_one(
    client: Browser, meetup: Meetup
) -> None:
    page = client.get(desk(meetup)).text
    assert f'href="{desk(meetup, "/notice")}"' in page
    assert "says nothing about personal data" in page

    saved = submit(client, desk(meetup, "/notice"))

    assert saved.status_code == 303
    assert shown(meetup) == notices.ready_made(program_of(meetup))
    assert meetup.state is MeetupState.PUBLISHED
    assert "says nothing about personal data" not in client.get(desk(meetup)).text


def test_what_publishing_misses_leads_to_the_notice(client: Browser, meetup: Meetup) -> None:
    draft = make_meetup(cohorts=list(meetup.cohorts), state=MeetupState.DRAFT)

    page = submit(client, desk(draft), action=desk(draft, "/publication"))

    assert page.status_code == 422
    assert f'href="{desk(draft, "/notice")}"' in page.text


def test_a_consent_is_added_with_its_text_by_one_press_and_saved(client: Browser, meetup: Meetup) -> None:
    page = desk(meetup, "/notice")
    added = submit(client, page, {"rows": "add-third_party", "purpose_en": "To give seats"})
    assert added.status_code == 200
    assert "To give seats" in added.text
    assert "후원사에 제 정보를 전해도 괜찮아요" in added.text
    assert meetup.notice_version == 0

    form = {name: values[-1] for name, values in page_form(added.text).items()}
    client.post(page, data=form | SPONSOR)

    consent = shown(meetup).consent("third_party")
    assert (consent.kind, consent.recipient.en) == (ConsentKind.THIRD_PARTY, "Example Tech Inc.")
    assert shown(meetup).purpose.en == "To give seats"


def page_form(html: str) -> dict[str, list[str]]:
    return next(form.fields for form in Page(html).forms if "based_on" in form.fields)


def test_a_sponsor_without_a_name_is_refused_at_its_field_and_all_that_was_typed_stays(
    client: Browser, meetup: Meetup
) -> None:
    make_notice(meetup, consents=(make_consent("third_party"),))

    answer = submit(
        client,
        desk(meetup, "/notice"),
        dict.fromkeys(SPONSOR, "") | {"kept_days": "many", "items_en": "Shoe size"},
    )

    assert answer.status_code == 422
    assert 'href="#consents-0-recipient_ko"' in answer.text
    assert 'href="#kept_days"' in answer.text
    assert "Shoe size" in answer.text
    assert meetup.notice_version == 1


def test_a_consent_is_removed_by_one_press(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("photos"), make_consent("marketing")))

    answer = submit(client, desk(meetup, "/notice"), {"rows": "remove-0"})

    assert "label of photos" not in answer.text
    assert "label of marketing" in answer.text
    assert len(shown(meetup).consents) == 2


def test_saving_what_the_page_shows_changes_nothing(client: Browser, meetup: Meetup) -> None:
    before = make_notice(meetup, consents=(make_consent("photos"), make_consent("sensitive")), asks_age=True)

    submit(client, desk(meetup, "/notice"))

    assert shown(meetup) == before
    assert meetup.notice_version == 1


def test_of_two_organizers_the_second_is_told_and_decides(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup)
    _, form = form_of(client, desk(meetup, "/notice"))
    make_notice(meetup, kept_days=7)

    refused = client.post(desk(meetup, "/notice"), data=form.fields | {"kept_days": "8"})
    kept = shown(meetup).kept_days
    again = client.post(desk(meetup, "/notice"), data=page_form(refused.text))

    assert (refused.status_code, kept) == (422, 7)
    assert "Somebody else saved this notice" in refused.text
    assert (again.status_code, shown(meetup).kept_days) == (303, 8)


def test_the_next_meetups_begin_with_the_text_that_the_programme_keeps(
    client: Browser, meetup: Meetup
) -> None:
    submit(client, desk(meetup, "/notice"), {"keep": "yes", "kept_days": "33"})

    copy = meetups.copy(make_meetup(program_of(meetup), cohorts=list(meetup.cohorts)).id, "account:1")

    assert notices.current(copy).kept_days == 33


def test_a_text_of_before_is_read_as_it_was(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("photos"),), kept_days=90)
    make_notice(meetup, kept_days=1)

    page = client.get(desk(meetup, "/notice/versions/1")).text

    assert "purpose of photos" in page
    assert "90 days" in page
    assert client.get(desk(meetup, "/notice/versions/3")).status_code == 404


def test_the_desk_shows_what_an_attendee_consented_to_and_when_they_took_it_back(
    client: Browser, meetup: Meetup
) -> None:
    make_notice(meetup, consents=(make_consent("photos"), make_consent("marketing")))
    held = register(meetup, make_alumnus(meetup.cohorts[0]), "photos", "marketing")
    consents.change(held.id, {"photos": False})

    page = client.get(desk(meetup, f"/attendees/{held.reference}")).text

    assert "They were shown text 1" in page
    assert page.count("Consented<") == page.count("No consent<") == 1
    assert "Withdrew a consent" in page


def test_the_export_has_a_column_a_consent_and_can_keep_to_those_who_gave_it(
    client: Browser, meetup: Meetup
) -> None:
    make_notice(meetup, consents=(make_consent("photos"), make_consent("marketing")))
    cohort = meetup.cohorts[0]
    register(meetup, make_alumnus(cohort, "김하나"), "photos")
    register(meetup, make_alumnus(cohort, "박두리"))
    page = desk(meetup, "/export")
    order = {"columns": ["name", "consent:photos", "consent:marketing"], "reason": "photographer"}

    def rows(**more: Any) -> list[tuple[Any, ...]]:
        file = submit(client, page, order | more)
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).worksheets[0]
        own = len(
            order["columns"]
        )  # between the number and the marks for bringing back, which every file has
        return [tuple(cell.value for cell in row)[1 : own + 1] for row in sheet.iter_rows()]

    everyone = rows()
    assert everyone[0] == ("Name", "Consent: label of photos", "Consent: label of marketing")
    assert everyone[1:] == [("김하나", "yes", "no"), ("박두리", "no", "no")]
    assert rows(consents=["photos"])[1:] == [("김하나", "yes", "no")]


def test_the_list_keeps_to_those_who_consent(client: Browser, meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("photos"),))
    register(meetup, make_alumnus(meetup.cohorts[0], "김하나"), "photos")
    register(meetup, make_alumnus(meetup.cohorts[0], "박두리"))

    page = client.get(desk(meetup, "/attendees?consent=photos")).text

    assert "김하나" in page
    assert "박두리" not in page
