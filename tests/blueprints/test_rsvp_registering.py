"""Registering on the pages, from the address to the ticket."""

from __future__ import annotations


from app.models import MeetupState
from app.services import registrations, tickets
from tests.factories import make_alumnus, make_cohort, make_meetup, sign_in, make_member
from tests.support.client import Browser, submit
from tests.support.registering import ask_in, code_of, newest_proof, prove_in, register
from app.services import personal_links, proof_answers
from app.models import Role, Program
from app.db import db


def test_from_the_address_to_the_ticket(client: Browser) -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort, name="김하늘")

    proved = prove_in(client, meetup, person.addresses[0].address)
    check = client.get(proved.location)
    created = submit(client, proved.location, action=f"/m/{meetup.slug}/registrations")
    mine = client.get(created.location)

    assert "김하늘" in check.text
    assert created.status_code == 303
    assert "You're in" in mine.text
    assert "<svg" in mine.text
    assert mine.headers["Cache-Control"] == "no-store"
