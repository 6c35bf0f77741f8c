"""The write gate: SQLite's writers of all threads and processes, one at a time.

SQLite lets one writer in and makes the others poll; under load some starve for half a second. A
file lock lets the operating system queue them instead.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path


class WriteGate:
    """A lock for the threads of this process and, through a lock file, for other processes.

    `path=None` (a database in memory) locks threads only. The file is opened after a fork, never
    inherited: a lock file shared with a parent would not exclude it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._threads = threading.Lock()
        self._file: int | None = None
        self._owner = 0

    def acquire(self) -> None:
        self._threads.acquire()
        try:
            if (file := self._opened()) is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def release(self) -> None:
        try:
            if self._file is not None:
                fcntl.flock(self._file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def _opened(self) -> int | None:
        if self._path is None:
            return None
        if self._file is None or self._owner != os.getpid():
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._owner = os.getpid()
        return self._file
