"""Files that we write: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def keep_private() -> None:
    """What this process and its children make from now on is its user's alone: the database, uploads."""
    os.umask(0o077)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` so that a reader, or a restart, finds the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
