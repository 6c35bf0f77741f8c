"""What `make run` starts: the demo, the web, the worker, four links, and a clean end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config import ROOT
from tests.support.server import free_port

Start = Callable[..., tuple[subprocess.Popen[bytes], Path]]
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "develop"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """A function that starts it: the process and its log. What still runs at the end is stopped."""
    with ExitStack() as running:

        def begin(port: int, **settings: str) -> tuple[subprocess.Popen[bytes], Path]:
            log = tmp_path / f"log-{time.monotonic_ns()}"
            own = {"DATA_DIR": str(tmp_path / "data"), "PORT": str(port), "DEBUG": "1"}
            own |= {"DATABASE_URL": "", "SMTP_URL": "", "BASE_URL": ""}
            with log.open("wb") as output:
                process = subprocess.Popen(
                    COMMAND, cwd=ROOT, env=os.environ | own | settings, stdout=output, stderr=output
                )
            running.callback(process.wait, 40)
            running.callback(process.terminate)
            return process, log

        yield begin


def links_in(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """The printed links, once they are there."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if "Ctrl-C" in log.read_text():
            return dict(re.findall(r"^  (\w+) +(http\S+)$", log.read_text(), re.MULTILINE))
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"no links were printed:\n{log.read_text()}")


def test_four_links_answer_and_ctrl_c_stops_everything(start: Start) -> None:
    port = free_port()
    process, log = start(port)
    links = links_in(process, log)
    assert set(links) == {"Meetup", "Desk", "Door", "Outbox"}
    for name, link in links.items():
        with urllib.request.urlopen(link, timeout=10) as answer:
            assert answer.status == 200, name
    process.send_signal(signal.SIGINT)
    assert process.wait(35) == 0
    again, second = start(port)
    assert set(links_in(again, second)) == set(links), "the port is free and the demo was loaded once"
    again.send_signal(signal.SIGTERM)
    assert again.wait(35) == 0


def test_a_taken_port_is_said_in_plain_words(start: Start) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process, log = start(port)
        assert process.wait(30) == 1
    assert f"port {port} is taken" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_invented_people_are_refused_outside_debug_mode(start: Start) -> None:
    process, log = start(free_port(), DEBUG="0")
    assert process.wait(30) == 1
    assert "DEBUG=1" in log.read_text()
