"""The mails of a meetup at the desk: the backlog while the mail server is away, what failed, one address looked up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app import mail_words
from app.clock import now
from app.db import db, end_reading, transaction
from app.mailer import Mailer, Unreachable, parse
from app.models import AuditEntry, MailState, Meetup, OutboxMail, PersonPhone, Role
from app.services.mails import mail_fates
from app.services.running.worker import AWAY_SECONDS, Worker
from config import ROOT
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_program, sign_in
from tests.support.client import Browser, form_of, submit
from tests.support.counting import statements
from tests.support.registering import ask_in, asked, owed, register
from tests.support.smtp import Sink

DEAD = dt.timedelta(minutes=30)
PEOPLE = 500


def mails_of(client: FlaskClient, meetup: Meetup) -> str:
    """Signed in as an organizer; the address of the page."""
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/mails"


def failed(meetup: Meetup, error: str) -> OutboxMail:
    """The newest mail of the meetup, refused for good."""
    mail = owed()[-1]
    with transaction() as session:
        row = session.get_one(OutboxMail, mail.id)
        row.state, row.last_error = MailState.FAILED, error
    end_reading()
    return mail


def test_500_register_while_the_mail_server_is_dead_for_half_an_hour_and_each_gets_the_mail(
    client: Browser, smtp: Sink
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=40)
    people = [make_alumnus(cohort) for _ in range(PEOPLE)]
    addresses = [person.addresses[0].address for person in people]
    page, overview = mails_of(client, meetup), f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"
    mailer = Mailer(parse(smtp.url))
    worker = Worker(mailer)
    smtp.stop()

    with time_machine.travel(now(), tick=False) as clock:
        died = now()
        while now() < died + DEAD:
            for person in people[: len(people) * 30 // int(DEAD.total_seconds())]:
                register(meetup, person)
                people.remove(person)
            end_reading()
            with pytest.raises(Unreachable):
                worker.run_once()
            clock.shift(AWAY_SECONDS[-1])
        for person in people:
            register(meetup, person)
        end_reading()
        seen, at_a_glance = client.get(page).text, client.get(overview).text

        smtp.keeps_silent_to = set(addresses[::50])
        smtp.start()
        until = now() + dt.timedelta(minutes=10)
        while now() < until and mail_fates.health(meetup.id).waiting:
            end_reading()
            try:
                worker.run_once()
            except Unreachable:
                clock.shift(AWAY_SECONDS[0])
            clock.shift(1)
    mailer.close()

    for shown in (seen, at_a_glance):
        assert f"{PEOPLE} mails wait" in shown
        assert "Our mail server takes no mail at the moment" in shown
    arrived = Counter(str(mail["To"]) for mail in smtp.messages)
    assert arrived.keys() == set(addresses)
    repeated = {address for address, number in arrived.items() if number > 1}
    assert repeated <= set(addresses[::50])
    assert set(arrived.values()) <= {1, 2}
    assert len({mail["Message-ID"] for mail in smtp.messages}) == PEOPLE
    assert mail_fates.health(meetup.id).states == {MailState.SENT: PEOPLE}


def test_nothing_wrong_is_nothing_said(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    assert "Once people register" in client.get(page).text

    register(meetup, make_alumnus(cohort, name="김하늘"))

    shown = client.get(page).text
    assert "김하늘" in shown
    assert "Seat confirmed" in shown
    assert "Waiting to be sent" in shown
    assert "notice--warning" not in shown, "a mail of this moment is not late"


def test_a_mail_that_waits_too_long_is_said_with_its_hour(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    register(meetup, make_alumnus(cohort))

    with time_machine.travel(now() + dt.timedelta(minutes=4)):
        shown = client.get(page).text

    assert "1 mail waits" in shown


def test_a_mail_that_is_for_later_is_not_late(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    register(meetup, make_alumnus(cohort))
    mail = owed()[0]
    with transaction() as session:
        session.get_one(OutboxMail, mail.id).due_at = now() + dt.timedelta(days=2)

    with time_machine.travel(now() + dt.timedelta(hours=1)):
        assert "notice--warning" not in client.get(page).text


def test_why_a_mail_failed_is_said_and_one_press_sends_it_again(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    register(meetup, make_alumnus(cohort))
    register(meetup, make_alumnus(cohort))
    mail = failed(meetup, "550 5.1.1 <b>User</b> unknown")
    shown = client.get(f"{page}?state=failed").text
    assert "There is no such mailbox" in shown
    assert "&lt;b&gt;User&lt;/b&gt;" in shown
    assert "1 mail could not be delivered" in shown

    after = submit(client, f"{page}?state=failed", action=f"{page}/tries", follow_redirects=True)

    assert "1 mail goes out again." in after.text
    end_reading()
    assert owed()[-1].id == mail.id
    assert {row.state for row in owed()} == {MailState.QUEUED}
    assert owed()[-1].attempts == 0
    details = select(AuditEntry.details).where(AuditEntry.act == "mails.tried_again")
    assert db.session.scalars(details).all() == [{"number": 1}]


def test_what_has_gone_out_meanwhile_is_not_sent_again(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    register(meetup, make_alumnus(cohort))
    failed(meetup, "550 5.1.1 unknown")
    target, form = form_of(client, page, f"{page}/tries")
    assert mail_fates.try_again(meetup, None, "account:1") == 1

    after = client.post(target, data=form.fields, follow_redirects=True)

    assert "it has gone out meanwhile" in after.text
    assert len(owed()) == 1


def test_another_meetups_mail_is_not_sent_again_from_here(client: Browser) -> None:
    cohort = make_cohort()
    here, there = make_meetup(cohorts=[cohort]), make_meetup(cohorts=[cohort])
    register(there, make_alumnus(cohort))
    mail = failed(there, "550 5.1.1 unknown")

    assert mail_fates.try_again(here, mail.id, "account:1") == 0

    assert owed()[-1].state is MailState.FAILED


def test_who_got_no_mail_is_looked_up_by_the_address_as_they_type_it(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    page = mails_of(client, meetup)
    person = make_alumnus(cohort, name="김하늘")
    address = person.addresses[0].address
    asked(meetup, address)
    register(meetup, person)

    shown = client.get(page, query_string={"q": f"  {address.upper()} "}).text

    assert "김하늘" in shown
    assert "They were mailed a code." in shown
    assert "Code, or why there is none" in shown
    assert "Seat confirmed" in shown


def test_an_address_of_nobody_is_said_to_be_so_with_what_to_do(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    page = mails_of(client, meetup)
    asked(meetup, "stranger@example.com")

    shown = client.get(page, query_string={"q": "stranger@example.com"}).text
    unknown = client.get(page, query_string={"q": "nobody@example.com"}).text

    assert "Nobody in this programme is known by this address." in shown
    assert "They were mailed that this address is on no list, and what to do." in shown
    assert "Nobody asked with this address in the last days." in unknown
    assert "No mail to this address" in unknown


def test_addresses_that_strangers_typed_are_not_listed_but_counted(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    ask_in(client, meetup, "stranger@example.com")
    page = mails_of(client, meetup)

    shown = client.get(page).text

    assert "stranger@example.com" not in shown
    assert mail_fates.health(meetup.id).waiting == 1


def test_another_programmes_person_is_not_found(client: Browser) -> None:
    elsewhere = make_alumnus(make_cohort(make_program()), name="박다른")
    meetup = make_meetup(cohorts=[make_cohort()])
    page = mails_of(client, meetup)

    shown = client.get(page, query_string={"q": elsewhere.addresses[0].address}).text

    assert "박다른" not in shown


def test_the_page_takes_as_many_statements_for_fifty_mails_as_for_three(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=3)
    page = mails_of(client, meetup)
    numbers = []
    for more in (3, 47):
        for _ in range(more):
            register(meetup, make_alumnus(cohort))
        client.get(page)
        with statements() as asked_for:
            client.get(page)
        numbers.append(len(asked_for))

    assert numbers[0] == numbers[1]


def test_every_kind_of_mail_has_a_word() -> None:
    letters = {
        path.stem for path in Path(ROOT, "templates/emails").glob("*.txt") if not path.stem.startswith("_")
    }
    answered = {"proof_code", "proof_not_on_roster", "proof_not_eligible", "proof_not_invited"}  # of "proof"
    named = {kind.removesuffix("_link").removesuffix("_unknown") for kind in letters - answered}
    assert named <= mail_words.KINDS.keys()


def test_a_caller_s_name_or_phone_finds_the_addresses_that_may_have_got_the_mail(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    caller, other = make_alumnus(cohort, "장우호"), make_alumnus(cohort, "김하나")
    elsewhere = make_alumnus(make_cohort(), "장우호")
    with transaction() as session:
        session.add(
            PersonPhone(person_id=caller.id, number="010-1234-5678", digits="01012345678", last_four="5678")
        )
    page = mails_of(client, meetup)
    address, others = (
        caller.addresses[0].address,
        (other.addresses[0].address, elsewhere.addresses[0].address),
    )

    found = [client.get(page, query_string={"q": text}).text for text in ("장우호", "ㅈㅇㅎ", "5678")]
    nobody = client.get(page, query_string={"q": "없는이름"}).text

    assert all(address in each and not any(one in each for one in others) for each in found)
    assert "Nobody matches" in nobody
    end_reading()
    looked = select(AuditEntry.subject).where(AuditEntry.act == "person.viewed")
    assert db.session.scalars(looked).all() == [f"person:{caller.id}"] * 3


def test_a_name_that_many_have_is_answered_in_as_many_statements_as_one(client: Browser) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    for _ in range(25):
        make_alumnus(cohort, "박민서")
    make_alumnus(cohort, "이두리")
    page = mails_of(client, meetup)
    client.get(page)

    taken = []
    for text in ("이두리", "박민서"):
        with statements() as asked_for:
            shown = client.get(page, query_string={"q": text}).text
        taken.append(len(asked_for))

    assert shown.count('<th scope="row">박민서') == mail_fates.FOUND_AT_MOST
    assert "There are more." in shown
    assert taken[0] == taken[1]
