"""How the audit trail is sealed: each seal says a range of entries and the seal before it, under the server's own key.

Whoever changes, adds or removes an entry afterwards would have to make every later seal anew, which takes the key. The
reason of an entry goes in by its mark alone, so that a text that an erasure has to empty may go without breaking a seal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

START = ""  # what the first seal continues


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal says of an entry. `program_id` is None for what is above programmes."""

    id: int
    at: dt.datetime
    program_id: int | None
    actor: str
    act: str
    subject: str
    reason_mark: str
    details: dict[str, Any]

    def line(self) -> str:
        """One JSON array, the same on every database."""
        at = self.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        values = [
            self.id, at, self.program_id, self.actor, self.act, self.subject, self.reason_mark, self.details,
        ]  # fmt: skip
        return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def reason_mark(key: bytes, reason: str) -> str:
    """What stands for a reason in the seal; nothing for none."""
    return _keyed(key, "reason", [reason]) if reason else ""


def digest(key: bytes, before: str, lines: Iterable[str]) -> str:
    """The seal over these lines that follows the seal `before`, as 64 hexadecimal digits (HMAC-SHA-256)."""
    return _keyed(key, before, lines)


def is_same(one: str, other: str) -> bool:
    """Whether two digests or marks are equal."""
    return hmac.compare_digest(one, other)


def _keyed(key: bytes, first: str, lines: Iterable[str]) -> str:
    made = hmac.new(key, first.encode(), hashlib.sha256)
    for line in lines:
        made.update(b"\n" + line.encode())
    return made.hexdigest()
