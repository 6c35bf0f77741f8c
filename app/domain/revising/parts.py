"""What an edited list may change of an attendee, and how a file remembers what each cell said when it went out.

The marks stand in a column of their own: some letters for each part, made with a key of ours, which tell nothing of a
name or a number. With them three states of a cell can be told apart: as it went out, as it is here now, as it came back.
"""

from __future__ import annotations

import enum
import hashlib
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain.registering.tags import read, tag_key
from app.domain.writing.addresses import address_key

LENGTH = 6


class Part(enum.StrEnum):
    """Named like the columns of an export. Their first two letters name their marks."""

    STATUS = "status"
    NAME = "name"
    COHORT = "cohort"
    CERTIFICATE = "certificate"
    ADDRESS = "address"
    PHONE = "phone"
    TAGS = "tags"
    NOTE = "note"


_MARKED = tuple(
    (part, f"{part[:2]}:", f"|{part}|".encode()) for part in Part
)  # with the names of their marks

MAY_EMPTY = frozenset({Part.TAGS, Part.NOTE})
"""An empty cell takes these away. Of a roster's facts it says nothing, as in a roster's import."""

Values = Mapping[Part, str]
"""What an attendee has: a state's code, a cohort's number, tags with commas between them, else the text; "" for nothing."""


def plain(text: str) -> str:
    """A text as two files that say the same have it: composed, one kind of line break, nothing blank around it."""
    if text.isascii() and "\r" not in text:
        return text.strip()
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def same(part: Part, one: str, other: str) -> bool:
    return _told(part, one) == _told(part, other)


def marks(secret: bytes, reference: str, values: Values) -> str:
    """What a file remembers of a row."""
    blank, of_row, found = _keyed(secret), reference.encode(), []
    for part, name, label in _MARKED:  # eight for each of many thousand rows: no call that isn't needed
        digest = blank.copy()
        value = values.get(part)
        digest.update(of_row + label + _told(part, value).encode() if value else of_row + label)
        found.append(name + digest.hexdigest())
    return " ".join(found)


def mark(secret: bytes, reference: str, part: Part, value: str) -> str:
    """A keyed digest (BLAKE2): a file has eight of them in each row."""
    digest = _keyed(secret).copy()
    digest.update(f"{reference}|{part}|{_told(part, value)}".encode())
    return str(digest.hexdigest())


@cache
def _keyed(secret: bytes) -> Any:
    """A digest with its key, to be copied: making one anew takes longer than what is digested here."""
    return hashlib.blake2b(key=hashlib.sha256(secret).digest(), digest_size=LENGTH // 2)


def read_marks(cell: str) -> dict[Part, str]:
    """The marks that are left in a cell, whatever was done to it."""
    pairs = (each.partition(":") for each in cell.split())
    known = {part[:2]: part for part in Part}
    return {known[name]: found for name, _, found in pairs if name in known and len(found) == LENGTH}


def _told(part: Part, value: str) -> str:
    if not value:
        return ""
    if part is Part.TAGS:
        return ",".join(sorted(map(tag_key, read(value))))
    return address_key(value) if part is Part.ADDRESS else plain(value)
