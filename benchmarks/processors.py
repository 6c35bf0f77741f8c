"""Who uses the processors meanwhile: the bench with everything it started, and everybody else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """From its making on: how much of the processors other programs use. They take it from the figures."""

    def __init__(self) -> None:
        self._began, self._busy, self._own = time.monotonic(), _busy(), _own()

    def others(self) -> float:
        """Processors used by others, on average; 0.5 is half of one."""
        ours = _own() - self._own
        return max(0.0, (_busy() - self._busy - ours) / TICKS / (time.monotonic() - self._began))


def descendants(root: int) -> Iterator[int]:
    """The process ids below `root`."""
    parents: dict[int, list[int]] = {}
    for process, fields in _processes():
        parents.setdefault(int(fields[1]), []).append(process)
    stack = [root]
    while stack:
        children = parents.get(stack.pop(), [])
        stack.extend(children)
        yield from children


def work_below() -> float:
    """Seconds of processors that the processes below this one have used so far; those that run, and what they waited for."""
    ours = set(descendants(os.getpid()))
    return sum(sum(map(int, fields[11:15])) for process, fields in _processes() if process in ours) / TICKS


def _busy() -> int:
    """Ticks in which a processor had work, since the machine started."""
    user, nice, system, _idle, _waiting, irq, soft, steal = map(int, _first_line().split()[1:9])
    return user + nice + system + irq + soft + steal


def _first_line() -> str:
    with Path("/proc/stat").open(encoding="ascii") as file:
        return file.readline()


def _own() -> int:
    """Ticks of this process and all below it, those that have ended included."""
    ours = {os.getpid(), *descendants(os.getpid())}
    return sum(sum(map(int, fields[11:15])) for process, fields in _processes() if process in ours)


def _processes() -> Iterator[tuple[int, list[str]]]:
    """(process id, its fields in /proc/<id>/stat from the state on)."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield int(path.parent.name), path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
