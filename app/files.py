"""Files that we write: whole or not at all."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from pathlib import Path

LONGEST_NAME = 180  # bytes: most disks take 255, and a browser may add " (1)"


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


def download_name(text: str, kind: str) -> str:
    """A name for a download that every system takes, in any script: one line, single blanks, no separators, no signs
    that turn the writing direction (they can make a program look like a list), and short enough for every disk."""
    plain = "".join(
        " " if c in '\\/:*?"<>|' or c.isspace() else c for c in unicodedata.normalize("NFC", text)
    )
    kept = "".join(c for c in plain if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    short = " ".join(kept.split()).encode()[:LONGEST_NAME].decode(errors="ignore")
    return f"{short.strip(' .') or 'list'}.{kind}"
