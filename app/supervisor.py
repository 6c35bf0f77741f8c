"""Runs the installation's processes as one: starts them, restarts a crashed one, drains them all.

Every child leads a process group of its own, so that Ctrl-C reaches it once and through us, and so
that nothing of it outlives it. The kernel ends the children when the supervisor itself is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from types import FrameType

log = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1
DRAIN_SECONDS = 30.0
SETTLED_SECONDS = 10.0  # who lived that long had started well
LONGEST_PAUSE = 30.0
FALSE_STARTS = 5  # in a row; then something is wrong that a restart will not mend
TICK = 0.1


class Child:
    """One process that should always run."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._start_at = 0.0
        self.false_starts = 0

    def tend(self, now: float) -> None:
        """Start it when its time has come; note its end when it has ended."""
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
        elif self._process.poll() is not None:
            self._ended(now)

    def drain(self) -> None:
        """Ask its whole group to finish. Asking again is harmless, and reaches who was still starting."""
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def sweep(self) -> None:
        """End whatever is left of its process group."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self, now: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        self._started = now

    def _ended(self, now: float) -> None:
        assert self._process is not None  # noqa: S101 - for the type checker
        self.sweep()
        self.false_starts = 0 if now - self._started > SETTLED_SECONDS else self.false_starts + 1
        pause = min(0.5 * 2**self.false_starts, LONGEST_PAUSE)
        code = self._process.returncode
        log.error("a process ended", extra={"child": self.name, "code": code, "restart_in": pause})
        self._process, self._start_at = None, now + pause


class Supervisor:
    """Tends `children` until it is asked to stop; `run()` returns the exit code."""

    def __init__(
        self,
        children: Sequence[Child],
        drain_seconds: float = DRAIN_SECONDS,
        when_up: Callable[[], bool] | None = None,
    ) -> None:
        self._children = children
        self._drain_seconds = drain_seconds
        self._when_up = when_up
        self._asked_to_stop = 0

    def run(self) -> int:
        """0 after a requested stop, 1 when a process cannot be kept running."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            return self._tend()
        finally:
            self._drain()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_to_stop += 1

    def _tend(self) -> int:
        while not self._asked_to_stop:
            for child in self._children:
                child.tend(time.monotonic())
                if child.false_starts >= FALSE_STARTS:
                    log.critical("a process does not start", extra={"child": child.name})
                    return 1
            if self._when_up and self._when_up():
                self._when_up = None
            time.sleep(TICK)
        return 0

    def _drain(self) -> None:
        """Let everything finish what it began; a second signal, or the time limit, ends it at once."""
        until, patience, ask_at = time.monotonic() + self._drain_seconds, max(self._asked_to_stop, 1), 0.0
        while any(child.is_running() for child in self._children):
            if time.monotonic() > until or self._asked_to_stop > patience:
                break
            if time.monotonic() >= ask_at:
                for child in self._children:
                    child.drain()
                ask_at = time.monotonic() + 1
            time.sleep(TICK / 2)
        for child in self._children:
            child.sweep()


def _die_with_parent() -> None:
    """In the child, before its program: ask the kernel for SIGTERM when the supervisor is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
