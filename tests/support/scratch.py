"""Where tests keep what nobody reads after them: in memory where the machine has room, since a disk that is told to
keep each commit safe is what most tests would otherwise wait for.

TMPDIR chosen by whoever runs the tests stays as it is, and what lies there can be looked at afterwards.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3
PREFIX = "dongmun-scratch-"


def keep_in_memory() -> None:
    """From now on this process and those that it starts make their temporary files in memory; they go when it ends."""
    if "TMPDIR" in os.environ or not _has_room(MEMORY):
        return
    _sweep()
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o755)
    atexit.register(_remove, folder, os.getpid())
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def _has_room(folder: Path) -> bool:
    """PostgreSQL runs from there, too; containers often forbid it, or leave 64 MB."""
    if not os.access(folder, os.W_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


def _sweep() -> None:
    """Remove what runs left that were killed."""
    for each in MEMORY.glob(f"{PREFIX}*"):
        if not Path(f"/proc/{each.name.removeprefix(PREFIX)}").exists():
            shutil.rmtree(each, ignore_errors=True)


def _remove(folder: Path, owner: int) -> None:
    """Only by the process that made it; a fork of it ends earlier."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
