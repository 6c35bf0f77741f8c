"""Ticket codes: derived from a key, carried in a QR code, never stored.

The QR holds `HTTPS://HOST/T/` and 26 base32 characters, all upper case, so that it fits a QR code's
alphanumeric mode (ISO/IEC 18004): version 3 at error correction M while the prefix has at most 35
characters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

CODE_LENGTH = 26
_CODE = re.compile(rf"[A-Z2-7]{{{CODE_LENGTH}}}")


def derive_code(key: bytes, uid: str, revision: int) -> str:
    """The 128-bit code of one issue of a ticket: RFC 4648 base32 without padding."""
    mac = hmac.digest(key, f"ticket|{uid}|{revision}".encode(), "sha256")
    return base64.b32encode(mac[:16]).decode().rstrip("=")


def digest(code: str) -> bytes:
    """What the database stores to find a ticket by its code: SHA-256, cut to 16 bytes."""
    return hashlib.sha256(code.encode()).digest()[:16]


def payload(base_url: str, code: str) -> str:
    """The text in the QR code, upper case throughout (scheme and host do not mind)."""
    return f"{base_url.rstrip('/').upper()}/T/{code}"


def parse_code(text: str) -> str | None:
    """The code in what somebody scanned or typed: our address in any case, or the bare code with
    blanks and hyphens; None for anything else.
    """
    if len(text) > 400 or not text.isascii():
        return None
    tail = text.strip().upper().rpartition("/T/")[2]
    bare = re.sub(r"[\s-]", "", tail)
    return bare if _CODE.fullmatch(bare) else None
