"""What kind of file the bytes are, whatever the file's name says."""

from __future__ import annotations

import re
from typing import Literal

from app.domain.errors import DomainError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "pdf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
    (b"II*\x00", "image"), (b"MM\x00*", "image"), (b"BM", "image"), (b"RIFF", "image"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"{\\rtf", "rtf"), (b"SQLite format 3\x00", "binary"), (b"\x7fELF", "binary"), (b"MZ", "binary"),
    (b"HWP Document File", "hwp"), (b"<?xml", "xml"),
)  # fmt: skip
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|meta|body|table|style|script|div)\b", re.IGNORECASE)


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _refuse_ole(data: bytes) -> None:
    """An OLE container: an encrypted workbook, an old .xls, a .doc or .hwp."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise DomainError("password_protected")
    if _utf16("WordDocument") in data:
        raise DomainError("unsupported_file", kind="doc")
    if _utf16("HwpSummaryInformation") in data:
        raise DomainError("unsupported_file", kind="hwp")
    raise DomainError("legacy_xls")


def _is_text_after_all(data: bytes) -> bool:
    """Two-letter marks (BM, MZ) also begin ordinary words: a header row "MZ세대,…" is text."""
    return b"\x00" not in data[:512]


def container(data: bytes) -> Literal["zip", "text"]:
    """zip or text; anything that is neither is refused by its name."""
    if data.startswith(_OLE):
        _refuse_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    for magic, kind in _FOREIGN:
        if data.startswith(magic) and not (len(magic) == 2 and magic.isalpha() and _is_text_after_all(data)):
            if kind == "xml" and _HTML.search(data[:2000].decode("latin-1")):
                return "text"  # XHTML: the text reader says what it is
            raise DomainError("unsupported_file", kind=kind)
    return "text"


def looks_like_html(text: str) -> bool:
    """A page, also one that calls itself .xls or .csv."""
    start = text[:2000].lstrip("\ufeff \t\r\n")
    return start.startswith("<") and _HTML.search(start) is not None


def looks_like_mhtml(text: str) -> bool:
    return text[:200].lstrip().casefold().startswith("mime-version:")
