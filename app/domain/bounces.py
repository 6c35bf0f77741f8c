"""A mail server's report that a mail could not be delivered after all (RFC 3464), read from the message that comes back."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message

MOST_BYTES = 2 * 1024 * 1024
LONGEST_WORDS = 500
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")
ORIGINAL_ID = ("Original-Message-ID", "X-Original-Message-ID")
_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_DIAGNOSTIC = re.compile(r"^\s*[\w-]+\s*;\s*")


@dataclass(frozen=True, slots=True)
class Bounce:
    """`message_id`: of the mail that did not arrive; whoever names it has had it in hands. `said`: as a refusal at
    sending would read."""

    message_id: str
    said: str


def read(data: bytes) -> Bounce | None:
    """The failure that the message reports; None for everything else: a delay, a receipt, a person's answer."""
    if len(data) > MOST_BYTES:
        return None
    try:
        message = message_from_bytes(data, policy=policy.default)
        if not isinstance(message, EmailMessage) or message.get_content_type() != "multipart/report":
            return None
        failed, ids = _failure(message), list(_ids(message))
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError):
        return None  # what the standard library makes of broken headers
    return Bounce(ids[0], failed) if failed and ids else None


def read_json(data: bytes, signature: str, key: str) -> Bounce | None:
    """The report of a mail service: `{"message_id": "<…>", "said": "550 5.1.1 …"}`, signed by HMAC-SHA256 of the body as
    "sha256=" and hex. None where the signature is another, or what is said is no refusal."""
    mac = "sha256=" + hmac.digest(key.encode(), data, "sha256").hex()
    if not hmac.compare_digest(mac.encode(), signature.encode()):
        return None
    try:
        found = json.loads(data)
        ids, said = _id_in(str(found["message_id"])), str(found["said"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    refused = re.match(r"[45]\d\d\b", said)
    return Bounce(ids[0], " ".join(said.split())[:LONGEST_WORDS]) if ids and refused else None


def _failure(report: EmailMessage) -> str | None:
    """What was said to the first recipient for whom it failed; ours have one each."""
    for fields in _fields(report):
        if str(fields.get("Action", "")).strip().lower() == "failed":
            status = str(fields.get("Status", "")).strip()
            said = " ".join(_DIAGNOSTIC.sub("", str(fields.get("Diagnostic-Code", ""))).split())
            if not re.match(r"[245]\d\d\b", said):
                said = f"{'450' if status.startswith('4') else '550'} {status} {said}".strip()
            return said[:LONGEST_WORDS]
    return None


def _fields(report: EmailMessage) -> Iterator[Message]:
    """The groups of fields of the report: one for the mail, then one for each recipient."""
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            yield from (each for each in groups if isinstance(each, Message))


def _ids(report: EmailMessage) -> Iterator[str]:
    """Where the mail's id may stand, the surest place first."""
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            returned = part.get_payload()
            for each in returned if isinstance(returned, list) else ():
                if isinstance(each, Message):
                    yield from _id_in(str(each.get("Message-ID", "")))
        elif kind in RETURNED:
            header = re.search(r"^Message-ID:\s*(\S+)", str(part.get_payload()), re.IGNORECASE | re.MULTILINE)
            yield from _id_in(header[1] if header else "")
    for fields in _fields(report):
        for name in ORIGINAL_ID:
            yield from _id_in(str(fields.get(name, "")))
    for name in ("In-Reply-To", "References"):
        yield from _id_in(str(report.get(name, "")))


def _id_in(text: str) -> list[str]:
    return _ID.findall(text)
