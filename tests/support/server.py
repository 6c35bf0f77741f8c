"""The real thing for tests: granian with its worker processes, and our mail worker, on a free port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from config import ROOT, Settings
from tests.support.warm import WEB, WORKER, Forked, Warm

START_SECONDS = (
    120  # what a machine may need that does much else; one that fails to start ends, and is not waited for
)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """`flask serve` as a subprocess, or its processes without their supervisor out of a `warm` one; `url` is where it answers."""

    def __init__(
        self, settings: Settings, log: Path, *, worker: bool = True, warm: Warm | None = None
    ) -> None:
        self.settings, self.url, self._log = settings, settings.base_url, log
        env = environment(settings)
        self._process, *self._beside = (
            _forked(warm, env, log, worker=worker) if warm else [_supervised(env, log, worker=worker)]
        )
        self._wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(errors="replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it as an operator would; its exit code."""
        running = [self._process, *self._beside]
        for each in running:
            each.send_signal(number)
        try:
            ended = [each.wait(40) for each in running]
        except subprocess.TimeoutExpired:
            for each in running:
                each.kill()
            raise
        return ended[0]

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        scheme = "https" if self.settings.TLS_CERTIFICATE else "http"
        while time.monotonic() < until and self._process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{scheme}://127.0.0.1:{self.settings.PORT}/livez", timeout=2).close()
                return
            time.sleep(0.05)
        self._process.kill()
        raise RuntimeError(f"the server did not start:\n{self.log}")


def _forked(
    warm: Warm, env: dict[str, str], log: Path, *, worker: bool
) -> list[Forked | subprocess.Popen[bytes]]:
    return [warm.start(command, env, log) for command in ([WEB, WORKER] if worker else [WEB])]


def _supervised(env: dict[str, str], log: Path, *, worker: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    command += [] if worker else ["--no-worker"]
    with log.open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)


@contextlib.contextmanager
def serving(settings: Settings, log: Path, **how: Any) -> Iterator[Server]:
    """A running server for the length of a `with` block."""
    server = Server(settings, log, **how)
    try:
        yield server
    finally:
        server.stop()


def environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, with nothing else of this machine's settings."""
    names = {field.name for field in fields(Settings)}
    kept = {name: value for name, value in os.environ.items() if name not in names}
    given = {name: _text(getattr(settings, name)) for name in names}
    return kept | given | {"FLASK_SKIP_DOTENV": "1"}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)
