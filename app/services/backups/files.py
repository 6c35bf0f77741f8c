"""The folder of backups: the files, and beside each what became of it, as a small file that survives a restore."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from flask import current_app

from app.clock import now
from app.domain.backups import MADE_KEPT, SAFETY_KEPT, Kind, Step
from app.files import write_atomically

_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
COPY = 1024 * 1024
LEFT_AFTER = dt.timedelta(hours=1)  # nobody writes on: who wrote it was killed
UNDER_WAY = (Step.ASKED, Step.RUNNING)


@dataclass(frozen=True)
class Backup:
    """One file. `put_back` is how far its return into the database is, if it was asked for; `by` asked for the file,
    `put_back_by` for its return."""

    name: str
    kind: Kind
    step: Step
    by: int | None
    asked_at: str
    done: int = 0
    total: int = 0
    downloaded: bool = False
    put_back: Step | None = None
    put_back_by: int | None = None
    put_back_session: str = ""
    put_back_no: str = ""
    safety: str = ""

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.asked_at)

    @property
    def goes_at(self) -> dt.datetime:
        return self.at + (SAFETY_KEPT if self.kind is Kind.SAFETY else MADE_KEPT)

    @property
    def is_busy(self) -> bool:
        return self.step in UNDER_WAY or self.put_back_busy

    @property
    def put_back_busy(self) -> bool:
        return self.put_back in UNDER_WAY

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file.exists() else 0

    @property
    def file(self) -> Path:
        return folder() / f"{self.name}.zip"


def folder() -> Path:
    data: Path = current_app.config["SETTINGS"].DATA_DIR
    return data / "backups"


def restoring() -> Path:
    """Lies there while a backup is put back: nobody is served meanwhile."""
    return folder() / "restoring"


def new(kind: Kind, by: int | None, step: Step = Step.ASKED) -> Backup:
    at = now()
    name = f"{at:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    return note(Backup(name=name, kind=kind, step=step, by=by, asked_at=at.isoformat()))


def note(backup: Backup, **changes: Any) -> Backup:
    """Write down how it stands now."""
    changed = replace(backup, **changes)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    write_atomically(folder() / f"{changed.name}.json", json.dumps(asdict(changed)).encode())
    return changed


def found(name: str) -> Backup | None:
    """By its name; None for one that is not, or no longer, there."""
    if not _NAME.fullmatch(name):
        return None
    try:
        said = json.loads((folder() / f"{name}.json").read_bytes())
    except FileNotFoundError:
        return None
    put_back = Step(said["put_back"]) if said["put_back"] else None
    return Backup(**said | {"kind": Kind(said["kind"]), "step": Step(said["step"]), "put_back": put_back})


def all_of_them() -> list[Backup]:
    """The latest first."""
    names = (path.stem for path in folder().glob("*.json"))
    return sorted(filter(None, map(found, names)), key=lambda each: each.name, reverse=True)


def forget_old() -> int:
    """Delete what has served its time: a backup also holds what was destroyed and erased since."""
    over = [each for each in all_of_them() if each.goes_at < now() and not each.is_busy]
    for each in over:
        remove(each)
    return len(over) + _forget_halves()


def _forget_halves() -> int:
    """Delete what a killed process left half written."""
    before = (now() - LEFT_AFTER).timestamp()
    left = [path for path in folder().glob("*.part") if path.stat().st_mtime < before]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def remove(backup: Backup) -> None:
    """The file, and what was noted of it."""
    backup.file.unlink(missing_ok=True)
    (folder() / f"{backup.name}.json").unlink(missing_ok=True)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether this process, of all workers, may do what was asked. One that dies lets go of it."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(folder() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(lock)


def keep_upload(upload: IO[bytes], by: int) -> Backup:
    """A file as it came, to be looked at before anything is done with it."""
    backup = new(Kind.UPLOADED, by, Step.DONE)
    try:
        with os.fdopen(os.open(backup.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while part := upload.read(COPY):
                file.write(part)
    except BaseException:
        remove(backup)
        raise
    return backup
