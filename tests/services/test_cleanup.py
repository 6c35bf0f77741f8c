"""What the worker's rounds delete, and what they leave alone."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import ERASED_NAME
from app.domain.registering.registrations import Status
from app.models import (
    AccountSession,
    DeviceRole,
    Enrolment,
    MailState,
    PersonAddress,
    Registration,
    SignInLink,
)
from app.services.mails import outbox
from app.services.running import cleanup
from app.services.staff import browser_sessions, sign_in
from tests.factories import make_account, make_alumnus, make_cohort, make_device, make_meetup
from tests.services.test_elsewhere import answers, brought_in, hours_ago
from tests.support.claiming import claim
from tests.support.registering import owed, register

pytestmark = pytest.mark.usefixtures("app")


def count(model: type) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def in_days(days: int) -> time_machine.travel:
    return time_machine.travel(now() + dt.timedelta(days=days))


def test_mails_to_whatever_address_was_typed_are_deleted_after_a_week() -> None:
    cohort = make_cohort()
    register(make_meetup(cohorts=[cohort]), make_alumnus(cohort))
    sign_in.ask("stranger@example.com", locale="ko", client="192.0.2.1")
    sign_in.ask("still-owed@example.com", locale="ko", client="192.0.2.1")
    outbox.settle_sent([mail.id for mail in owed() if mail.address != "still-owed@example.com"])

    with in_days(6):
        assert cleanup.run()["strangers' mails"] == 0
    with in_days(8):
        assert cleanup.run()["strangers' mails"] == 1

    left = {(mail.kind, mail.state) for mail in owed()}
    assert left == {("registration_confirmed", MailState.SENT), ("sign_in", MailState.QUEUED)}


def test_links_and_sessions_are_deleted_a_month_after_they_ended() -> None:
    account = make_account("ana@example.com")
    token = sign_in.one_time_link(account.address).rpartition("/")[2]
    sign_in.redeem(token, user_agent="", ending=None)
    with in_days(20), transaction() as session:
        browser_sessions.begin(session, account.id, "", ending=None)

    with in_days(29):
        cleanup.run()
    assert (count(SignInLink), count(AccountSession)) == (1, 2)
    with in_days(50):
        cleanup.run()

    assert (count(SignInLink), count(AccountSession)) == (0, 1)


def test_a_round_deletes_no_more_than_so_many_of_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleanup, "AT_ONCE", 2)
    account = make_account("ana@example.com")
    for _ in range(3):
        sign_in.one_time_link(account.address)

    with in_days(60):
        assert [cleanup.discard_sign_in_links() for _ in range(3)] == [2, 1, 0]


def test_an_enrolment_goes_when_no_phone_came_from_it() -> None:
    meetup = make_meetup()
    with transaction() as session:
        rows = [
            Enrolment(meetup_id=meetup.id, role=DeviceRole.SCAN, uid=uid, token_hash=uid, expires_at=now())
            for uid in ("used", "unused")
        ]
        session.add_all(rows)
    make_device(meetup, enrolment_id=rows[0].id)

    with in_days(29):
        assert cleanup.discard_enrolments() == 0
    with in_days(31):
        assert cleanup.discard_enrolments() == 1
    end_reading()
    assert db.session.scalars(select(Enrolment.uid)).all() == ["used"]


def test_a_forms_undecided_checks_are_forgotten_a_week_after_the_meetup_and_no_others() -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    later = make_meetup(cohorts=list(meetup.cohorts), ends_at=meetup.ends_at + dt.timedelta(days=60))
    asked_themselves = claim(meetup, "self@example.com")
    alumnus = make_alumnus(meetup.cohorts[0])
    both = ("open@example.com", "again@example.com")
    for each, addresses in ((meetup, both), (later, both[1:])):
        rows = [(f"이름{n}", address, hours_ago(n + 1)) for n, address in enumerate(addresses)]
        brought_in(each, answers(*rows, (alumnus.name, alumnus.addresses[0].address, hours_ago(9))))

    with in_days((meetup.ends_at - now()).days + 6):
        assert cleanup.run()["undecided list checks"] == 0
    with in_days((meetup.ends_at - now()).days + 9):
        assert cleanup.run()["undecided list checks"] == 1
        assert cleanup.run()["undecided list checks"] == 0

    end_reading()
    left = set(db.session.scalars(select(Registration.address).where(Registration.meetup_id == meetup.id)))
    assert left == {"", "again@example.com", asked_themselves.address, alumnus.addresses[0].address}
    assert both[0] not in set(db.session.scalars(select(PersonAddress.address)))
    gone = db.session.scalars(select(Registration).where(Registration.address == "")).one()
    assert (gone.status, gone.person.name) == (Status.DECLINED, ERASED_NAME)
