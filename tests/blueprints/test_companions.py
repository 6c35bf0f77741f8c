"""Companions on the attendee's page, the ticket and the mail."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.db import end_reading
from app.models import OutboxMail, Status
from app.services.mails import registrations as mails
from tests.factories import code_of, make_meetup, make_member, make_program, make_registration, sign_in
from tests.support.client import submit


def test_an_organizer_sets_companions_and_is_warned_over_the_seats(client: FlaskClient):
    program = make_program()
    meetup = make_meetup(program, capacity=2)
    host = make_registration(meetup)
    sign_in(client, make_member(program))
    page = f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/{host.reference}"

    refused = submit(client, page, {"number": "3"}, action=f"{page}/companions")
    wrong = submit(client, page, {"number": "many"}, action=f"{page}/companions")
    done = submit(client, page, {"number": "3", "over": "yes"}, action=f"{page}/companions")

    assert (refused.status_code, wrong.status_code, done.status_code) == (422, 422, 303)
    assert "over by 2" in refused.text
    assert "Save anyway" in refused.text
    assert 'value="3"' in refused.text
    shown = client.get(page).text
    assert "2 more people than seats." in shown
    assert "+0 → +3" in shown
    overview = client.get(f"/desk/{program.slug}/meetups/{meetup.slug}").text
    assert "Over by 2" in overview


def test_the_ticket_and_its_mail_say_how_many_come(client: FlaskClient):
    host = make_registration(make_meetup(), companions=2)

    assert "+2 companions" in client.get(f"/T/{code_of(host)}").text

    end_reading()
    mail = OutboxMail(kind="registration_confirmed", registration_id=host.id, locale="en", params={}, id=1)
    letter = mails.write(mail, mails.load([mail])[1])
    assert letter is not None
    assert letter.values["companions"] == 2


def test_a_waitlisted_persons_page_offers_no_companions(client: FlaskClient):
    program = make_program()
    meetup = make_meetup(program)
    waiting = make_registration(meetup, status=Status.WAITLISTED)
    sign_in(client, make_member(program))

    page = client.get(f"/desk/{program.slug}/meetups/{meetup.slug}/attendees/{waiting.reference}")

    assert page.status_code == 200
    assert "Number of companions" not in page.text
