"""Another address for one's mails: proved at both, told to the former one, and undone by it."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain import tokens
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.keys import keys
from app.models import AddressChange, AuditEntry, OutboxMail, PersonAddress, Registration, RosterEntry, Status
from app.services.mails import outbox, writing
from app.services.personal import address_changes, erasure
from app.services.registering import tickets
from tests.factories import code_of, make_alumnus, make_cohort, make_meetup
from tests.support.claiming import claim
from tests.support.client import Browser, submit
from tests.support.fresh import path_of, prove_at
from tests.support.registering import owed, register
from tests.support.traces import traces_of

OLD, NEW = "haneul@school.example", "haneul.new@example.com"


@pytest.fixture
def held(app: Flask) -> Registration:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1, contact_address="office@example.com")
    return register(meetup, make_alumnus(cohort, "김하늘", OLD))


def fresh(row: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, row.id, populate_existing=True)


def code_to_new() -> str:
    mail = owed("new_address_code")[-1]
    assert writing.write([mail]).messages
    return tokens.verification_code(keys().link, mail.params["proof"])


def moved(client: Browser, held: Registration, new: str = NEW) -> str:
    """Change the address as people do; where the last press leads."""
    page = f"{path_of(fresh(held))}/address"
    prove_at(client, page)
    asked = submit(client, page, {"address": new}, action=f"{page}/new")
    assert asked.status_code == 303, asked.text
    done = submit(client, page, {"code": code_to_new()}, action=page)
    assert done.status_code == 303, done.text
    return str(done.location)


def objection() -> str:
    """The path of the link in the mail to the former address."""
    mail = owed("address_changed")[-1]
    secret = tokens.objection_secret(keys().link, mail.params["change"])
    return f"/address-changes/{mail.params['change']}/{secret}"


def addresses(held: Registration) -> list[str]:
    end_reading()
    query = select(PersonAddress.address).where(PersonAddress.person_id == held.person_id)
    return list(db.session.scalars(query.order_by(PersonAddress.id)))


def test_link_ticket_and_mails_move_on_and_the_roster_keeps_its_address(
    client: Browser, held: Registration
) -> None:
    own, code = path_of(held), code_of(held)
    assert f"{own}/address" in client.get(own).text

    new_own = moved(client, held)

    row, old_ticket = fresh(held), tickets.find_by_code(code)
    assert (row.address, urlsplit(new_own).path, client.get(own).status_code) == (NEW, path_of(row), 404)
    assert NEW in client.get(new_own).text
    assert old_ticket
    assert old_ticket.revoked_at
    assert addresses(held) == [OLD, NEW]
    assert db.session.scalars(select(RosterEntry.address_key)).all() == [OLD]
    mails = [(mail.kind, mail.address) for mail in owed()[-2:]]
    assert mails == [("registration_confirmed", NEW), ("address_changed", OLD)]


def test_the_former_address_is_told_with_the_new_one_in_part_and_no_way_in(
    client: Browser, held: Registration
) -> None:
    moved(client, held)

    (message,) = writing.write([owed("address_changed")[-1]]).messages.values()

    text = message.decode()
    assert NEW not in text
    assert path_of(fresh(held)) not in text
    assert client.get(objection()).status_code == 200


def test_who_says_that_it_was_not_them_gets_everything_back(client: Browser, held: Registration) -> None:
    stolen = moved(client, held)
    code = code_of(held)

    for _ in range(3):
        assert "Was that you?" in client.get(objection()).text
    done = submit(client, objection(), {})

    assert "Put back" in client.get(done.location).text
    assert (fresh(held).address, addresses(held), client.get(stolen).status_code) == (OLD, [OLD], 404)
    void = tickets.find_by_code(code)
    assert void
    assert void.revoked_at
    mails = [(mail.kind, mail.address) for mail in owed()[-2:]]
    assert mails == [("registration_confirmed", OLD), ("address_objected", "office@example.com")]
    assert len(writing.write(owed()[-2:]).messages) == 2
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts[-2:] == ["registration.address_changed", "registration.address_put_back"]


def test_an_objection_reaches_past_a_second_change(client: Browser, held: Registration) -> None:
    moved(client, held)
    first = objection()
    moved(client, held, "third@example.com")
    second = objection()

    submit(client, first, {})

    assert (fresh(held).address, addresses(held)) == (OLD, [OLD])
    assert "Put back" in client.get(second).text


def test_after_three_days_nobody_undoes_it_and_after_a_week_it_is_forgotten(
    client: Browser, held: Registration
) -> None:
    moved(client, held)
    (made,) = db.session.scalars(select(AddressChange)).all()

    with time_machine.travel(now() + dt.timedelta(hours=73), tick=False):
        assert "The time to object is over" in client.get(objection()).text
        with pytest.raises(DomainError, match="objection_over"):
            address_changes.put_back(made.id)
        assert address_changes.discard_old() == 0
    with time_machine.travel(now() + dt.timedelta(days=8), tick=False):
        assert address_changes.discard_old() == 1
        assert client.get(objection()).status_code == 404
        assert writing.write([owed("address_changed")[-1]]).messages == {}
    assert fresh(held).address == NEW


def test_the_link_alone_changes_nothing(app: Flask, client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/address"
    submit(client, page, {}, action=f"{page}/codes")
    token = client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]

    asked = client.post(f"{page}/new", data={"csrf_token": token, "address": NEW})
    changed = client.post(page, data={"csrf_token": token, "code": "12345678"})

    assert (asked.status_code, changed.status_code, owed("new_address_code")) == (422, 422, [])
    assert fresh(held).address == OLD


def test_an_address_of_somebody_else_is_refused_only_to_who_reads_it(
    client: Browser, held: Registration
) -> None:
    make_alumnus(held.cohort, "이다른", "other@example.com")
    page = f"{path_of(held)}/address"
    prove_at(client, page)

    asked = submit(client, page, {"address": "other@example.com"}, action=f"{page}/new")
    refused = submit(client, page, {"code": code_to_new()}, action=page)

    assert (asked.status_code, refused.status_code) == (303, 422)
    assert "belongs to somebody else" in refused.text
    assert fresh(held).address == OLD


def test_slips_are_told_and_the_same_address_is_none(client: Browser, held: Registration) -> None:
    page = f"{path_of(held)}/address"
    prove_at(client, page)

    for typed in ("", "no address", OLD.upper()):
        assert submit(client, page, {"address": typed}, action=f"{page}/new").status_code == 422
    assert submit(client, page, {"address": NEW}, action=f"{page}/new").status_code == 303
    assert submit(client, page, {"code": "0000 0000"}, action=page).status_code == 422
    assert 'name="address"' in client.get(f"{page}?another=1").text


def test_whoever_proves_the_new_address_later_is_this_person(client: Browser, held: Registration) -> None:
    moved(client, held)
    other = make_meetup(cohorts=[held.cohort])

    again = register(other, held.person)

    assert again.person_id == held.person_id
    assert addresses(held) == [OLD, NEW]


def test_an_open_list_check_moves_with_its_claimant(client: Browser, held: Registration) -> None:
    checked = claim(held.meetup, "claimant@example.com")

    moved(client, checked, "claimant.new@example.com")

    assert (fresh(checked).status, fresh(checked).address) == (Status.PENDING, "claimant.new@example.com")
    assert owed()[-2].kind == "registration_pending"


def test_erasing_knows_the_former_addresses_too(client: Browser, held: Registration) -> None:
    moved(client, held)
    outbox.settle_sent([mail.id for mail in owed()])
    end_reading()

    erasure.erase(held.person_id, "person", Asked.LINK)

    assert traces_of(["haneul", "김하늘"]) == []
    assert db.session.scalars(select(OutboxMail.address)).all() == [""] * len(owed())
