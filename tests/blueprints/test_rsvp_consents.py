"""Notice and consents on the pages of whoever registers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.models import Meetup, Registration
from app.services.personal import personal_links
from app.services.registering import consents, registrations
from tests.factories import make_alumnus, make_cohort, make_consent, make_meetup, make_notice, make_program
from tests.support.client import Browser, Page, form_of, submit
from tests.support.registering import prove_in, register

PHOTOS = make_consent("photos")
SPONSOR = make_consent("third_party")


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1)], asks_phone=True)
    make_notice(meetup, consents=(PHOTOS, SPONSOR), kept_days=90)
    return meetup


@pytest.fixture
def check(client: Browser, meetup: Meetup) -> str:
    return proved(client, meetup)


def proved(client: Browser, meetup: Meetup) -> str:
    """The page at which somebody stands who has proved their address."""
    prove_in(client, meetup, make_alumnus(meetup.cohorts[0]).addresses[0].address)
    return f"/m/{meetup.slug}/check"


def press(client: Browser, meetup: Meetup, page: str, **typed: Any) -> Any:
    return submit(client, page, typed, action=f"/m/{meetup.slug}/registrations")


def said(meetup: Meetup) -> dict[str, bool]:
    held = db.session.scalars(select(Registration.id).where(Registration.meetup_id == meetup.id)).all()
    return next(iter(consents.given_by(held).values()), {})


def test_the_notice_stands_before_the_address_with_its_date_and_nothing_to_tick(
    client: Browser, meetup: Meetup
) -> None:
    page = client.get(f"/m/{meetup.slug}").text

    until = meetup.local(meetup.ends_at).date().toordinal() + 90
    day = type(meetup.ends_at).fromordinal(until)
    assert page.index("How we use your data") < page.index('name="address"')
    assert f"Kept until {day:%a} {day.day} {day:%B} {day.year}" in page
    assert "Your right to refuse" in page
    assert 'type="checkbox"' not in page


def test_a_meetup_from_before_shows_no_notice_and_registers_as_ever(client: Browser, app: Flask) -> None:
    old = make_meetup(cohorts=[make_cohort()])
    prove_in(client, old, make_alumnus(old.cohorts[0]).addresses[0].address)

    created = press(client, old, f"/m/{old.slug}/check")

    assert "How we use your data" not in client.get(f"/m/{old.slug}").text
    assert "/r/" in created.location


def test_every_box_is_apart_optional_and_unticked(client: Browser, meetup: Meetup, check: str) -> None:
    page = client.get(check).text

    boxes = re.findall(r"<input type=\"checkbox\"[^>]*>", page)
    assert [re.search('name="([^"]*)"', box)[1] for box in boxes] == ["box-photos", "box-third_party"]  # type: ignore[index]
    assert not any("checked" in box or "required" in box for box in boxes)
    assert "recipient of third_party" in page


def test_refusing_all_registers_and_is_kept(client: Browser, meetup: Meetup, check: str) -> None:
    created = press(client, meetup, check)

    assert "You're in" in client.get(created.location).text
    assert said(meetup) == {"photos": False, "third_party": False}


def test_what_is_ticked_is_kept(client: Browser, meetup: Meetup, check: str) -> None:
    press(client, meetup, check, **{"box-third_party": "yes"})

    assert said(meetup) == {"photos": False, "third_party": True}


def test_the_age_is_asked_where_the_organizer_wants_it_and_nothing_typed_is_lost(
    client: Browser, meetup: Meetup
) -> None:
    make_notice(meetup, consents=(PHOTOS,), asks_age=True)
    check = proved(client, meetup)

    refused = press(client, meetup, check, **{"phone": "010-0000-1234", "box-photos": "yes"})

    assert refused.status_code == 422
    assert 'href="#box-age_14"' in refused.text
    assert 'value="010-0000-1234"' in refused.text
    assert re.search(r'name="box-photos"[^>]* checked', refused.text)
    assert press(client, meetup, check, **{"box-age_14": "yes"}).status_code == 303


def test_a_text_that_changes_meanwhile_is_shown_before_anything_is_kept(
    client: Browser, meetup: Meetup, check: str
) -> None:
    action = f"/m/{meetup.slug}/registrations"
    _, form = form_of(client, check, action)
    make_notice(meetup, consents=(make_consent("photos", purpose=SPONSOR.purpose),))

    answer = client.post(action, data=form.fields | {"box-photos": "yes"})

    assert answer.status_code == 422
    assert "changed what this page says" in answer.text
    assert "purpose of third_party" in answer.text
    assert said(meetup) == {}
    again = next(form.fields for form in Page(answer.text).forms if "notice" in form.fields)
    assert client.post(action, data=again).status_code == 303
    assert said(meetup) == {"photos": True}


def path_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def test_a_consent_is_withdrawn_at_the_personal_link_and_the_seat_stays(
    client: Browser, meetup: Meetup
) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), "photos", "third_party")
    page = f"{path_of(held)}/consents"
    assert page in client.get(path_of(held)).text

    answer = submit(client, page, {"box-photos": None})

    assert answer.status_code == 303
    assert said(meetup) == {"photos": False, "third_party": True}
    assert "You're in" in client.get(answer.location).text


def test_a_consent_can_be_withdrawn_after_the_registration_ended(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), "photos")
    registrations.cancel(held.id)

    assert "/consents" in client.get(path_of(held)).text
    submit(client, f"{path_of(held)}/consents", {"box-photos": None})

    assert said(meetup)["photos"] is False


def test_what_the_consents_page_did_not_show_it_does_not_change(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]), "photos")
    page = f"{path_of(held)}/consents"
    _, form = form_of(client, page)

    client.post(page, data={"csrf_token": form.fields["csrf_token"], "shown": ["third_party"]})

    db.session.expire_all()
    assert said(meetup) == {"photos": True, "third_party": False}
