"""The server as it runs: it starts, answers from several processes, drains and leaves nothing behind."""

import os
import signal
import smtplib
import time
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from tests.factories import make_meetup
from tests.support.browser import context_of, launched, strict_page
from tests.support.crashing import children_of, is_alive
from tests.support.server import Server
from tests.support.smtp import Sink, text_of

pytestmark = pytest.mark.one_database


def gone(pids: list[int], within: float) -> bool:
    until = time.monotonic() + within
    while any(is_alive(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(is_alive(pid) for pid in pids)


def all_children_of(pid: int) -> list[int]:
    """Granian and its two workers; the first worker answers before the second is there."""
    until = time.monotonic() + 30
    while len(children_of(pid)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    return children_of(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopping_ends_every_process_and_exits_with_zero(
    serve: Callable[..., Server], number: signal.Signals
) -> None:
    server = serve(alone=True, supervised=True)
    processes = all_children_of(server.pid)
    assert len(processes) >= 3, "granian and its two workers"
    assert server.stop(number) == 0
    assert gone(processes, within=2)


def test_killing_the_supervisor_ends_its_children(serve: Callable[..., Server]) -> None:
    server = serve(alone=True, supervised=True)
    processes = children_of(server.pid)
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    assert gone(processes, within=10)


def test_a_crashed_web_server_is_started_again(serve: Callable[..., Server]) -> None:
    server = serve(alone=True, supervised=True)
    os.kill(children_of(server.pid)[0], signal.SIGKILL)
    until = time.monotonic() + 15
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{server.url}/livez", timeout=2) as answer:
                if "a process ended" in server.log:
                    assert answer.status == 200
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"not back after 15 s:\n{server.log}")


def test_the_log_is_json_lines_that_name_rules_and_not_addresses(serve: Callable[..., Server]) -> None:
    import json

    server = serve(alone=True, supervised=True, LOG_LEVEL="info")
    urllib.request.urlopen(f"{server.url}/readyz?who=someone@example.com", timeout=5).close()
    lines = [json.loads(line) for line in server.log.splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert [(line["rule"], line["status"]) for line in answered] == [("/readyz", 200)]
    assert "example.com" not in server.log


def test_the_mail_sink_gives_back_what_was_sent(smtp: Sink) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "밋업"
    mail.set_content("확정되었어요.\n")
    with smtplib.SMTP("127.0.0.1", smtp.port) as connection:
        connection.send_message(mail)
    assert text_of(smtp.wait_for("b@example.com")) == "확정되었어요.\n"


def test_a_browser_opens_the_front_page_without_complaint(serve: Callable[..., Server]) -> None:
    make_meetup()
    server = serve(alone=True, supervised=True)
    with launched() as browser:
        page, complaints = strict_page(context_of(browser), server.url)
        answer = page.goto(server.url)
        assert answer is not None
        assert answer.status == 200
        assert complaints == []
