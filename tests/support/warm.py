"""Web servers and mail workers out of a process that has imported the application: importing it takes two seconds of
work, and a test run starts some two hundred. From the fork on each is the process that `flask serve` starts, with
settings of its own.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from config import ROOT
from tests.support.compiled import share_compiled_templates
from tests.support.postgres import die_with_parent

WEB = ("app.http_server",)
WORKER = ("flask", "--app", "wsgi", "worker")


class Warm:
    """The process that forks servers; it ends with the test process, whose end closes its standard input."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.exits: dict[int, int] = {}
        self._rest = b""

    def start(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> Forked:
        """`python -m` that command, which adds to `log`."""
        assert self._process.stdin
        asked = {"command": command, "env": env, "log": str(log)}
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        while (pid := self._hear(60)) is None:
            pass
        return Forked(self, pid)

    def hear(self, seconds: float) -> None:
        """Wait at most so long for the end of a server."""
        assert self._hear(seconds) is None

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def _hear(self, seconds: float) -> int | None:
        """The number of a server that has just been started, if that is what is said next."""
        assert self._process.stdout
        while b"\n" not in self._rest:
            if not select.select([self._process.stdout], [], [], seconds)[0]:
                return None
            said = os.read(self._process.stdout.fileno(), 65536)
            assert said, "the process that starts servers has ended"
            self._rest += said
        line, _, self._rest = self._rest.partition(b"\n")
        told: dict[str, int] = json.loads(line)
        if "exit" not in told:
            return told["pid"]
        self.exits[told["pid"]] = told["exit"]
        return None


class Forked:
    """A server's process, as `subprocess.Popen` has it."""

    def __init__(self, warm: Warm, pid: int) -> None:
        self._warm, self.pid = warm, pid

    def poll(self) -> int | None:
        if self.pid not in self._warm.exits:
            self._warm.hear(0)
        return self._warm.exits.get(self.pid)

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while self.pid not in self._warm.exits:
            if (left := until - time.monotonic()) <= 0:
                raise subprocess.TimeoutExpired("a server", timeout)
            self._warm.hear(left)
        return self._warm.exits[self.pid]

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def main() -> None:
    """Fork a server for each line that comes in; tell its number, and later how it ended."""
    _import_everything()
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    while True:
        ready, _, _ = select.select([sys.stdin.buffer.raw, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends()
        if sys.stdin.buffer.raw in ready:
            if not (line := sys.stdin.buffer.raw.readline()):
                return
            _tell(pid=_fork(json.loads(line)))


def _import_everything() -> None:
    """Blueprints import some of it only as an application is made."""
    from app import create_app
    from tests.support.databases import settings_for

    share_compiled_templates()
    with tempfile.TemporaryDirectory() as folder:
        create_app(settings_for(f"sqlite:///{folder}/none.sqlite3", Path(folder)))
    import app.http_server  # noqa: F401


def _fork(asked: dict[str, Any]) -> int:
    return os.fork() or _run(asked["command"], asked["env"], asked["log"])


def _run(command: list[str], env: dict[str, str], log: str) -> NoReturn:
    die_with_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number, target in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(number, target)
    os.environ.clear()
    os.environ.update(env)
    code = 1
    try:
        module, sys.argv = command[0], list(command)
        sys.modules.pop(module if module.startswith("app.") else f"{module}.__main__", None)
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tell_ends() -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _tell(pid=ended[0], exit=os.waitstatus_to_exitcode(ended[1]))


def _tell(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    main()
