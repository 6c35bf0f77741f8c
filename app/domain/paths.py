"""Paths on this site, as handed around in `next=`."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit


def local_path(target: str | None) -> str | None:
    """`target` when it is a path on this site, else None: no scheme, no host, no control characters."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if any(ord(c) < 32 or c == "\\" for c in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def with_parents(path: str) -> Iterator[str]:
    """/m/x/proofs → itself, /m/x, /m, /; those above carry no query."""
    yield path
    above = urlsplit(path).path.rstrip("/")
    while above := above.rpartition("/")[0]:
        yield above
    yield "/"
