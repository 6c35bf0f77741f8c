"""The sealed list: what a phone without a network knows of tickets, readable only with a ticket in front of it.

A ticket's code yields where its record lies and the key that opens it. The contract is docs/door-api.md, its
worked examples are tests/contract/sealing.json.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.door.admission import Presented, Verdict, judge
from app.domain.registering.registrations import Status

ADMITTED = "admitted"
BUCKETS = 256
LOOKUP_LENGTH, NONCE_LENGTH, SIZE_LENGTH, TAG_LENGTH = 16, 12, 2, 4
BLOCK = 64  # so that the length of a record hardly tells the length of a name
HEAD_LENGTH = LOOKUP_LENGTH + NONCE_LENGTH + SIZE_LENGTH
_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Record:
    """What a ticket's record says; `state` is `ADMITTED` or the verdict by which the door refuses it."""

    name: str
    cohort: str
    reference: str
    state: str
    note: str | None = None
    people: int = 1  # on this ticket, its holder among them
    released: str | None = None  # when the seat of somebody who waits was released at the door
    host: str | None = None  # of somebody who isn't on the list of the larger event's host, or perhaps
    table: int | None = None  # at which they sit, of whom the door lets in, once people see it
    why: str | None = None  # of somebody whose attendance isn't confirmed: how their registration stands


def state(status: Status, *, revoked: bool, called_off: bool) -> str:
    """The verdict that a ticket of this door gets as it stands. Who is in already, the arrivals say."""
    verdict = judge(Presented(status, revoked=revoked, called_off=called_off))
    return ADMITTED if verdict is Verdict.OK else verdict.value


def why(status: Status, state: str) -> str | None:
    """What tells those apart whom one verdict refuses: not selected yet, offered a seat, and so on."""
    return status.value if state == Verdict.UNAPPROVED else None


def lookup(code: str, meetup: int) -> bytes:
    """Where a code's record lies; leads back to no code, and to another place at every meetup."""
    return _derived(code, "lookup", meetup)[:LOOKUP_LENGTH]


def seal_key(code: str, meetup: int) -> bytes:
    return _derived(code, "seal", meetup)


def bucket_of(found: bytes) -> int:
    return found[0]


def plain(record: Record) -> bytes:
    """The record's text, filled up with blanks."""
    says: dict[str, object] = {
        "n": record.name,
        "c": record.cohort,
        "r": record.reference,
        "s": record.state,
        "g": record.note,
    }
    if record.people > 1:
        says["p"] = record.people
    if record.released:
        says["v"] = record.released
    if record.host:
        says["x"] = record.host
    if record.table:
        says["b"] = record.table
    if record.why:
        says["t"] = record.why
    text = _compact(says).encode()
    return text + b" " * (-len(text) % BLOCK)


def seal(text: bytes, code: str, meetup: int, nonce: bytes) -> bytes:
    """A record as it lies in its bucket. `nonce` must be random and used for nothing else."""
    at = lookup(code, meetup)
    sealed = AESGCM(seal_key(code, meetup)).encrypt(nonce, text, _bound_to(at, meetup))
    return at + nonce + len(sealed).to_bytes(SIZE_LENGTH) + sealed


def find(bucket: bytes, code: str, meetup: int) -> Record | None:
    """A code's record in its bucket. One that was altered, or moved from elsewhere, counts as none."""
    wanted, at = lookup(code, meetup), 0
    while at + HEAD_LENGTH <= len(bucket):
        head, start = bucket[at : at + HEAD_LENGTH], at + HEAD_LENGTH
        end = start + int.from_bytes(head[-SIZE_LENGTH:])
        if end > len(bucket):
            return None
        if head[:LOOKUP_LENGTH] == wanted:
            return _opened(head, bucket[start:end], code, meetup)
        at = end
    return None


def mark(secret: bytes, meetup: int, bucket: int, records: Iterable[tuple[bytes, bytes]]) -> bytes:
    """What a bucket holds, as 32 bytes: its tag is the first `TAG_LENGTH` of them.

    Made of each record's look-up and plain text, so that every process that knows `secret` makes the same
    one, however often it seals; without the secret it says nothing about names.
    """
    told = hmac.new(secret, f"1|{meetup}|{bucket}|".encode(), "sha256")
    for at, text in sorted(records):
        told.update(at + len(text).to_bytes(4) + text)
    return told.digest()


def _derived(code: str, purpose: str, meetup: int) -> bytes:
    return hmac.digest(code.encode(), f"{purpose}|{meetup}".encode(), "sha256")


def _bound_to(at: bytes, meetup: int) -> bytes:
    return at + str(meetup).encode()


def _opened(head: bytes, sealed: bytes, code: str, meetup: int) -> Record | None:
    at, nonce = head[:LOOKUP_LENGTH], head[LOOKUP_LENGTH : LOOKUP_LENGTH + NONCE_LENGTH]
    try:
        text = AESGCM(seal_key(code, meetup)).decrypt(nonce, sealed, _bound_to(at, meetup))
    except InvalidTag:
        return None
    said = json.loads(text)
    told = (said["n"], said["c"], said["r"], said["s"], said["g"])
    return Record(
        *told,
        people=said.get("p", 1),
        released=said.get("v"),
        host=said.get("x"),
        table=said.get("b"),
        why=said.get("t"),
    )
