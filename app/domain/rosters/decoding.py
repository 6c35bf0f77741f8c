"""Bytes to text: mark, NUL pattern, strict UTF-8, strict code page 949, else ask."""

from __future__ import annotations

import codecs

from app.domain.errors import DomainError

ENCODINGS = ("utf-8", "cp949", "utf-16-le", "utf-16-be", "shift_jis", "gb18030", "windows-1252")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READABLE = 0.95  # of a text in the chosen encoding; below, the choice was wrong
_SAMPLE = 64 * 1024


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text.removeprefix("\ufeff")


def _candidates(data: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even or odd:  # text has no NUL; UTF-16 has one beside every comma, digit and line break
        return ["utf-16-le", "utf-16-be"] if odd >= even else ["utf-16-be", "utf-16-le"]
    return ["utf-8", "cp949"]


def _as_chosen(data: bytes, encoding: str) -> str:
    """The text in the user's encoding; what it cannot spell shows, and its rows are reported."""
    if encoding not in ENCODINGS:
        raise DomainError("bad_hint")
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    unreadable = text.count("\ufffd") + text.count("\x00")
    if "\x00" in text or unreadable > (1 - _READABLE) * len(text):
        raise DomainError("wrong_encoding", encoding=encoding)
    return text


def decode(data: bytes, chosen: str | None = None) -> tuple[str, str]:
    """The text and the encoding it was in. Nothing is guessed by statistics: they fail on a
    code page 949 file that holds a few Korean names."""
    if chosen:
        return _as_chosen(data, chosen), chosen
    candidates = _candidates(data)
    for encoding in candidates:
        text = _strict(data, encoding)
        if text is not None:
            return text, encoding
    if b"\x00" in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DomainError("unsupported_file", kind="binary")
    raise DomainError("unknown_encoding", encodings=ENCODINGS)
