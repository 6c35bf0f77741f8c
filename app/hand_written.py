"""Names that our type can't print in full: whoever prints is told whose, to write them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from app.printing import faces

MOST = 50
"""So many are named on a page."""


def of(people: Iterable[tuple[str, Iterable[str]]], most: int = MOST) -> list[tuple[str, str, str]]:
    """Of references and their names, those that lack signs: reference, name, and these signs."""
    found = (
        (reference, name, missing)
        for reference, names in people
        for name in names
        if (missing := faces.lacking(name))
    )
    return list(islice(found, most))
