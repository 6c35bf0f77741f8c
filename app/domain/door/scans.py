"""What a phone says about one scan, read with distrust: anything may arrive, nothing may break.

A scan is never dropped for a bad time, a long payload or strange characters. Only what cannot be
told apart from other scans (no id) or says nothing that can be judged is malformed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.door.ledger import EVERYONE
from app.domain.door.tickets import parse_code

METHODS = frozenset({"camera", "typed", "list"})
DESK = "desk"
ENTRY, EXIT = "entry", "exit"
PARTY = "party"
OVERRIDE = "override"
FIELDS = ("id", "code", "registration", "kind", "scanned_at", "gate", "method", "payload")
PAYLOAD_KEPT = 200
REASON_KEPT = 200
GATE_KEPT = 80
MOST_SKEW_MS = 10**12  # thirty years
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_REFERENCE = re.compile(r"[0-9A-Z]{4,40}")


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan as it is judged and stored. Neither `code` nor `registration`: it was no ticket.

    `let_in`: how many people the phone let in by its own list before it had an answer; None: it doesn't say. A phone
    learns that after it first sent the scan, so it is no part of what makes two bodies the same. Nor is `skew`, how far
    the server's clock was ahead of the phone's when it scanned, as far as it knew; nor `by_guest`, that it was made at a
    self check-in tablet, which may be sent by the staff phone that the tablet has become.
    """

    id: str
    leaves: bool  # an exit
    code: str | None
    registration: str | None
    method: str
    gate: str | None
    payload: str | None
    scanned_at: object
    body_hash: bytes
    let_in: int | None = None
    skew: dt.timedelta | None = None
    by_guest: bool = False


@dataclass(frozen=True, slots=True)
class PartyScan:
    """Not all of a party came in, or went out, by the scan `of`, but so many."""

    id: str
    of: str
    admits: int
    scanned_at: object
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class OverrideScan:
    """A supervisor let in whom the scan `of` did not, and says why."""

    id: str
    of: str
    reason: str
    scanned_at: object
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Malformed:
    """An item that is no scan; `id` as far as it could be read."""

    id: str | None


Remark = PartyScan | OverrideScan  # what is said of a scan
Item = Scan | Remark | Malformed


def read_item(item: object) -> Item:
    """What a phone's batch may hold: a scan, or what is said of one."""
    kind = item.get("kind") if isinstance(item, Mapping) else None
    if isinstance(item, Mapping) and kind == PARTY:
        return _read_party(item)
    if isinstance(item, Mapping) and kind == OVERRIDE:
        return _read_override(item)
    return read_scan(item)


def from_kiosk(item: Item) -> Item:
    """What a self check-in tablet may send: that somebody comes in and held up a ticket, and how many of a party they are.

    Nobody is picked there by name.
    """
    if isinstance(item, Malformed | PartyScan) or (isinstance(item, Scan) and item.code and not item.leaves):
        return item
    return Malformed(item.id)


def _read_override(item: Mapping[str, Any]) -> OverrideScan | Malformed:
    key, of, reason = read_id(item.get("id")), read_id(item.get("of")), clean(item.get("reason"), REASON_KEPT)
    if key is None or of is None or reason is None:
        return Malformed(_echo(item.get("id")))
    told = {name: item.get(name) for name in ("id", "kind", "of", "reason", "scanned_at")}
    return OverrideScan(key, of, reason, item.get("scanned_at"), body_hash(told))


def _read_party(item: Mapping[str, Any]) -> PartyScan | Malformed:
    key, of, admits = read_id(item.get("id")), read_id(item.get("of")), item.get("admits")
    if key is None or of is None or type(admits) is not int or not 1 <= admits <= EVERYONE:
        return Malformed(_echo(item.get("id")))
    told = {name: item.get(name) for name in ("id", "kind", "of", "admits", "scanned_at")}
    return PartyScan(key, of, admits, item.get("scanned_at"), body_hash(told))


def read_scan(item: object, methods: Collection[str] = METHODS) -> Scan | Malformed:
    """The scan in one item of a batch, made by one of `methods`."""
    if not isinstance(item, Mapping):
        return Malformed(None)
    scan_id = read_id(item.get("id"))
    if scan_id is None:
        return Malformed(_echo(item.get("id")))
    if not _is_judgeable(item, methods):
        return Malformed(_echo(item["id"]))
    code, registration, payload = item.get("code"), item.get("registration"), item.get("payload")
    return Scan(
        id=scan_id,
        leaves=item.get("kind") == EXIT,
        code=parse_code(code) if code else None,
        registration=registration if registration and _REFERENCE.fullmatch(registration) else None,
        method=item.get("method") or "camera",
        gate=clean(item.get("gate"), GATE_KEPT),
        payload=None if payload and parse_code(payload) else clean(payload, PAYLOAD_KEPT),
        scanned_at=item.get("scanned_at"),
        body_hash=body_hash({name: item.get(name) for name in FIELDS}),
        let_in=_people(item.get("let_in")) if item.get("kind") == ENTRY else None,
        skew=_skew(item.get("skew")),
        by_guest=item.get("self") is True,
    )


def read_id(text: object) -> str | None:
    """A UUID made by a phone, in lower case."""
    if not isinstance(text, str) or len(text) != 36:
        return None
    lower = text.lower()
    return lower if _UUID.fullmatch(lower) else None


def body_hash(body: Mapping[str, Any]) -> bytes:
    """The same for a repeated upload, different for another scan under a used id."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()[:16]


def clean(text: object, limit: int) -> str | None:
    """Text for the ledger: no control characters, no half characters, at most `limit` long."""
    if not isinstance(text, str):
        return None
    kept = "".join(c for c in text[: 4 * limit] if unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()[:limit] or None


def _is_judgeable(item: Mapping[str, Any], methods: Collection[str]) -> bool:
    texts = (item.get(name) for name in ("code", "registration", "gate", "method", "payload"))
    return (
        item.get("kind") in (ENTRY, EXIT)
        and all(value is None or isinstance(value, str) for value in texts)
        and (item.get("method") or "camera") in methods
        and not (item.get("code") and item.get("registration"))
    )


def _people(given: object) -> int | None:
    return given if type(given) is int and 0 <= given <= EVERYONE else None


def _skew(given: object) -> dt.timedelta | None:
    """Milliseconds; a phone that has never heard from the server says 0, and knows nothing."""
    known = type(given) in (int, float) and 0 < abs(given) < MOST_SKEW_MS  # type: ignore[arg-type]
    return dt.timedelta(milliseconds=given) if known else None  # type: ignore[arg-type]


def _echo(given: object) -> str | None:
    return given if isinstance(given, str) and len(given) <= 100 else None
