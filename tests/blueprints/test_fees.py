"""The fee's pages: free shows none of it, terms with what is wrong, one person's booking, the columns of an export."""

from __future__ import annotations

import pytest

from app.db import end_reading
from app.domain.fees.terms import Terms
from app.models import Meetup, Role
from app.services.fees import terms
from app.services.personal import personal_links
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_notice, sign_in
from tests.support.client import Browser, submit
from tests.support.registering import register

FEE = Terms(amount=30_000, bank="예시은행", account="110-1234", holder="동문회", days=3)


@pytest.fixture
def meetup(client: Browser) -> Meetup:
    """Its organizer is signed in."""
    found = make_meetup(cohorts=[make_cohort()])
    make_notice(found)
    sign_in(client, make_member(found.program, Role.ORGANIZER))
    return found


def desk(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"


def test_a_free_meetup_says_no_word_of_a_fee(client: Browser, meetup: Meetup) -> None:
    person = register(meetup, make_alumnus(meetup.cohorts[0]))

    pages = [
        client.get(path).text
        for path in (f"/m/{meetup.slug}", personal_links.url_of(person), f"{desk(meetup)}/attendees")
    ]

    assert not any("won" in page or "Fee" in page for page in pages)


def test_terms_are_typed_refused_and_shown_where_people_read(client: Browser, meetup: Meetup) -> None:
    page = f"{desk(meetup)}/fee/terms"
    typed = {"amount": "30,000", "bank": "예시은행", "account": "110-1234", "holder": "동문회", "days": "3"}

    refused = submit(client, page, typed | {"account": ""}, action=page)
    saved = submit(client, page, typed, action=page)
    person = register(meetup, make_alumnus(meetup.cohorts[0]))
    public, own = client.get(f"/m/{meetup.slug}").text, client.get(personal_links.url_of(person)).text

    assert (refused.status_code, saved.status_code) == (422, 303)
    assert "30,000 won by bank transfer" in public
    assert "110-1234" not in public
    assert "110-1234" in own


def test_one_persons_fee_is_booked_found_and_taken_back(client: Browser, meetup: Meetup) -> None:
    terms.save(meetup.id, FEE, "account:1")
    end_reading()
    person = register(meetup, make_alumnus(meetup.cohorts[0], "김하늘"))
    page, act = f"{desk(meetup)}/fee", f"{desk(meetup)}/fee/{person.reference}/payment"

    submit(client, page, {"fee": "paid"}, action=act)
    paid = client.get(f"{desk(meetup)}/attendees?paid=yes").text
    offered = client.get(f"{desk(meetup)}/export").text
    submit(client, f"{page}?show=paid", {}, action=act)
    taken_back = client.get(f"{desk(meetup)}/attendees?paid=yes").text

    assert "김하늘" in paid
    assert "paid_amount" in offered
    assert "김하늘" not in taken_back
