"""Numbers in addresses and forms: whatever is typed there, no database is asked for one that it cannot hold."""

from __future__ import annotations

import unicodedata
from typing import overload

from flask import request
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1
_LONGEST = len(str(LARGEST))


class BoundedInteger(IntegerConverter):
    """`<int:…>` in a rule: what has more digits than any id is no such address."""

    regex = "[0-9]{1,18}"


@overload
def query_number(name: str, default: int, most: int = LARGEST) -> int: ...
@overload
def query_number(name: str, default: None = None, most: int = LARGEST) -> int | None: ...
def query_number(name: str, default: int | None = None, most: int = LARGEST) -> int | None:
    """The number `name` from the query string; `default` for what is none, negative or above `most`."""
    found = number(request.args.get(name, ""))
    return default if found is None or found > most else found


def query_numbers(name: str) -> frozenset[int]:
    """All numbers given as `name`; what is none is left out."""
    return frozenset(n for n in map(number, request.args.getlist(name)) if n is not None)


def typed_number(text: str) -> int | None:
    """A number as somebody types it: with blanks around it, or in the full-width digits of a Korean keyboard."""
    return number(unicodedata.normalize("NFKC", text).strip())


def number(text: str | None) -> int | None:
    """A plain number that every integer column holds, else None."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST):
        return None
    return found if (found := int(text)) <= LARGEST else None
