"""What `make run` starts: the demo, the web, the worker, four links, and a clean end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config import ROOT
from tests.support.server import free_port

COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "develop"]


def started(folder: Path, port: int, **settings: str) -> tuple[subprocess.Popen[bytes], Path]:
    log = folder / f"log-{time.monotonic_ns()}"
    own = {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": "",
        "PORT": str(port),
        "SMTP_URL": "",
        "BASE_URL": "",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            COMMAND, cwd=ROOT, env=os.environ | own | {"DEBUG": "1"} | settings, stdout=output, stderr=output
        )
    return process, log


def links_in(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """The printed links, once they are there."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if "Ctrl-C" in log.read_text():
            return dict(re.findall(r"^  (\w+) +(http\S+)$", log.read_text(), re.MULTILINE))
        time.sleep(0.05)
    process.kill()
    pytest.fail(f"no links were printed:\n{log.read_text()}")


def test_four_links_answer_and_ctrl_c_stops_everything(tmp_path: Path) -> None:
    port = free_port()
    process, log = started(tmp_path, port)
    links = links_in(process, log)
    assert set(links) == {"Meetup", "Desk", "Door", "Outbox"}
    for name, link in links.items():
        with urllib.request.urlopen(link, timeout=10) as answer:
            assert answer.status == 200, name
    process.send_signal(signal.SIGINT)
    assert process.wait(35) == 0
    again, second = started(tmp_path, port)
    assert set(links_in(again, second)) == set(links), "the port is free and the demo was loaded once"
    again.send_signal(signal.SIGTERM)
    assert again.wait(35) == 0


def test_a_taken_port_is_said_in_plain_words(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process, log = started(tmp_path, port)
        assert process.wait(30) == 1
    assert f"port {port} is taken" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_invented_people_are_refused_outside_debug_mode(tmp_path: Path) -> None:
    process, log = started(tmp_path, free_port(), DEBUG="0")
    assert process.wait(30) == 1
    assert "DEBUG=1" in log.read_text()
