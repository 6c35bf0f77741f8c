"""The draw, as people see it: opened at the desk, entered, published, held, looked up."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from app.domain.seating.modes import Mode
from app.models import Meetup, Registration, Role, Status
from app.services.personal import personal_links
from app.services.registering import registrations
from app.services.seating import draws, seat_rules
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, sign_in
from tests.support.client import Browser, Page, submit
from tests.support.draws import (
    DEADLINE,
    KNOWN,
    ORGANIZER,
    VALUE,
    by_draw,
    draw_of,
    draw_rules,
    drawing,
    hold_in_time,
    of_cohorts,
    pass_deadline,
    pseudonym,
    seats_by,
)
from tests.support.offers import HOUR, fresh, later, states
from tests.support.registering import owed, prove_in, register


def organizer(client: FlaskClient, meetup: Meetup) -> str:
    """Signed in as an organizer; the address of the meetup's desk pages."""
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def own_page(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def typed(meetup: Meetup, **changes: str) -> dict[str, str]:
    """The terms, as somebody types them on the meetup's clock."""
    rules = draw_rules()
    assert rules.deadline
    assert rules.known
    return {
        "mode": "draw",
        "draw_deadline": f"{meetup.local(rules.deadline):%Y-%m-%dT%H:%M}",
        "draw_known": f"{meetup.local(rules.known):%Y-%m-%dT%H:%M}",
        "draw_value": "KOSPI close",
        **changes,
    }


def send_on(client: Browser, page: str) -> str:
    """Press the button of a warning; the page after it."""
    form = next(form for form in Page(page).forms if "understood" in form.fields)
    return client.post(form.action, data=form.fields, follow_redirects=True).text


def test_an_organizer_opens_a_draw_and_everybody_can_read_what_was_committed_to(client: Browser) -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    desk = organizer(client, meetup)
    shares = {f"weight-{cohort.id}": "2", f"minimum-{cohort.id}": "4"}

    saved = submit(client, f"{desk}/seats", typed(meetup) | shares, follow_redirects=True)

    assert "Saved." in saved.text
    draw = draw_of(meetup)
    assert draw.terms.endswith("value KOSPI close\nseats 5\ncohort 3 weight 2 minimum 4\n")
    for page in (f"/m/{meetup.slug}", f"/m/{meetup.slug}/draw", f"{desk}/draw"):
        assert draw.commitment in client.get(page).text, page
    assert client.get(f"/m/{meetup.slug}/draw/terms.txt").text == draw.terms
    assert client.get(f"/m/{meetup.slug}/draw/entries.csv").status_code == 404
    assert draws.secret_of(draw) not in client.get(f"/m/{meetup.slug}/draw").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"draw_deadline": ""}, "Choose a date and a time."),
        ({"draw_deadline": "soon"}, "Write a date and a time"),
        ({"draw_deadline": "2020-01-01T10:00"}, "This deadline has passed."),
        ({"draw_known": "2199-01-01T10:00"}, "The meetup begins before"),
        ({"draw_value": " "}, "Name the public value"),
        ({"weight": "21"}, "a whole number from 1 to 20"),
        ({"weight": "many"}, "a whole number from 1 to 20"),
        ({"minimum": "6"}, "come to 6 seats, but there are 5"),
        ({"minimum": "-1"}, "a whole number from 1 to 20"),
    ],
)
def test_terms_that_cannot_be_kept_are_said_and_what_was_typed_stays(
    client: Browser, changes: dict[str, str], said: str
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=5)
    desk = organizer(client, meetup)
    named = {f"{name}-{cohort.id}" if "_" not in name else name: text for name, text in changes.items()}

    answer = submit(client, f"{desk}/seats", typed(meetup) | named)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(
        f'value="{text}"' in answer.text for text in changes.values() if text.strip() and text != "soon"
    )
    assert not draws.all_of(meetup.id)


def test_other_terms_are_shown_with_whom_they_affect_before_they_are_published(client: Browser) -> None:
    meetup, _ = drawing(2)
    desk, before = organizer(client, meetup), draw_of(meetup).commitment

    warned = submit(client, f"{desk}/seats", {"draw_value": "Lottery numbers"})
    assert "2 people entered under the terms of now." in warned.text
    assert draw_of(meetup).commitment == before
    send_on(client, warned.text)

    assert draw_of(meetup).commitment != before
    shown = client.get(f"/m/{meetup.slug}/draw").text
    assert "The terms were changed on" in shown
    assert before in shown


def test_a_change_to_the_draw_shows_whom_it_affects(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=3, mode=Mode.APPROVAL)
    register(meetup, make_alumnus(cohort))
    desk = organizer(client, meetup)

    warned = submit(client, f"{desk}/seats", typed(meetup))
    assert "1 person who applied is in the draw" in warned.text
    assert "3 seats are drawn." in warned.text
    assert "Saved." in send_on(client, warned.text)

    assert draw_of(meetup)


def test_giving_the_draw_up_is_shown_first_and_stays_public(client: Browser) -> None:
    meetup, _ = drawing(3)
    desk = organizer(client, meetup)

    warned = submit(client, f"{desk}/seats", {"mode": "first_come"})
    assert "The draw is given up." in warned.text
    send_on(client, warned.text)

    assert "gave this draw up" in client.get(f"/m/{meetup.slug}/draw").text
    assert states(meetup) == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]


def test_past_the_deadline_the_page_asks_for_no_terms_and_other_rules_can_be_saved(client: Browser) -> None:
    meetup, _ = drawing(2)

    with later(DEADLINE + HOUR):
        desk = organizer(client, meetup)
        pass_deadline()
        page = client.get(f"{desk}/seats").text
        saved = submit(client, f"{desk}/seats", {"offer_hours": "12"}, follow_redirects=True)

    assert "The terms of the draw stay as they are published." in page
    assert "draw_deadline" not in page
    assert "Saved." in saved.text
    assert states(meetup) == [Status.APPLIED] * 2


def test_registering_is_entering_and_the_own_page_tells_pseudonym_and_deadline(client: Browser) -> None:
    meetup, _ = drawing()
    person = make_alumnus(meetup.cohorts[0])
    assert "The seats are drawn. Register by" in client.get(f"/m/{meetup.slug}").text

    prove_in(client, meetup, person.addresses[0].address)
    page = submit(
        client, f"/m/{meetup.slug}/check", action=f"/m/{meetup.slug}/registrations", follow_redirects=True
    ).text

    assert "You're in the draw" in page
    number = owed("registration_applied")[-1].registration_id
    assert pseudonym(db.session.get_one(Registration, number)) in page
    assert states(meetup) == [Status.APPLIED]


def test_whoever_comes_too_late_reads_that_a_draw_comes_first(client: Browser) -> None:
    meetup, _ = drawing(1)

    with later(DEADLINE + HOUR):
        shown = client.get(f"/m/{meetup.slug}").text
        late = register(meetup, make_alumnus(meetup.cohorts[0]))
        own = client.get(own_page(late)).text

    assert "Nobody can enter the draw any more." in shown
    assert "A draw comes first" in own


def test_withdrawing_says_what_it_means_before_and_after_the_deadline(client: Browser) -> None:
    _, people = drawing(1)
    page = f"{own_page(people[0])}/cancellation"
    assert "You leave the draw." in client.get(page).text

    with later(DEADLINE + HOUR):
        assert "Your pseudonym stays in the published list" in client.get(page).text


def test_the_value_is_entered_twice_and_the_result_is_public_in_both_languages(client: Browser) -> None:
    meetup, people = drawing(3, seats=1)
    with later(DEADLINE + HOUR):
        pass_deadline()
        assert "Come back after" in client.get(f"{organizer(client, meetup)}/draw").text
    with later(KNOWN + HOUR):
        desk = organizer(client, meetup)
        wrong = submit(
            client, f"{desk}/draw", {"value": VALUE, "again": "2,645.72"}, action=f"{desk}/draw/result"
        )
        assert wrong.status_code == 422
        assert "two different values" in wrong.text
        assert states(meetup) == [Status.APPLIED] * 3
        done = submit(
            client,
            f"{desk}/draw",
            {"value": VALUE, "again": "2645.27"},
            action=f"{desk}/draw/result",
            follow_redirects=True,
        )

        assert "Drawn. Everybody who entered is told by mail." in done.text
        draw = draw_of(meetup)
        for language in ("en", "ko"):
            shown = client.get(f"/m/{meetup.slug}/draw", headers={"Accept-Language": language}).text
            assert draw.result
            assert draw.result in shown
            assert draws.secret_of(draw) in shown
            assert all(person.person.name not in shown for person in map(fresh, people))
            assert all(person.reference not in shown for person in people)
        waiting = next(row for row in map(fresh, people) if row.status is Status.WAITLISTED)
        own = client.get(own_page(waiting)).text
        assert "You weren't drawn this time." in own
        assert "The line is in drawn order." in own
        assert pseudonym(waiting) in own


def test_all_files_in_one_are_what_the_script_verifies(app: Flask, client: Browser, tmp_path: Path) -> None:
    meetup = of_cohorts({1: 101, 2: 140, 3: 152}, seats=40, minimum=8)
    hold_in_time(meetup)

    packed = client.get(f"/m/{meetup.slug}/draw/draw.zip").data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    single = {
        name: client.get(f"/m/{meetup.slug}/draw/{name}").data for name in ("entries.csv", "result.csv")
    }

    folder = tmp_path / "draw"
    assert {path.name for path in folder.iterdir()} == {*draw_of(meetup).files, "verify_draw.py"}
    assert all((folder / name).read_bytes() == data for name, data in single.items())
    script = [sys.executable, "verify_draw.py", "."]
    said = subprocess.run(script, cwd=folder, capture_output=True, text=True, check=False)
    assert said.stdout == "verified: 40 of 393 entries got a seat\n", said.stderr
    command = app.test_cli_runner().invoke(args=["draw", "verify", str(folder)])
    assert command.output.startswith("verified: 40 of 393 entries got a seat\ncommitment: ")
    (folder / "result.csv").write_bytes(single["result.csv"].replace(b"waits", b"seat", 1))
    command = app.test_cli_runner().invoke(args=["draw", "verify", *map(str, sorted(folder.iterdir()))])
    assert command.exit_code == 1
    assert "계산한 결과와 달라요" in command.output


def test_a_meetup_without_a_draw_has_no_page_of_it(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])

    assert client.get(f"/m/{meetup.slug}/draw").status_code == 404
    assert client.get(f"/m/{meetup.slug}/draw/terms.txt").status_code == 404


def test_a_value_entered_into_a_page_of_other_terms_decides_nothing(client: Browser) -> None:
    meetup, _ = drawing(1)
    with later(KNOWN + HOUR):
        desk = organizer(client, meetup)
        pass_deadline()
        page = client.get(f"{desk}/draw").text
        seat_rules.save(meetup.id, seats_by(Mode.APPROVAL), ORGANIZER)
        form = next(form for form in Page(page).forms if "again" in form.fields)
        sent = form.fields | {"value": [VALUE], "again": [VALUE]}
        answer = client.post(form.action, data=sent)

    assert answer.status_code == 422
    assert "Look again." in answer.text
    assert states(meetup) == [Status.APPLIED]


def test_a_second_draw_after_one_was_given_up_names_the_first(client: Browser) -> None:
    meetup, people = drawing(2)
    first = draw_of(meetup).commitment
    seat_rules.save(meetup.id, seats_by(Mode.APPROVAL), ORGANIZER)
    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    registrations.cancel(people[0].id)

    shown = client.get(f"/m/{meetup.slug}/draw").text

    assert draw_of(meetup).commitment in shown
    assert first in shown


def test_more_seats_are_other_terms_and_the_organizer_reads_whom_that_affects(client: Browser) -> None:
    meetup, _ = drawing(2, contact_address="desk@example.com")
    desk, before = organizer(client, meetup), draw_of(meetup).commitment

    saved = submit(client, f"{desk}/edit", {"capacity": "5"}, follow_redirects=True)

    assert (
        "The draw has other terms now, 5 seats, and a new commitment. 2 people who entered stay in it."
        in saved.text
    )
    assert draw_of(meetup).commitment != before


def test_an_attendees_history_tells_of_the_draw(client: Browser) -> None:
    meetup, people = drawing(2, seats=1)
    hold_in_time(meetup)
    desk = organizer(client, meetup)

    seated, waiting = sorted(map(fresh, people), key=lambda row: row.status)

    told = [client.get(f"{desk}/attendees/{row.reference}").text for row in (seated, waiting)]
    assert "Drawn: got a seat" in told[0]
    assert "Seat by the draw" in told[0]
    assert "Not drawn: joined the waitlist in drawn order" in told[1]
    assert all(pseudonym(row) not in text for row, text in zip((seated, waiting), told, strict=True))


def test_that_a_draw_was_given_up_stays_on_the_meetups_own_page(client: Browser) -> None:
    meetup, _ = drawing()

    seat_rules.save(meetup.id, seats_by(Mode.FIRST_COME), ORGANIZER)

    assert "A draw of these seats was given up" in client.get(f"/m/{meetup.slug}").text
