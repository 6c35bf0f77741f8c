"""Offers, the waitlist and approval, as people see them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.clock import now
from app.db import transaction
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.models import Meetup, Registration, Role, Status
from app.services.personal import personal_links
from app.services.registering import registrations
from app.services.running import schedule
from app.services.seating import waitlist
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_registration, sign_in
from tests.support.client import Browser, Page, form_of, submit
from tests.support.offers import HOUR, fresh, later, offering, states
from tests.support.registering import all_go_out, prove_in, register

C, W, O, A, D, E = (  # noqa: E741
    Status.CONFIRMED,
    Status.WAITLISTED,
    Status.OFFERED,
    Status.APPLIED,
    Status.DECLINED,
    Status.EXPIRED,
)


def organizer(client: FlaskClient, meetup: Meetup) -> str:
    """Signed in as an organizer; the address of the meetup's desk pages."""
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def own_page(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def choosing(number: int, seats: int = 2) -> tuple[Meetup, list[Registration]]:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=seats, mode=Mode.APPROVAL)
    return meetup, [register(meetup, make_alumnus(cohort)) for _ in range(number)]


def test_an_offer_is_accepted_with_one_press_and_then_shows_the_ticket(client: Browser) -> None:
    _, people = offering(seats=1, waiting=1)
    registrations.cancel(people[0].id)
    page = own_page(people[1])
    shown = client.get(page).text
    assert "A seat opened. Accept by" in shown
    assert f"{page}/cancellation" in shown

    after = submit(client, page, action=f"{page}/acceptance", follow_redirects=True)

    assert "See you there" in after.text
    assert fresh(people[1]).status is C


def test_looking_at_an_offer_accepts_nothing(client: Browser) -> None:
    _, people = offering(seats=1, waiting=1)
    registrations.cancel(people[0].id)

    for _ in range(5):
        client.get(own_page(people[1]))
    answer = client.get(f"{own_page(people[1])}/acceptance")

    assert answer.status_code == 405
    assert fresh(people[1]).status is O


def test_past_its_deadline_an_offer_says_so_and_how_to_get_in_line_again(client: Browser) -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)
    page = own_page(people[1])

    with later(25 * HOUR):
        assert "The deadline has passed" in client.get(page).text
        schedule.run_due()
        shown = client.get(page).text

    assert "You then go to the end of the line." in shown
    assert f"/m/{meetup.slug}#register" in shown
    assert "acceptance" not in shown


def test_declining_says_what_it_means_and_passes_the_seat_on(client: Browser) -> None:
    meetup, people = offering(seats=1, waiting=2)
    registrations.cancel(people[0].id)
    page = f"{own_page(people[1])}/cancellation"
    assert "goes to the next person at once" in client.get(page).text

    submit(client, page)

    assert states(meetup)[1:] == [Status.CANCELLED, O]


def test_whoever_waits_reads_their_place_and_why(client: Browser) -> None:
    meetup, people = offering(seats=1, waiting=3)
    assert "The line is in the order of registering." in client.get(own_page(people[2])).text

    waitlist.move(people[3].id, 1, "휠체어 자리", "account:1")
    waitlist.pause(meetup.id, "더 큰 방으로", "account:1")

    moved, passed = client.get(own_page(people[3])).text, client.get(own_page(people[2])).text
    assert "Waitlist, number 1" in moved
    assert "휠체어 자리" in moved
    assert "Waitlist, number 3" in passed
    assert "1 person ahead of you registered later" in passed
    assert "휠체어" not in passed, "another person's reason is not theirs to read"
    assert "The organizer holds freed seats back for now: 더 큰 방으로" in passed


def test_an_organizer_holds_back_and_lets_go_on(client: Browser) -> None:
    meetup, people = offering(seats=1, waiting=1)
    desk = organizer(client, meetup)
    refused = submit(client, f"{desk}/waitlist", {"reason": " "}, action=f"{desk}/waitlist/pause")
    assert refused.status_code == 422
    assert "Write the reason." in refused.text

    submit(client, f"{desk}/waitlist", {"reason": "방 변경"}, action=f"{desk}/waitlist/pause")
    registrations.cancel(people[0].id)
    assert "방 변경" in client.get(f"{desk}/waitlist").text
    assert fresh(people[1]).status is W
    done = submit(client, f"{desk}/waitlist", action=f"{desk}/waitlist/resumption", follow_redirects=True)

    assert "1 person moved up" in done.text
    assert fresh(people[1]).status is O


@pytest.mark.parametrize(
    ("act", "typed", "after"),
    [("place", {"place": "1"}, [W, W]), ("seat", {}, [W, C]), ("offer", {}, [W, O])],
)
def test_an_organizer_decides_about_one_person_in_line(
    client: Browser, act: str, typed: dict[str, Any], after: list[Status]
) -> None:
    meetup, people = offering(seats=1, waiting=2)
    waitlist.pause(meetup.id, "방 변경", "account:1")
    registrations.cancel(people[0].id)
    desk = organizer(client, meetup)
    one = f"{desk}/waitlist/{people[2].reference}"

    _, form = form_of(client, one, f"{one}/{act}")
    assert set(typed) <= set(form.fields)
    done = submit(client, one, typed | {"reason": "연사"}, action=f"{one}/{act}")

    assert done.status_code == 303
    assert states(meetup)[1:] == after


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("seat", {"reason": "연사"}, "Seats needed: 1, free: 0."),
        ("seat", {"reason": ""}, "Write the reason."),
        ("place", {"reason": "연사", "place": "nine"}, "The line has 2 places."),
    ],
)
def test_what_cannot_be_done_for_one_person_is_said(
    client: Browser, act: str, typed: dict[str, Any], said: str
) -> None:
    meetup, people = offering(seats=1, waiting=2)
    desk = organizer(client, meetup)
    one = f"{desk}/waitlist/{people[2].reference}"

    done = submit(client, one, typed, action=f"{one}/{act}")

    assert done.status_code == 422
    assert said in done.text


def test_somebody_who_no_longer_waits_is_shown_among_the_attendees(client: Browser) -> None:
    meetup, people = offering(seats=1, waiting=1)
    desk = organizer(client, meetup)

    answer = client.get(f"{desk}/waitlist/{people[0].reference}")

    assert answer.location == f"{desk}/attendees/{people[0].reference}"


def test_the_rules_of_the_seats_are_saved_and_what_is_no_number_is_said(client: Browser) -> None:
    meetup, _ = offering(seats=1, waiting=0)
    desk = organizer(client, meetup)
    wrong = submit(client, f"{desk}/seats", {"offer_hours": "soon", "last_call_hours": "9999"})
    assert wrong.status_code == 422
    assert "Write whole hours, from 1 to 336." in wrong.text

    saved = submit(
        client,
        f"{desk}/seats",
        {"freed_seats": "offer", "offer_hours": "12", "last_call_hours": "3"},
        follow_redirects=True,
    )

    assert "Saved." in saved.text
    assert 'value="12"' in saved.text
    assert 'value="3"' in saved.text


def test_a_change_of_mode_names_nobody_who_is_not_there(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    register(meetup, make_alumnus(cohort))
    desk = organizer(client, meetup)

    warned = submit(client, f"{desk}/seats", {"mode": "approval"})

    assert "1 confirmed person keeps their seat." in warned.text
    assert "Whoever registers from now on applies" in warned.text
    assert re.search(r"\b0 (person|people)\b", warned.text) is None


def test_a_change_of_mode_shows_whom_it_affects_before_it_is_saved(client: Browser) -> None:
    meetup, _ = choosing(3)
    desk = organizer(client, meetup)

    warned = submit(client, f"{desk}/seats", {"mode": "first_come"})
    assert "2 people who applied get a seat" in warned.text
    assert "1 person who applied goes on the waitlist" in warned.text
    assert states(meetup) == [A, A, A]
    form = next(form for form in Page(warned.text).forms if "understood" in form.fields)
    done = client.post(form.action, data=form.fields)

    assert done.status_code == 303
    assert states(meetup) == [C, C, W]


def test_the_page_of_a_meetup_with_approval_says_who_chooses_and_registering_is_applying(
    client: Browser,
) -> None:
    meetup, _ = choosing(0)
    person = make_alumnus(meetup.cohorts[0])
    shown = client.get(f"/m/{meetup.slug}").text
    assert "The organizers choose among those who apply" in shown
    assert "seats left" not in shown

    prove_in(client, meetup, person.addresses[0].address)
    page = submit(
        client,
        f"/m/{meetup.slug}/check",
        action=f"/m/{meetup.slug}/registrations",
        follow_redirects=True,
    ).text

    assert "We have your application" in page
    assert states(meetup) == [A]


def test_organizers_look_at_whom_a_decision_reaches_and_then_decide(client: Browser) -> None:
    meetup, people = choosing(3)
    desk = organizer(client, meetup)
    chosen = [person.reference for person in people[:2]]

    preview = submit(
        client,
        f"{desk}/applicants",
        {"who": chosen, "decision": "approve"},
        action=f"{desk}/applicants/preview",
    )
    assert "Give a seat to 2 people?" in preview.text
    assert people[0].person.name in preview.text
    assert states(meetup) == [A, A, A], "a look decides nothing"
    done = send(client, preview.text, f"{desk}/applicants/decisions", note="환영해요", note_in_mail="y")

    assert "2 people got a seat." in client.get(done.location).text
    assert states(meetup) == [C, C, A]


def test_more_people_than_seats_takes_a_choice(client: Browser) -> None:
    meetup, people = choosing(3)
    desk = organizer(client, meetup)
    sent = {"who": [person.reference for person in people], "decision": "approve"}
    preview = submit(client, f"{desk}/applicants", sent, action=f"{desk}/applicants/preview")
    assert "Seats free now: 2. The first 2 of those you ticked fit" in preview.text

    refused = send(client, preview.text, f"{desk}/applicants/decisions")
    assert refused.status_code == 422
    assert "Seats needed: 3, free: 2." in refused.text
    send(client, refused.text, f"{desk}/applicants/decisions", rest="waitlist")

    assert states(meetup) == [C, C, W]


def test_nobody_ticked_is_said(client: Browser) -> None:
    meetup, _ = choosing(1)
    desk = organizer(client, meetup)

    answer = submit(
        client, f"{desk}/applicants", {"decision": "decline"}, action=f"{desk}/applicants/preview"
    )

    assert answer.status_code == 422
    assert "Tick the people whom you decide about." in answer.text


def test_who_was_not_selected_reads_so_and_a_refusal_is_taken_back(client: Browser) -> None:
    meetup, people = choosing(1)
    desk = organizer(client, meetup)
    sent = {"who": [people[0].reference], "decision": "decline"}
    preview = submit(client, f"{desk}/applicants", sent, action=f"{desk}/applicants/preview")
    send(client, preview.text, f"{desk}/applicants/decisions")
    assert "selected this time" in client.get(own_page(people[0])).text

    submit(client, f"{desk}/applicants", action=f"{desk}/applicants/{people[0].reference}/reopening")

    assert states(meetup) == [A]
    history = client.get(f"{desk}/attendees/{people[0].reference}").text
    assert "Not selected" in history
    assert "Refusal taken back" in history


def test_full_with_somebody_waiting_beside_a_free_seat_says_waitlist(client: Browser) -> None:
    meetup, people = offering(seats=3, waiting=1, freed_seats=FreedSeats.CONFIRM)
    waitlist.pause(meetup.id, "방 변경", "account:1")
    registrations.cancel(people[0].id)

    assert "Register now and you go on the waitlist." in client.get(f"/m/{meetup.slug}").text


def send(client: Browser, page: str, action: str, **typed: Any) -> Any:
    """Press the button of the page's form to `action`, without loading it again."""
    form = next(form for form in Page(page).forms if form.action == action)
    return client.post(action, data={**form.fields, **typed})


def asked_in_time(client: Browser, seats: int = 2) -> tuple[Meetup, list[Registration], str]:
    """A meetup that has just asked, by the rules that its organizer saved, and the desk's address."""
    meetup, people = offering(seats=seats, waiting=1, starts_at=now() + 47 * HOUR, ends_at=now() + 50 * HOUR)
    desk = organizer(client, meetup)
    submit(client, f"{desk}/seats", {"asks_still_coming": "y", "still_coming_hours": "46"})
    return meetup, people, desk


def test_yes_i_am_coming_is_one_press_and_the_organizer_sees_it(client: Browser) -> None:
    _, people, desk = asked_in_time(client)
    page = own_page(people[0])
    assert "Are you still coming?" not in client.get(page).text
    with later(2 * HOUR):
        schedule.run_due()
        assert "Are you still coming?" in client.get(page).text
        assert client.get(f"{page}/coming").status_code == 405

        after = submit(client, page, action=f"{page}/coming", follow_redirects=True)

        assert "that you're coming." in after.text
        assert "Are you still coming?" not in after.text
        listed = client.get(f"{desk}/attendees").text
        assert "Still coming" in listed
        assert "Not answered yet" in listed
        assert "Said that they still come" in client.get(f"{desk}/attendees/{people[0].reference}").text


def test_no_i_cannot_is_one_press_and_the_seat_goes_on(client: Browser) -> None:
    meetup, people, _ = asked_in_time(client)
    page = own_page(people[0])
    with later(2 * HOUR):
        schedule.run_due()

        after = submit(client, page, action=f"{page}/cancellation", follow_redirects=True)

        assert "You cancelled your registration" in after.text
        assert states(meetup) == [Status.CANCELLED, C, O]


def test_hours_that_are_no_number_are_said_where_the_question_is_on(client: Browser) -> None:
    meetup, _ = offering(seats=1, waiting=0)
    desk = organizer(client, meetup)

    wrong = submit(client, f"{desk}/seats", {"asks_still_coming": "y", "still_coming_hours": "soon"})

    assert wrong.status_code == 422
    assert "Write whole hours, from 1 to 336." in wrong.text
    off = submit(client, f"{desk}/seats", {"still_coming_hours": "soon"})
    assert off.status_code == 303


RELEASING = {
    "asks_still_coming": "y",
    "still_coming_hours": "46",
    "releases_seats": "y",
    "release_hours": "30",
}


def releasing_soon(client: Browser) -> tuple[Meetup, list[Registration], str]:
    """A full meetup, with nobody waiting, that asks 46 hours before and releases 30 hours before."""
    meetup, people = offering(seats=2, waiting=0, starts_at=now() + 47 * HOUR, ends_at=now() + 50 * HOUR)
    desk = organizer(client, meetup)
    assert submit(client, f"{desk}/seats", RELEASING).status_code == 303
    return meetup, people, desk


def test_their_page_says_until_when_to_answer_and_promises_the_seat_to_nobody_where_nobody_waits(
    client: Browser,
) -> None:
    _, people, _ = releasing_soon(client)
    with later(2 * HOUR):
        schedule.run_due()
        all_go_out()
        page = client.get(own_page(people[0])).text
        assert "Without an answer by" in page
        assert "somebody who waits" not in page
    with later(18 * HOUR):
        schedule.run_due()

        page = client.get(own_page(people[0])).text
        assert "Your seat was released" in page
        assert "Register again" in page
        assert "in time, so it went to the next person" not in page


def test_an_organizer_sees_whose_seat_is_released_and_lets_one_keep_it_with_one_press(
    client: Browser,
) -> None:
    meetup, people, desk = releasing_soon(client)
    with later(2 * HOUR):
        schedule.run_due()
        all_go_out()
        assert "2 seats are released on" in client.get(f"{desk}/attendees").text
        asked = f"{desk}/attendees?reply=none"

        kept = submit(
            client,
            asked,
            action=f"{desk}/attendees/{people[0].reference}/seat-kept",
            follow_redirects=True,
        )

        assert "They keep the seat." in kept.text
        assert "1 seat is released on" in kept.text
        assert "Seat kept" in kept.text
        assert kept.request.query_string == b"reply=none"
        one = client.get(f"{desk}/attendees/{people[1].reference}").text
        assert "Their seat is released on" in one
        assert (
            "Keeps the seat without an answer" in client.get(f"{desk}/attendees/{people[0].reference}").text
        )
    with later(18 * HOUR):
        schedule.run_due()

        assert states(meetup) == [C, Status.EXPIRED]
        told = client.get(f"{desk}/attendees/{people[1].reference}").text
        assert "Seat released: did not answer" in told


def test_the_list_is_filtered_by_the_answer(client: Browser) -> None:
    _, people, desk = asked_in_time(client)
    with later(2 * HOUR):
        schedule.run_due()
        registrations.cancel(people[0].id)

        found = {
            reply: people[n].reference in client.get(f"{desk}/attendees?reply={reply}").text
            for reply, n in (("no", 0), ("none", 1), ("yes", 1), ("nonsense", 1))
        }

    assert found == {"no": True, "none": True, "yes": False, "nonsense": True}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"release_hours": "40"}, "People need 12 hours to answer"),
        ({"release_hours": "soon"}, "Write whole hours, from 1 to 336."),
        ({"last_call_hours": "31"}, "a seat released then would stay empty"),
    ],
)
def test_a_release_that_cannot_be_is_said_at_its_field(
    client: Browser, typed: dict[str, str], said: str
) -> None:
    meetup, _ = offering(seats=1, waiting=0)

    wrong = submit(client, f"{organizer(client, meetup)}/seats", RELEASING | typed)

    assert wrong.status_code == 422
    assert said in wrong.text


def test_no_shows_behind_is_said_on_the_public_page_and_to_who_stands_there(client: Browser) -> None:
    cohort = make_cohort()
    last = make_meetup(
        cohorts=[cohort],
        starts_at=now() - 48 * HOUR,
        ends_at=now() - 45 * HOUR,
        title_en="The last one",
    )
    absent = make_alumnus(cohort)
    missed = make_registration(last, absent)
    make_registration(last, make_alumnus(cohort), admitted_at=last.starts_at)
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    desk, page = organizer(client, meetup), f"/m/{meetup.slug}"
    assert "stands behind the others" not in client.get(page).text

    assert submit(client, f"{desk}/seats", {"no_shows_behind": "y"}).status_code == 303

    assert "stands behind the others in line" in client.get(page).text
    register(meetup, make_alumnus(cohort))
    own = own_page(register(meetup, absent))
    told = client.get(own).text
    assert "You had a seat at “The last one” and weren't checked in" in told
    assert "Did not come" not in told  # a link may have been forwarded: of other meetups it says nothing
    assert "Did not come last time" in client.get(f"{desk}/waitlist").text
    another = make_alumnus(cohort)
    prove_in(client, meetup, another.addresses[0].address)
    assert "stands behind the others" in client.get(f"{page}/check").text
    with transaction() as session:  # a phone sends its entries late
        session.get_one(Registration, missed.id).admitted_at = last.starts_at
    assert "By now we know that you came" in client.get(own).text
    checked = submit(client, f"{desk}/seats", {"mode": "draw"})
    assert checked.status_code == 422  # the terms of a draw are missing: nothing is saved
    assert "stands behind the others in line" in client.get(page).text


@pytest.mark.parametrize(
    ("came", "heading"), [(True, "Thank you for coming"), (False, "This meetup is over")]
)
def test_after_the_meetup_the_personal_page_neither_greets_nor_shows_a_ticket(
    client: Browser, came: bool, heading: str
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(
        cohorts=[cohort], starts_at=now() - dt.timedelta(hours=9), ends_at=now() - dt.timedelta(hours=6)
    )
    guest = make_registration(meetup, make_alumnus(cohort), admitted_at=meetup.starts_at if came else None)

    page = client.get(own_page(guest)).text

    assert heading in page
    assert ("See you there" in page, "QR ticket" in page, 'class="ticket' in page) == (False, False, False)
