"""Writes tests/contract/sealing.json: sealed records worked out in full, for the server's tests and the scanner's.

python -m tests.contract.make_sealing
"""

from __future__ import annotations

import base64
import json
from itertools import count
from pathlib import Path
from typing import Any

from app.domain.door import sealing
from app.domain.door.sealing import Record

FILE = Path(__file__).with_name("sealing.json")
ABOUT = (
    "Records of the sealed list (docs/door-api.md), worked out in full. Read by the server's tests and by the "
    "scanner's. code and meetup give lookup and key; plain is what nonce and key seal. Bytes are in hex; bucket "
    "is a whole bucket in base64, with every record of the same first byte; absent is in none."
)
RECORDS = (
    ("a Korean name", 7, Record("김하늘", "3기", "ABCDEFGHJK", "admitted")),
    (
        "a Latin name with a quote",
        7,
        Record('Ada "Countess" O\'Brien', "Cohort 12", "23456789AB", "waitlisted"),
    ),
    ("a note for the badge", 7, Record("이도윤", "1기", "ZYXWVTSRQP", "admitted", "비건 · VIP")),
    ("no cohort, another meetup, the same code", 8, Record("José 🎉", "기수 없음", "MNPQRSTVWX", "revoked")),
    (
        "a name of several blocks",
        9_007_199_254_740_991,
        Record("남궁" * 60, "Cohort 1", "KLMNPQRSTV", "canceled"),
    ),
    ("blanks and a tab in a name", 7, Record(" a\tb ", "3기", "HJKMNPQRST", "not_verified")),
)


def code(number: int) -> str:
    """An invented ticket code."""
    return base64.b32encode(bytes(range(number, number + 16))).decode().rstrip("=")


def vectors() -> dict[str, Any]:
    codes = [code(1), code(2), code(3), code(1), code(4), code(5)]
    cases = [
        _case(name, ticket, meetup, record, bytes(range(n, n + 12)))
        for n, (ticket, (name, meetup, record)) in enumerate(zip(codes, RECORDS, strict=True))
    ]
    return {"about": ABOUT, "cases": cases, "bucket": _bucket()}


def _case(name: str, ticket: str, meetup: int, record: Record, nonce: bytes) -> dict[str, Any]:
    text = sealing.plain(record)
    at = sealing.lookup(ticket, meetup)
    return {
        "name": name,
        "code": ticket,
        "meetup": meetup,
        "lookup": at.hex(),
        "bucket": f"{sealing.bucket_of(at):02x}",
        "key": sealing.seal_key(ticket, meetup).hex(),
        "nonce": nonce.hex(),
        "plain": text.decode(),
        "sealed": sealing.seal(text, ticket, meetup, nonce)[sealing.HEAD_LENGTH :].hex(),
        "says": {
            "n": record.name, "c": record.cohort, "r": record.reference, "s": record.state, "g": record.note,
        },
    }  # fmt: skip


def _bucket() -> dict[str, Any]:
    """Two tickets whose records share a bucket, and a third of that bucket that is not there."""
    meetup, first = 7, code(1)
    many = (base64.b32encode(n.to_bytes(16)).decode().rstrip("=") for n in count())
    alike = (
        ticket for ticket in many if sealing.lookup(ticket, meetup)[0] == sealing.lookup(first, meetup)[0]
    )
    second, absent = next(alike), next(alike)
    held = [(first, Record("김하늘", "3기", "ABCDEFGHJK", "admitted")), (second, RECORDS[4][2])]
    sealed = [
        sealing.seal(sealing.plain(record), ticket, meetup, bytes([n] * 12))
        for n, (ticket, record) in enumerate(held)
    ]
    return {
        "meetup": meetup,
        "codes": [first, second],
        "references": [record.reference for _, record in held],
        "absent": absent,
        "name": f"{sealing.lookup(first, meetup)[0]:02x}",
        "base64": base64.b64encode(b"".join(sealed)).decode(),
    }


def main() -> None:
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
