"""Registering on the pages, from the address to the ticket and back."""

from __future__ import annotations

import datetime as dt
import io
import uuid

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from app.blueprints.rsvp import phases
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.keys import keys
from app.models import Meetup, MeetupState, Registration, Role, Status
from app.services.door import walk_ins
from app.services.organizing import meetup_states
from app.services.personal import personal_links
from app.services.registering import proof_answers, registrations, tickets
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    sign_in,
)
from tests.support.client import Browser, csrf, submit
from tests.support.counting import statements
from tests.support.registering import ask_in, asked, code_of, newest_proof, owed, prove_in, register


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 1, year=2020)], capacity=2)


def path_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def ticket_path(registration: Registration) -> str:
    ticket = tickets.current(registration.id)
    assert ticket
    return f"/T/{tickets.code_of(ticket)}"


def test_from_the_address_to_the_ticket(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], name="김하늘")

    proved = prove_in(client, meetup, person.addresses[0].address)
    check = client.get(proved.location)
    created = submit(client, proved.location, action=f"/m/{meetup.slug}/registrations")
    mine = client.get(created.location)

    assert "김하늘" in check.text
    assert "Cohort 1 (2020)" in check.text
    assert created.status_code == 303
    assert "You're in" in mine.text
    assert "<svg" in mine.text
    assert mine.headers["Cache-Control"] == "no-store"


def test_proving_again_leads_to_the_registration_already_held(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    held = register(meetup, person)

    proved = prove_in(client, meetup, person.addresses[0].address)

    assert client.get(proved.location).location == path_of(held)


def test_an_address_that_can_be_none_is_told_and_kept(client: Browser, meetup: Meetup) -> None:
    page = f"/m/{meetup.slug}"

    answer = submit(client, page, {"address": "ana@@example"}, action=f"{page}/proofs")

    assert answer.status_code == 422
    assert 'value="ana@@example"' in answer.text
    assert owed() == []


def test_the_code_of_one_browser_is_of_no_use_in_another(app: Flask, meetup: Meetup) -> None:
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    mine, other = app.test_client(), app.test_client()
    page = f"/m/{meetup.slug}"
    submit(other, page, {"address": "someone@example.com"}, action=f"{page}/proofs")
    submit(mine, page, {"address": address}, action=f"{page}/proofs")
    uid = newest_proof(address).uid
    proof_answers.answer([uid])

    stolen = submit(other, f"{page}/code", {"code": code_of(uid)}, action=f"{page}/code")

    assert stolen.status_code == 422
    assert app.test_client().get(f"{page}/code").status_code == 302


def test_the_link_works_in_any_browser_and_only_by_its_button(app: Flask, meetup: Meetup) -> None:
    address = make_alumnus(meetup.cohorts[0], name="김하늘").addresses[0].address
    uid = asked(meetup, address)
    link = f"/m/{meetup.slug}/proofs/{uid}/{tokens.proof_secret(keys().link, uid)}"
    browser = app.test_client()

    page = browser.get(link)
    pressed = submit(browser, link, action=link)

    assert "김하늘" not in page.text
    assert pressed.location == f"/m/{meetup.slug}/check"
    assert "김하늘" in browser.get(pressed.location).text


def test_the_link_works_once_and_again_only_where_it_was_used(app: Flask, meetup: Meetup) -> None:
    address = make_alumnus(meetup.cohorts[0], name="김하늘").addresses[0].address
    uid = asked(meetup, address)
    link = f"/m/{meetup.slug}/proofs/{uid}/{tokens.proof_secret(keys().link, uid)}"
    mine, other = app.test_client(), app.test_client()
    submit(mine, link, action=link)

    again, elsewhere = mine.get(link), other.get(link)

    assert again.location == f"/m/{meetup.slug}/check"
    assert elsewhere.status_code == 410
    assert "김하늘" not in elsewhere.text


def test_fifty_openings_of_every_link_change_nothing(app: Flask, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    held = register(meetup, person)
    uid = asked(meetup, person.addresses[0].address)
    secret = tokens.proof_secret(keys().link, uid)
    links = [
        f"/m/{meetup.slug}",
        f"/m/{meetup.slug}/proofs/{uid}/{secret}",
        path_of(held),
        f"{path_of(held)}/cancellation",
        ticket_path(held),
    ]
    before = contents()

    scanner = app.test_client()
    for _ in range(50):
        for link in links:
            assert scanner.get(link).status_code == 200
            assert scanner.head(link).status_code == 200

    assert contents() == before


def contents() -> dict[str, list[tuple[object, ...]]]:
    end_reading()
    with db.engine.connect() as connection:
        tables = [table for table in db.metadata.sorted_tables if table.name != "throttle"]
        return {t.name: [tuple(row) for row in connection.execute(t.select())] for t in tables}


@pytest.mark.parametrize("presses", [False, True])
@pytest.mark.parametrize("is_registered", [False, True])
def test_a_link_pressed_in_one_browser_proves_nothing_in_the_one_that_asked(
    app: Flask, meetup: Meetup, is_registered: bool, presses: bool
) -> None:
    person, page = make_alumnus(meetup.cohorts[0], name="김하늘"), f"/m/{meetup.slug}"
    address = person.addresses[0].address
    stranger, own = app.test_client(), app.test_client()
    submit(stranger, page, {"address": address}, action=f"{page}/proofs")
    token = csrf(stranger, f"{page}/code")
    uid = newest_proof(address).uid
    proof_answers.answer([uid])
    link = f"{page}/proofs/{uid}/{tokens.proof_secret(keys().link, uid)}"
    submit(own, link, action=link)
    if is_registered:
        assert submit(own, f"{page}/check", action=f"{page}/registrations").location.startswith("/r/")

    if presses:
        answer = stranger.post(f"{page}/registrations", data={"csrf_token": token})
    else:
        answer = stranger.get(f"{page}/check")

    assert (answer.status_code, answer.location) == (303, page)
    assert db.session.scalar(select(func.count()).select_from(Registration)) == int(is_registered)


def test_a_link_that_is_too_old_or_not_ours_says_so(app: Flask, client: Browser, meetup: Meetup) -> None:
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    first, _second = asked(meetup, address), asked(meetup, address)
    link = f"/m/{meetup.slug}/proofs/{first}"

    assert client.get(f"{link}/{tokens.proof_secret(keys().link, first)}").status_code == 410
    assert client.get(f"{link}/AAAAAAAAAAAAAAAAAAAAAA").status_code == 404


def test_a_phone_number_is_asked_checked_and_kept_as_koreans_write_it(app: Flask, client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], asks_phone=True)
    proved = prove_in(client, meetup, make_alumnus(cohort).addresses[0].address)
    target = f"/m/{meetup.slug}/registrations"

    refused = submit(client, proved.location, {"phone": "12-34"}, action=target)
    submit(client, proved.location, {"phone": "+82 10 1234 5678"}, action=target)

    assert refused.status_code == 422
    assert 'value="12-34"' in refused.text
    assert db.session.scalar(select(Registration.phone)) == "010-1234-5678"


def test_without_a_proof_nobody_gets_to_the_last_step(client: Browser, meetup: Meetup) -> None:
    assert client.get(f"/m/{meetup.slug}/check").location == f"/m/{meetup.slug}"
    page = f"/m/{meetup.slug}"
    answer = client.post(f"{page}/registrations", data={"csrf_token": csrf(client, "/sign-in")})
    assert answer.location == page
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


def test_a_meetup_that_fills_up_meanwhile_gives_a_place_in_line(client: Browser, meetup: Meetup) -> None:
    for _ in range(2):
        register(meetup, make_alumnus(meetup.cohorts[0]))
    assert "All seats are taken" in client.get(f"/m/{meetup.slug}").text

    proved = prove_in(client, meetup, make_alumnus(meetup.cohorts[0]).addresses[0].address)
    created = submit(client, proved.location, action=f"/m/{meetup.slug}/registrations")

    assert "Waitlist, number 1" in client.get(created.location).text


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MeetupState.CLOSED, "Registration is closed."),
        (MeetupState.CALLED_OFF, "This meetup has been called off."),
    ],
)
def test_the_page_says_why_nobody_can_register(client: Browser, state: MeetupState, sentence: str) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], state=state)

    assert sentence in client.get(f"/m/{meetup.slug}").text


def test_a_draft_is_as_good_as_missing(client: Browser) -> None:
    draft = make_meetup(cohorts=[make_cohort()], state=MeetupState.DRAFT)

    def seen(path: str) -> tuple[int, str]:
        answer = client.get(path)
        return answer.status_code, answer.text.replace(path, "").replace(answer.headers["X-Request-Id"], "")

    for rest in ("", "/code", "/check", "/calendar.ics", "/card-1-ko.png"):
        there, missing = seen(f"/m/{draft.slug}{rest}"), seen(f"/m/no-such{rest}")
        assert there[0] == missing[0] == 404


def test_a_change_shows_at_once_and_each_language_has_its_page(client: Browser, meetup: Meetup) -> None:
    before = client.get(f"/m/{meetup.slug}").text
    with transaction() as session:
        row = session.get_one(Meetup, meetup.id)
        row.title_en, row.title_ko, row.version = "Renamed", "바뀐 이름", row.version + 1

    assert "Renamed" not in before
    assert "Renamed" in client.get(f"/m/{meetup.slug}").text
    assert "바뀐 이름" in client.get(f"/m/{meetup.slug}", headers={"Accept-Language": "ko"}).text


def test_the_last_seat_is_gone_from_the_page_as_soon_as_it_is_taken(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    proved = prove_in(client, meetup, make_alumnus(cohort).addresses[0].address)
    assert "Join the waitlist" not in client.get(f"/m/{meetup.slug}").text

    submit(client, proved.location, action=f"/m/{meetup.slug}/registrations")

    assert "Join the waitlist" in client.get(f"/m/{meetup.slug}").text


@pytest.mark.parametrize(("capacity", "looks"), [(40, 1), (1000, 0)])
def test_a_rush_does_not_count_seats_anew_while_hundreds_are_left(
    client: Browser, capacity: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phases, "SECONDS", 60.0)
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=capacity)
    proved = prove_in(client, meetup, make_alumnus(cohort).addresses[0].address)
    client.get(f"/m/{meetup.slug}")
    submit(client, proved.location, action=f"/m/{meetup.slug}/registrations")

    with statements() as seen:
        client.get(f"/m/{meetup.slug}")

    assert sum("somebody_waits" in statement for statement in seen) == looks


def test_proving_an_address_counts_no_seats_anew(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phases, "SECONDS", 60.0)
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    client.get(f"/m/{meetup.slug}")

    with statements() as seen:
        ask_in(client, meetup, address)
        ask_in(client, meetup, address)

    assert not any("somebody_waits" in statement for statement in seen)


def test_walk_ins_that_take_no_seat_leave_the_page_open_for_others(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], capacity=1, door_counts_walk_ins=False)
    told = {"id": str(uuid.uuid4()), "name": "김하늘", "cohort": "", "over": False}
    walk_ins.admit_at_desk(meetup.id, make_account().id, told)

    assert "Join the waitlist" not in client.get(f"/m/{meetup.slug}").text


def test_what_a_browser_asked_for_outlives_its_closing_for_two_hours(client: Browser, meetup: Meetup) -> None:
    page = f"/m/{meetup.slug}"
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address

    answer = submit(client, page, {"address": address}, action=f"{page}/proofs")

    assert "Expires=" in answer.headers["Set-Cookie"]
    assert client.get(f"{page}/code").status_code == 200
    with time_machine.travel(now() + dt.timedelta(hours=2, minutes=1)):
        assert client.get(f"{page}/code").status_code == 302


def test_a_form_refused_for_its_token_says_the_id_that_the_log_has(client: Browser) -> None:
    answer = client.post("/sign-in", data={"address": "ana@example.com"})

    assert answer.status_code == 400
    assert answer.headers["X-Request-Id"] in answer.text


def test_a_form_out_of_a_view_that_hides_its_origin_is_told_what_to_do(
    client: Browser, meetup: Meetup
) -> None:
    headers = {"Origin": "null", "Accept-Language": "en"}
    answer = client.post(f"/m/{meetup.slug}/proofs", data={"address": "ana@example.com"}, headers=headers)

    assert answer.status_code == 400
    assert "Open this address in your browser itself" in answer.text


def test_the_page_has_what_chats_show_with_the_configured_address(app: Flask, meetup: Meetup) -> None:
    page = app.test_client().get(f"/m/{meetup.slug}", headers={"Host": "evil.example"}).text
    base = app.config["SETTINGS"].base_url

    assert f'<meta property="og:url" content="{base}/m/{meetup.slug}">' in page
    assert f'<meta property="og:image" content="{base}/m/{meetup.slug}/card-{meetup.version}-' in page
    assert "evil.example" not in page


def test_the_public_page_is_the_same_for_all_and_leaves_no_cookie(app: Flask, meetup: Meetup) -> None:
    first, second = (app.test_client().get(f"/m/{meetup.slug}") for _ in range(2))

    assert first.text == second.text
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(
    ("sent_with", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}, 400),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 400),
        ({"Origin": "https://elsewhere.example"}, 400),
        ({"Origin": "null"}, 400),
    ],
)
def test_another_site_cannot_send_the_address_form(
    client: Browser, meetup: Meetup, sent_with: dict[str, str], status: int
) -> None:
    form = {"address": "a@example.com"}

    answer = client.post(f"/m/{meetup.slug}/proofs", data=form, headers=sent_with)

    assert answer.status_code == status
    assert len(owed("proof")) == (status == 303)


def test_nor_the_choice_of_a_language(client: Browser) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/language", data={"lang": "en"}, headers=elsewhere)

    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_the_calendar_and_the_card_are_files(client: Browser, meetup: Meetup) -> None:
    calendar = client.get(f"/m/{meetup.slug}/calendar.ics")
    card = client.get(f"/m/{meetup.slug}/card-{meetup.version}-ko.png")

    assert calendar.mimetype == "text/calendar"
    assert "BEGIN:VEVENT" in calendar.text
    assert Image.open(io.BytesIO(card.data)).size == (1200, 630)


def test_cancelling_takes_a_look_and_a_press(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    ticket = ticket_path(held)

    asked_first = client.get(f"{path_of(held)}/cancellation")
    done = submit(client, f"{path_of(held)}/cancellation", action=f"{path_of(held)}/cancellation")
    after = client.get(done.location)

    assert "can't be undone" in asked_first.text
    assert "You can register again, but may be waitlisted." in after.text
    assert "no longer valid" in client.get(ticket).text
    assert db.session.get_one(Registration, held.id).status is Status.CANCELLED


def test_cancelling_too_late_is_refused_with_a_sentence(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    path = f"{path_of(held)}/cancellation"
    form_page = client.get(path)
    meetup_states.call_off(meetup.id, "storm", "account:1")

    answer = submit(client, path, action=path)

    assert form_page.status_code == 200
    assert answer.status_code == 422
    assert "called off" in answer.text


def test_a_wrong_personal_link_looks_like_a_missing_one(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    other = register(meetup, make_alumnus(meetup.cohorts[0]))
    secret = personal_links.secret_of(other)

    for path in (f"/r/{held.reference}/{secret}", f"/r/NOSUCH/{secret}"):
        for rest in ("", "/cancellation", "/calendar.ics", "/ticket.png"):
            assert client.get(path + rest).status_code == 404


def test_the_picture_of_the_ticket_can_be_kept(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))

    answer = client.get(f"{path_of(held)}/ticket.png")

    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).width == 800


def test_the_ticket_page_masks_the_name_and_may_be_kept(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0], name="김하늘"))

    page = client.get(ticket_path(held))

    assert "김하늘" not in page.text
    assert "김*늘" in page.text
    assert "no-store" not in page.headers["Cache-Control"]
    assert "Check in" not in page.text
    assert client.get("/T/AAAAAAAAAAAAAAAAAAAAAAAAAA").status_code == 404
    assert client.get("/T/sw.js").mimetype == "text/javascript"


def test_a_replaced_ticket_says_so(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    old = ticket_path(held)
    tickets.reissue(held.id, "account:1")

    assert "was replaced" in client.get(old).text


def test_an_organizer_who_opens_a_ticket_can_check_in_and_a_viewer_cannot(app: Flask, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    organizer, viewer = app.test_client(), app.test_client()
    sign_in(organizer, make_member(meetup.program, Role.ORGANIZER))
    sign_in(viewer, make_member(meetup.program, Role.VIEWER))
    program = meetup.program.slug

    assert "Check in" not in viewer.get(ticket_path(held)).text
    answer = submit(organizer, ticket_path(held), action=f"/desk/{program}/meetups/{meetup.slug}/check-ins")

    assert answer.status_code == 303
    assert db.session.get_one(Registration, held.id).admitted_at


def test_a_called_off_meetup_shows_its_reason_to_those_registered(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    meetup_states.call_off(meetup.id, "The hall is flooded.", "account:1")

    page = client.get(path_of(held))

    assert "The hall is flooded." in page.text
    assert "<svg xmlns" not in page.text


def test_hostile_names_are_text_on_every_page(client: Browser, meetup: Meetup) -> None:
    held = register(meetup, make_alumnus(meetup.cohorts[0], name="<script>alert(1)</script>"))

    for path in (path_of(held), ticket_path(held), f"{path_of(held)}/cancellation"):
        assert "<script>alert" not in client.get(path).text


def test_an_invalid_code_costs_nothing_but_the_try(client: Browser, meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    page = f"/m/{meetup.slug}"
    submit(client, page, {"address": person.addresses[0].address}, action=f"{page}/proofs")

    answer = submit(client, f"{page}/code", {"code": ""}, action=f"{page}/code")

    assert answer.status_code == 422
    assert newest_proof(person.addresses[0].address).tries == 0
    assert not db.session.scalars(select(Registration).where(Registration.person_id == person.id)).all()


def test_after_closing_who_cancelled_is_not_told_to_register_again(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    held = register(meetup, make_alumnus(cohort))
    registrations.cancel(held.id)
    page = path_of(held)
    assert "You can register again" in client.get(page).text

    with time_machine.travel(meetup.starts_at + dt.timedelta(minutes=1)):
        shown = client.get(page).text

    assert "register again" not in shown.lower()
