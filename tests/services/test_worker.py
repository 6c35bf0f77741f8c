"""The worker: every owed mail goes out, whatever dies in between."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.mailer import Mailer, Refused, Unreachable, parse
from app.models import MailState, OutboxMail
from app.services.mails import outbox
from app.services.registering import proofs
from app.services.running import cleanup
from app.services.running.worker import KeptForThePage, Worker, transport_for
from config import ROOT, BadSetting, Settings
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.support.registering import owed, register
from tests.support.server import environment
from tests.support.smtp import Sink

pytestmark = pytest.mark.usefixtures("app")


def some_mails(count: int = 1) -> list[str]:
    """Owe so many confirmations; their addresses."""
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=count)
    people = [make_alumnus(cohort) for _ in range(count)]
    for person in people:
        register(meetup, person)
    end_reading()
    return [person.addresses[0].address for person in people]


OPENED: list[Mailer] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def mailer_to(sink: Sink, kind: type[Mailer] = Mailer) -> Mailer:
    OPENED.append(kind(parse(sink.url)))
    return OPENED[-1]


def worker_to(sink: Sink) -> Worker:
    return Worker(mailer_to(sink))


def states() -> list[MailState]:
    db.session.rollback()
    return list(db.session.scalars(select(OutboxMail.state).order_by(OutboxMail.id)))


def test_what_is_owed_is_sent_and_noted_as_sent(smtp: Sink) -> None:
    addresses = some_mails(3)

    assert worker_to(smtp).run_once() == 3

    assert [mail["To"] for mail in smtp.messages] == addresses
    assert states() == [MailState.SENT] * 3
    assert owed()[0].copy is None


def test_a_code_that_somebody_waits_for_overtakes_the_tickets_before_it(smtp: Sink) -> None:
    some_mails(3)
    with transaction() as session:
        outbox.enqueue(session, "sign_in", "waits@example.com", "ko", next=None)

    worker = worker_to(smtp)

    assert [worker.run_once(), worker.run_once()] == [1, 3]
    assert smtp.messages[0]["To"] == "waits@example.com"


def test_nothing_owed_is_nothing_done(smtp: Sink) -> None:
    assert worker_to(smtp).run_once() == 0


def test_a_temporary_refusal_is_tried_again_later_under_the_same_message_id(smtp: Sink) -> None:
    some_mails()
    smtp.refuse = "451 come back later"
    worker_to(smtp).run_once()
    row = owed()[0]
    assert (row.state, row.attempts, row.last_error) == (MailState.QUEUED, 1, "451 come back later")

    smtp.refuse = None
    assert worker_to(smtp).run_once() == 0, "not yet"
    with time_machine.travel(now() + dt.timedelta(seconds=10)):
        worker_to(smtp).run_once()

    assert [mail["Message-ID"] for mail in smtp.messages] == [row.message_id]
    assert states() == [MailState.SENT]


def test_a_final_refusal_is_given_up_and_kept_to_be_seen(smtp: Sink) -> None:
    some_mails()
    smtp.refuse = "550 no such mailbox"

    worker_to(smtp).run_once()

    assert states() == [MailState.FAILED]
    assert owed()[0].last_error == "550 no such mailbox"


def test_one_refused_mail_holds_up_no_other(smtp: Sink) -> None:
    addresses = some_mails(3)

    class Picky(Mailer):
        def send(self, sender: str, recipient: str, message: bytes) -> None:
            if recipient == addresses[1]:
                raise Refused("550 no", permanent=True)
            super().send(sender, recipient, message)

    Worker(mailer_to(smtp, Picky)).run_once()

    assert states() == [MailState.SENT, MailState.FAILED, MailState.SENT]


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 Authentication required", "550 sender not allowed", "552 quota"]
)
def test_a_refused_sender_is_every_mails_trouble_and_loses_none_of_them(smtp: Sink, answer: str) -> None:
    some_mails(3)
    smtp.refuse_sender = answer
    with pytest.raises(Unreachable, match=answer):
        worker_to(smtp).run_once()
    # The one that met it steps back for a moment: it may have been that one's size.
    assert [(row.state, row.attempts) for row in owed()] == [(MailState.QUEUED, n) for n in (1, 0, 0)]

    smtp.refuse_sender = None
    worker_to(smtp).run_once()
    assert len(smtp.messages) == 2
    with time_machine.travel(now() + dt.timedelta(seconds=10)):
        worker_to(smtp).run_once()

    assert states() == [MailState.SENT] * 3


def test_a_mail_at_which_the_server_hangs_up_stops_no_other(smtp: Sink) -> None:
    addresses = some_mails(3)
    smtp.hangs_up_on = {addresses[0]}
    worker = worker_to(smtp)

    with pytest.raises(Unreachable):
        worker.run_once()
    worker.run_once()

    assert [mail["To"] for mail in smtp.messages] == addresses[1:]
    assert [(row.state, row.attempts) for row in owed()] == [
        (MailState.QUEUED, 1),
        (MailState.SENT, 1),
        (MailState.SENT, 1),
    ]
    smtp.hangs_up_on = set()
    with time_machine.travel(now() + dt.timedelta(seconds=10)):
        worker.run_once()
    assert states() == [MailState.SENT] * 3


def test_a_code_that_makes_the_server_hang_up_holds_back_no_ticket(smtp: Sink) -> None:
    some_mails(1)
    meetup = make_meetup(cohorts=[make_cohort()])
    proofs.ask(meetup.id, "poison@example.com", locale="ko", client="192.0.2.1")
    smtp.hangs_up_on = {"poison@example.com"}
    worker, start = worker_to(smtp), now()

    for turn in range(20):
        with time_machine.travel(start + dt.timedelta(seconds=30 * turn)), contextlib.suppress(Unreachable):
            worker.run_once()

    ticket, poison = owed()
    assert ticket.state is MailState.SENT
    assert poison.state is MailState.QUEUED
    assert 1 < poison.attempts < 8, "again and again, with growing pauses"


def test_a_connection_that_went_stale_costs_no_mail_a_try(smtp: Sink) -> None:
    addresses = some_mails(2)
    mailer = mailer_to(smtp)
    mailer.send("a@example.com", addresses[0], b"Subject: first\r\n\r\n.")
    smtp.stop()
    smtp.start()

    assert Worker(mailer).run_once() == 2

    assert states() == [MailState.SENT] * 2
    assert {row.attempts for row in owed()} == {1}


def test_several_connections_send_everything_once(smtp: Sink) -> None:
    addresses = some_mails(30)
    OPENED.append(Mailer(parse(smtp.url), lanes=4))

    worker = Worker(OPENED[-1])
    while worker.run_once():
        pass

    assert sorted(mail["To"] for mail in smtp.messages) == sorted(addresses)
    assert len({mail["Message-ID"] for mail in smtp.messages}) == 30
    assert 1 < smtp.connections <= 4
    assert set(states()) == {MailState.SENT}


def test_a_lasting_flow_of_codes_holds_up_a_ticket_for_a_few_batches_only(smtp: Sink) -> None:
    some_mails(1)
    meetup, worker = make_meetup(cohorts=[make_cohort()]), worker_to(smtp)
    for number in range(12):
        proofs.ask(meetup.id, f"someone{number}@example.com", locale="ko", client="192.0.2.1")
        worker.run_once()

    assert owed("registration_confirmed")[0].state is MailState.SENT


def test_a_worker_that_comes_too_late_for_the_codes_takes_what_else_is_due(
    smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_mails(1)
    monkeypatch.setattr(outbox, "_first_due", lambda: outbox.AT_ONCE)

    assert worker_to(smtp).run_once() == 1


def test_a_mail_that_cannot_be_handed_over_holds_up_no_other(smtp: Sink) -> None:
    addresses = some_mails(3)

    class Choking(Mailer):
        def send(self, sender: str, recipient: str, message: bytes) -> None:
            if recipient == addresses[0]:
                raise ValueError("poison")
            super().send(sender, recipient, message)

    Worker(mailer_to(smtp, Choking)).run_once()

    assert states() == [MailState.QUEUED, MailState.SENT, MailState.SENT]
    poison = owed()[0]
    assert (poison.attempts, poison.last_error) == (1, "ValueError")
    assert poison.due_at > now()


def test_failed_mails_are_listed_without_addresses_and_sent_again_on_command(app: Flask, smtp: Sink) -> None:
    addresses = some_mails(2)
    smtp.refuse = f"550 no mailbox {addresses[0]}"
    worker_to(smtp).run_once()
    first, second = owed()
    listed = app.test_cli_runner().invoke(args=["mail", "list"]).output
    assert "failed   2" in listed
    assert f"{first.id}  registration_confirmed  550 no mailbox" in listed
    assert not any(address in listed for address in addresses)

    smtp.refuse = None
    run = app.test_cli_runner().invoke
    assert run(args=["mail", "retry"]).exit_code == 2
    assert run(args=["mail", "retry", str(second.id), "999999"]).output == "owed again: 1\n"
    worker_to(smtp).run_once()
    assert states() == [MailState.FAILED, MailState.SENT]
    assert run(args=["mail", "retry", "--all"]).output == "owed again: 1\n"
    worker_to(smtp).run_once()

    assert states() == [MailState.SENT] * 2
    assert [mail["To"] for mail in smtp.messages] == [addresses[1], addresses[0]]


def test_while_the_mail_server_is_away_mails_wait_and_lose_no_try(smtp: Sink) -> None:
    addresses = some_mails(5)
    smtp.stop()
    for _ in range(3):
        with pytest.raises(Unreachable):
            worker_to(smtp).run_once()
    assert [(row.state, row.attempts) for row in owed()] == [(MailState.QUEUED, 0)] * 5
    assert all("ConnectionRefused" in (row.last_error or "") for row in owed())

    smtp.start()
    worker_to(smtp).run_once()

    assert [mail["To"] for mail in smtp.messages] == addresses
    assert states() == [MailState.SENT] * 5


def test_a_connection_that_breaks_in_the_middle_loses_and_doubles_nothing(smtp: Sink) -> None:
    some_mails(6)
    sent = 0

    class Breaking(Mailer):
        def send(self, sender: str, recipient: str, message: bytes) -> None:
            nonlocal sent
            if sent == 3:
                raise Unreachable("gone")
            super().send(sender, recipient, message)
            sent += 1

    with pytest.raises(Unreachable):
        Worker(mailer_to(smtp, Breaking)).run_once()
    worker_to(smtp).run_once()

    assert len(smtp.messages) == 6
    assert len({mail["Message-ID"] for mail in smtp.messages}) == 6


def test_two_workers_share_the_work_and_send_nothing_twice(app: Flask, smtp: Sink) -> None:
    addresses = some_mails(40)

    def work() -> None:
        with app.app_context():
            worker = worker_to(smtp)
            while worker.run_once():
                pass

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(mail["To"] for mail in smtp.messages) == sorted(addresses)
    assert set(states()) == {MailState.SENT}


def test_stopping_finishes_the_mail_under_way_and_hands_the_rest_back(smtp: Sink) -> None:
    some_mails(4)
    stop = threading.Event()

    class Stopping(Mailer):
        def send(self, sender: str, recipient: str, message: bytes) -> None:
            super().send(sender, recipient, message)
            stop.set()

    Worker(mailer_to(smtp, Stopping), stop).run_once()

    assert len(smtp.messages) == 1
    assert states() == [MailState.SENT, *[MailState.QUEUED] * 3]
    assert [row.leased_until for row in owed()] == [None] * 4


def test_killed_between_sending_and_settling_it_sends_again_under_the_same_message_id(
    settings: Settings, smtp: Sink, tmp_path: Path
) -> None:
    some_mails()
    script = tmp_path / "die.py"
    script.write_text(
        "import os, signal\n"
        "from app import create_app\n"
        "from app.services.mails import outbox\n"
        "from app.services.running import worker\n"
        "def die(*_): os.kill(os.getpid(), signal.SIGKILL)\n"
        "outbox.settle_sent = die\n"
        "app = create_app()\n"
        "with app.app_context():\n"
        "    worker.Worker(worker.transport_for(app.config['SETTINGS'])).run_once()\n"
    )
    known = environment(replace(settings, SMTP_URL=smtp.url)) | {"PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, str(script)], env=known, cwd=ROOT, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(smtp.messages) == 1
    assert worker_to(smtp).run_once() == 0, "the dead worker's lease still runs"

    with time_machine.travel(now() + outbox.LEASE + dt.timedelta(seconds=1)):
        assert worker_to(smtp).run_once() == 1

    first, second = smtp.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert states() == [MailState.SENT]


def test_the_command_sends_and_ends_at_sigterm(settings: Settings, smtp: Sink) -> None:
    addresses = some_mails(2)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(replace(settings, SMTP_URL=smtp.url)))
    try:
        for address in addresses:
            smtp.wait_for(address)
        time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert states() == [MailState.SENT] * 2


def test_without_a_mail_server_mails_go_to_the_page_in_debug_mode_and_nowhere_otherwise(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_mails()
    assert transport_for(settings) is None
    assert Worker(None).run_once() == 0
    assert states() == [MailState.QUEUED]

    debugging = replace(settings, DEBUG=True)
    monkeypatch.setitem(app.config, "SETTINGS", debugging)
    transport = transport_for(debugging)
    assert isinstance(transport, KeptForThePage)
    Worker(transport).run_once()

    assert states() == [MailState.SENT]
    assert "Message-ID" in (owed()[0].copy or "")


def test_a_round_of_cleaning_up_runs_all_and_survives_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise OSError("disk")

    monkeypatch.setattr(cleanup, "ROUNDS", {"broken": fail} | cleanup.ROUNDS)

    assert cleanup.run() == dict.fromkeys(set(cleanup.ROUNDS) - {"broken"}, 0)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", ("smtp", "mail.example.com", 25, "", "")),
        ("smtps://u%40example.com:p%2Fw@mail.example.com", ("smtps", "mail.example.com", 465, "u@example.com", "p/w")),
        ("smtp+starttls://u:p@mail.example.com:2525", ("smtp+starttls", "mail.example.com", 2525, "u", "p")),
    ],
)  # fmt: skip
def test_the_setting_is_read(url: str, expected: tuple[object, ...]) -> None:
    server = parse(url)
    assert (server.scheme, server.host, server.port, server.user, server.password) == expected


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://h:port"])
def test_a_setting_that_cannot_be_used_is_named(url: str) -> None:
    with pytest.raises(BadSetting, match="SMTP_URL"):
        parse(url)


def test_starttls_is_insisted_on_where_the_setting_says_so(smtp: Sink) -> None:
    mailer = Mailer(parse(smtp.url.replace("smtp://", "smtp+starttls://")))
    with pytest.raises(Unreachable):
        mailer.send("a@example.com", "b@example.com", b"Subject: x\r\n\r\nx\r\n")
