"""MIME bodies as text (RFC 2045, 2046), everything in base64.

The standard library's own takes five times as long, which a mail to everyone feels. Headers stay
its business: see messages.py. Nothing that somebody typed comes near the headers written here.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

LINE = 76


@dataclass(frozen=True)
class Part:
    """A body part: its content type, further headers, and its body as it is sent."""

    content_type: str
    headers: tuple[str, ...]
    body: str

    def __str__(self) -> str:
        return "\r\n".join((f"Content-Type: {self.content_type}", *self.headers, "", self.body))


def leaf(content_type: str, data: bytes, *headers: str) -> Part:
    """Data in base64."""
    encoded = b64encode(data).decode()
    lines = [encoded[start : start + LINE] for start in range(0, len(encoded), LINE)]
    return Part(content_type, ("Content-Transfer-Encoding: base64", *headers), "\r\n".join(lines) + "\r\n")


def file(content_type: str, name: str, data: bytes, disposition: str, *headers: str) -> Part:
    """A named part: an attachment, or something inline."""
    return leaf(content_type, data, f'Content-Disposition: {disposition}; filename="{name}"', *headers)


def several(kind: str, seed: str, parts: Sequence[Part]) -> Part:
    """Parts in one: mixed, alternative, related. A single one stays by itself.

    `seed` tells this message from others; with the kind it makes a boundary that base64 cannot hold.
    """
    if len(parts) == 1:
        return parts[0]
    boundary = f"=_{kind}_{seed}"
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return Part(f'multipart/{kind}; boundary="{boundary}"', (), body)
