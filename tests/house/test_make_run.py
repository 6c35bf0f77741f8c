"""What `make run` starts: the demo, the web, the worker, four links, and a clean end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlencode, urljoin

import pytest
from flask import Flask

from app.demo import loading
from config import ROOT, Settings
from tests.support.client import Page
from tests.support.server import free_port

Start = Callable[..., tuple[subprocess.Popen[bytes], Path]]
SETTINGS = {field.name for field in fields(Settings)}
OF_MAKE = {
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
}  # by which a make says more when another runs it, as `make test` does
COPIED = {"Makefile", "config.py", "wsgi.py"}  # these find the folder, and its .env, by where they are


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's folder as somebody else has it, with a `.env` of their own or none."""
    folder = tmp_path / "dongmun"
    folder.mkdir()
    for name in ("app", "templates", "static", "docs", "scripts", ".venv", "requirements.txt", *COPIED):
        shutil.copy(ROOT / name, folder) if name in COPIED else (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """A function that starts it by the very line that `make run` runs: the process and its log.

    What still runs at the end is stopped.
    """
    nothing_set = {name: text for name, text in os.environ.items() if name not in SETTINGS | OF_MAKE}
    told = {"cwd": folder, "env": nothing_set, "capture_output": True, "text": True}
    said = subprocess.run(["make", "-n", "run"], check=True, **told)  # type: ignore[call-overload]
    command = said.stdout.splitlines()[-1]
    with ExitStack() as running:

        def begin(port: int, **settings: str) -> tuple[subprocess.Popen[bytes], Path]:
            log = folder / f"log-{time.monotonic_ns()}"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    ["sh", "-c", command],
                    cwd=folder,
                    env=nothing_set | {"PORT": str(port)} | settings,
                    stdout=output,
                    stderr=output,
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


def pages_behind(link: str) -> list[str]:
    """What a fresh browser shows at a printed link, and after the button where that asks to sign in."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("Accept-Language", "en")]
    with browser.open(link, timeout=10) as answer:
        pages = [answer.read().decode()]
    for form in Page(pages[0]).forms:
        if form.action.startswith("/sign-in/"):
            with browser.open(urljoin(link, form.action), urlencode(form.fields, True).encode()) as answer:
                pages.append(answer.read().decode())
    return pages


def headings(pages: list[str]) -> list[str]:
    found = [re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL) for page in pages]
    return [heading[1].strip() if heading else "no heading" for heading in found]


def test_four_links_show_what_they_say_and_ctrl_c_stops_everything(start: Start) -> None:
    port = free_port()
    process, log = start(port)
    links = links_in(process, log)
    assert {name: headings(pages_behind(link)) for name, link in links.items()} == {
        "Meetup": ["Alumni meetup: together again"],
        "Desk": ["Sign in to the desk", "Machine Learning Bootcamp"],
        "Door": ["Sign in to the desk", "Door"],
        "Outbox": ["Sent mails"],
    }
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


def test_what_the_env_file_says_of_debug_mode_holds(start: Start, folder: Path) -> None:
    (folder / ".env").write_text("DEBUG=0\n")
    process, log = start(free_port())
    assert process.wait(30) == 1
    assert "DEBUG=1" in log.read_text()
    assert not (folder / "data/dongmun.sqlite3").exists(), "nothing was made, let alone filled"


def test_the_demo_called_by_itself_is_refused_outside_debug_mode(app: Flask) -> None:
    for arguments in (["demo", "load"], ["demo", "load", "--if-empty"]):
        said = app.test_cli_runner().invoke(args=arguments)
        assert (said.exit_code, "DEBUG=1" in said.output) == (1, True)
    assert loading.is_empty()
