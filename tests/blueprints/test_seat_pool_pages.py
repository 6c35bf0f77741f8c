"""Kept seats, as organizers set them and as everybody else reads of them."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import db
from app.domain.seating.pools import GuestRole
from app.models import AuditEntry, Meetup, Role, Status
from app.services.personal import personal_links
from app.services.seating import reserved_seats
from tests.factories import make_alumnus, make_member, sign_in
from tests.support.client import Browser, submit
from tests.support.counting import statements
from tests.support.offers import fresh, states
from tests.support.pools import DAY, comes, keep, kept, of_two_cohorts

C, W = Status.CONFIRMED, Status.WAITLISTED


def organizer(client: FlaskClient, meetup: Meetup) -> str:
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def test_an_organizer_keeps_seats_reads_whom_it_affects_and_everybody_reads_what_is_kept(
    client: Browser,
) -> None:
    meetup, first, third = of_two_cohorts(seats=3)
    people = [comes(meetup, first) for _ in range(4)]
    desk = organizer(client, meetup)
    page = f"{desk}/pools"
    until = meetup.local(meetup.starts_at - DAY).strftime("%Y-%m-%dT%H:%M")
    typed = {f"quota-{third.id}": "1", "reserved": "0", "until": until}

    wrong = submit(client, page, typed | {f"quota-{third.id}": "many"})
    late = submit(client, page, typed | {"until": "2099-01-01T09:00"})
    warned = submit(client, page, typed)
    assert (wrong.status_code, late.status_code, warned.status_code) == (422, 422, 200)
    assert "Write the number of seats in digits" in wrong.text
    assert "Let unused seats flow back before it" in late.text
    assert "1 seat that is to be kept isn't free" in warned.text
    assert kept(meetup).cohorts == {}, "nothing is saved before the warning was read"
    assert submit(client, page, typed | {"understood": "yes"}).status_code == 303

    assert kept(meetup).cohorts[third.id].unused == 1
    assert (
        "1 seat is kept for Cohort 3 until"
        in client.get(f"/m/{meetup.slug}", headers={"Accept-Language": "en"}).text
    )
    own = f"/r/{people[3].reference}/{personal_links.secret_of(people[3])}"
    assert "1 seat is kept for Cohort 3 until" in client.get(own).text
    assert "Seats by pool" in client.get(desk).text
    assert "Seats by pool" in client.get(f"{desk}/waitlist").text


def test_the_public_page_says_for_whom_seats_are_left_when_the_common_ones_are_taken(client: Browser) -> None:
    meetup, first, _ = of_two_cohorts(seats=3)
    keep(meetup, reserved=1, c3=1)
    comes(meetup, first)

    shown = client.get(f"/m/{meetup.slug}").text

    assert "The seats for everybody are taken. Some are still kept for:" in shown
    assert "Cohort 3: 1 seat" in shown
    assert "1 seat is reserved for speakers and guests" in shown
    assert "Join the waitlist" not in shown


def test_somebody_who_waits_is_found_named_and_seated_and_keeps_the_seat_when_taken_off(
    client: Browser,
) -> None:
    meetup, first, third = of_two_cohorts(seats=2)
    keep(meetup, reserved=1)
    rows = [comes(meetup, first), comes(meetup, first, make_alumnus(first, name="선우하람"))]
    assert states(meetup) == [C, W]
    desk = organizer(client, meetup)
    page = f"{desk}/pools"

    found = client.get(f"{page}?q=선우하람")
    named = submit(client, f"{page}?q=선우하람", {"role": "speaker"}, action=f"{page}/guests")

    assert "선우하람" in found.text
    assert named.status_code == 303
    assert states(meetup) == [C, C]
    assert "Speaker" in client.get(f"{desk}/attendees/{rows[1].reference}").text
    own = f"/r/{rows[1].reference}/{personal_links.secret_of(rows[1])}"
    assert "A seat is reserved for you: Speaker" in client.get(own).text
    assert "Nobody found" in client.get(f"{page}?q=선우하람").text
    off = {"person": str(rows[1].person_id), "keep": "no"}
    assert submit(client, page, off, action=f"{page}/guests/removal").status_code == 303
    assert fresh(rows[1]).status is C
    assert kept(meetup).reserved.seats == 0
    assert third.ordinal == 3


def test_the_page_asks_as_much_for_many_who_are_named_and_found_as_for_one(client: Browser) -> None:
    one, many = of_two_cohorts(seats=9), of_two_cohorts(seats=9)
    for (meetup, first, _), number in ((one, 1), (many, 6)):
        for _ in range(number):
            reserved_seats.assign(meetup.id, make_alumnus(first).id, GuestRole.SPEAKER, "account:1")
            make_alumnus(first, "김하늘")
    counted = []
    for meetup, _, _ in (one, many):
        page = f"{organizer(client, meetup)}/pools?q=김하늘"
        with statements() as asked:
            assert "김하늘" in client.get(page).text
        counted.append(len(asked))

    assert counted[0] == counted[1]
    looks = select(AuditEntry.subject).where(AuditEntry.act == "person.viewed")
    assert len(set(db.session.scalars(looks))) == 1 + 6
