"""Erase me, on the pages: what it says, the code that it takes, and the organizers' side."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import ERASED_NAME
from app.models import Meetup, Person, Registration, Role
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, sign_in
from tests.support.client import Browser, submit
from tests.support.fresh import mailed_code, path_of, prove_at
from tests.support.registering import owed, register
from tests.support.traces import traces_of

NAME = "한빛누리"


@pytest.fixture
def held(app: Flask) -> Registration:
    cohort = make_cohort(None, 3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    return register(meetup, make_alumnus(cohort, NAME, "bitnuri@example.com"))


def erased(person_id: int) -> bool:
    end_reading()
    return db.session.get_one(Person, person_id, populate_existing=True).erased_at is not None


def test_the_way_leads_from_ones_own_page_over_a_code_and_ones_name_to_the_end(
    client: Browser, held: Registration
) -> None:
    own, page = path_of(held), f"{path_of(held)}/erasure"
    assert f"{own}/consents" in client.get(own).text
    assert page in client.get(f"{own}/consents").text
    told = client.get(page).text
    assert "it is cancelled and goes to the next person" in told
    assert 'name="confirm_name"' not in told

    assert prove_at(client, page).status_code == 303
    wrong = submit(client, page, {"confirm_name": "김하늘"}, action=page)
    assert (wrong.status_code, "isn&#39;t the same" in wrong.text) == (422, True)
    assert not erased(held.person_id)
    done = submit(client, page, {"confirm_name": f" {NAME} "}, action=page)

    assert (done.status_code, done.location) == (303, "/erased")
    assert "You are erased" in client.get("/erased").text
    assert client.get(own).status_code == 404
    assert [mail.kind for mail in owed() if mail.address] == ["erased"]
    assert traces_of([NAME]) == []


def test_the_link_alone_erases_nobody(client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/erasure"
    submit(client, page, {}, action=f"{page}/codes")

    token = client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(page, data={"csrf_token": token, "confirm_name": NAME})

    assert answer.status_code == 422
    assert not erased(held.person_id)


def test_a_code_is_of_the_browser_that_asked_and_of_its_time(
    app: Flask, client: Browser, held: Registration
) -> None:
    page, other = f"{path_of(held)}/erasure", app.test_client()
    assert prove_at(client, page).status_code == 303

    submit(other, page, {}, action=f"{page}/codes")
    assert 'name="confirm_name"' not in other.get(page).text
    with time_machine.travel(now() + dt.timedelta(minutes=16), tick=False):
        assert 'name="confirm_name"' not in client.get(page).text


def test_five_wrong_codes_and_the_right_one_no_longer_helps(client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/erasure"
    submit(client, page, {}, action=f"{page}/codes")
    right = mailed_code()
    wrong = f"{(int(right) + 1) % 10**8:08d}"

    answers = [submit(client, page, {"code": wrong}, action=f"{page}/proof") for _ in range(5)]

    assert {answer.status_code for answer in answers} == {422}
    assert "no longer works" in answers[-1].text
    assert submit(client, page, {"code": right}, action=f"{page}/proof").status_code == 422


def test_an_address_gets_no_more_codes_than_its_share(client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/erasure"

    for _ in range(12):
        submit(client, page, {}, action=f"{page}/codes")

    assert len(owed("fresh_code")) < 12
    assert "got many mails" in client.get(page).text


def desk(app: Flask, meetup: Meetup) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(browser, make_member(meetup.program, Role.ORGANIZER))
    return browser


def test_an_organizer_erases_who_asked_in_writing_and_the_log_says_so(app: Flask, held: Registration) -> None:
    meetup, person_id, organizer = held.meetup, held.person_id, desk(app, held.meetup)
    program = f"/desk/{meetup.program.slug}"
    page = f"{program}/people/{person_id}/erasure"
    assert page in organizer.get(f"{program}/meetups/{meetup.slug}/attendees/{held.reference}").text

    assert submit(organizer, page, {"asked": "letter", "confirm_name": "x"}).status_code == 422
    assert submit(organizer, page, {"asked": "link", "confirm_name": NAME}).status_code == 422
    assert not erased(person_id)
    done = submit(organizer, page, {"asked": "letter", "confirm_name": NAME})

    assert done.location.endswith(f"{program}/erasures")
    log = organizer.get(done.location).text
    assert "By letter" in log
    assert organizer.get(page).status_code == 404
    assert traces_of([NAME]) == []


def test_the_last_mail_of_an_organizers_erasure_goes_where_the_person_reads(
    app: Flask, held: Registration
) -> None:
    """Not to the oldest address that a roster has; and to none, where they proved none."""
    meetup, organizer = held.meetup, desk(app, held.meetup)
    never = make_alumnus(held.cohort, "한누리", "never@example.com").id
    with transaction() as session:
        session.get_one(Registration, held.id).address = "newest@example.com"
    for person_id, name in ((held.person_id, NAME), (never, "한누리")):
        page = f"/desk/{meetup.program.slug}/people/{person_id}/erasure"
        assert ("newest@example.com" in organizer.get(page).text) is (person_id != never)
        assert submit(organizer, page, {"asked": "mail", "confirm_name": name}).status_code == 303

    assert [mail.address for mail in owed("erased")] == ["newest@example.com"]


def test_the_desk_shows_an_erased_attendee_everywhere_without_breaking(
    app: Flask, held: Registration
) -> None:
    meetup, organizer = held.meetup, desk(app, held.meetup)
    program = f"/desk/{meetup.program.slug}"
    page = f"{program}/people/{held.person_id}/erasure"
    submit(organizer, page, {"asked": "mail", "confirm_name": NAME})
    end_reading()
    reference = db.session.get_one(Registration, held.id, populate_existing=True).reference
    at = f"{program}/meetups/{meetup.slug}"

    one = organizer.get(f"{at}/attendees/{reference}").text
    assert ERASED_NAME in one
    assert "This person was erased on" in one
    assert "Send the mail again" not in one
    assert ERASED_NAME in organizer.get(f"{at}/attendees?status=cancelled").text
    for path in ("", "/door/live", "/waitlist", "/list-checks", "/attendees", "/export"):
        answer = organizer.get(f"{at}{path}")
        assert answer.status_code == 200, path
        assert NAME not in answer.text
    assert ERASED_NAME not in organizer.get(f"{at}/attendees?q={NAME}").text


def test_a_lifted_mark_and_a_wrong_address_on_the_deletion_log(app: Flask, held: Registration) -> None:
    organizer, program = desk(app, held.meetup), f"/desk/{held.meetup.program.slug}"
    submit(organizer, f"{program}/people/{held.person_id}/erasure", {"asked": "mail", "confirm_name": NAME})
    log, action = f"{program}/erasures", f"{program}/erasures/allowances"

    typed = {"address": "other@example.com", "reason": "asked"}
    assert submit(organizer, log, typed, action=action).status_code == 422
    assert (
        submit(organizer, log, typed | {"address": "bitnuri@example.com"}, action=action).status_code == 303
    )

    assert "kept out of imports" not in organizer.get(log).text
