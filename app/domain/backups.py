"""What a backup says of itself, and whether this installation may put it back."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
MADE_KEPT, SAFETY_KEPT = dt.timedelta(days=1), dt.timedelta(days=3)


class Kind(enum.StrEnum):
    """Why a file lies among the backups."""

    MADE = "made"  # at an owner's wish
    SAFETY = "safety"  # by itself, before another was put back
    UPLOADED = "uploaded"


class Step(enum.StrEnum):
    """How far a job is."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Fault(enum.StrEnum):
    """Why a file cannot be put back."""

    UNREADABLE = "backup_unreadable"
    DAMAGED = "backup_damaged"
    OTHER_KEYS = "backup_other_keys"
    OTHER_SCHEMA = "backup_other_schema"
    OTHER_PAST = "backup_other_past"


@dataclass(frozen=True)
class Manifest:
    """The first thing to read in a backup. `tables`: columns, number of rows and digest of each table's file."""

    made_at: str
    schema: str
    tables: dict[str, dict[str, Any]]
    uploads: list[str] = field(default_factory=list)
    seal: str = ""
    format: int = FORMAT

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.made_at)

    def rows(self, table: str) -> int:
        return int(self.tables.get(table, {}).get("rows", 0))

    def sealed(self, key: bytes) -> Manifest:
        """Under the installation's keys, so that one of another, or a changed one, is known."""
        return Manifest(**asdict(self) | {"seal": self._digest(key)})

    def is_sealed(self, key: bytes) -> bool:
        """Whatever somebody wrote there, also what is no digest at all."""
        return hmac.compare_digest(self.seal.encode(errors="replace"), self._digest(key).encode())

    def text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def _digest(self, key: bytes) -> str:
        said = json.dumps(asdict(self) | {"seal": ""}, sort_keys=True).encode()
        return hmac.new(key, said, hashlib.sha256).hexdigest()


def read(text: str | bytes) -> Manifest:
    """Raises `ValueError` for what no backup says."""
    try:
        found = Manifest(**json.loads(text))
        _ = found.at, found.seal.isascii(), [int(each["rows"]) for each in found.tables.values()]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("not a backup's manifest") from error
    if found.format != FORMAT:
        raise ValueError("a format that is newer than we are")
    return found


def fault(manifest: Manifest, schema: str | None, key: bytes) -> Fault | None:
    """What speaks against putting it back, apart from what its files hold."""
    if not manifest.is_sealed(key):
        return Fault.OTHER_KEYS
    return None if manifest.schema == schema else Fault.OTHER_SCHEMA
