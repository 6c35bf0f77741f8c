"""Takes a workbook's archive apart without believing its directory.

A zip file can say that a part is small and inflate to gigabytes. So every XML part that a
workbook is read from is inflated here, counted while it grows, and packed again, stored:
what the reader gets next is an archive that we wrote.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from app.domain.errors import DomainError

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED = 0x1
_KNOWN = (
    ("xl/workbook.bin", "xlsb"),
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("Index/Document.iwa", "numbers"),
    ("Contents/content.hpf", "hwpx"),
)
PROPERTIES = "docProps/custom.xml"  # what a program notes about its own file
_PARTS = ("xl/", "_rels/", "[Content_Types].xml", PROPERTIES)
_MOST_PARTS = 2_000


def _refuse_foreign(names: set[str], archive: zipfile.ZipFile) -> None:
    """Name what the archive is, when it is no workbook of ours."""
    if "xl/workbook.xml" in names:
        return
    if "EncryptedPackage" in names:
        raise DomainError("password_protected")
    for part, kind in _KNOWN:
        if part in names:
            raise DomainError("unsupported_file", kind=kind)
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype").decode("latin-1")
        raise DomainError("unsupported_file", kind="ods" if "spreadsheet" in kind else "odt")
    raise DomainError("unsupported_file", kind="zip")


def _packed(data: bytes, entry: zipfile.ZipInfo) -> memoryview:
    header = data[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
        raise DomainError("damaged_file")
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = memoryview(data)[start : start + entry.compress_size]
    if len(packed) != entry.compress_size:
        raise DomainError("damaged_file")
    return packed


def _inflate(packed: memoryview, method: int, room: int) -> bytes:
    """The part's true content, or a refusal as soon as it outgrows the room left."""
    if method == zipfile.ZIP_STORED:
        content = bytes(packed)
    elif method == zipfile.ZIP_DEFLATED:
        inflater = zlib.decompressobj(-15)
        try:
            content = inflater.decompress(packed, room + 1)
        except zlib.error as wrong:
            raise DomainError("damaged_file") from wrong
        if len(content) <= room and not inflater.eof:
            raise DomainError("damaged_file")
    else:
        raise DomainError("damaged_file")
    if len(content) > room:
        raise DomainError("unzipped_too_large")
    return content


def _refuse_tricks(content: bytes) -> None:
    """No document type, hence no entities; and UTF-8, the one encoding that Excel writes."""
    if b"\x00" in content:
        raise DomainError("damaged_file")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise DomainError("xml_entities")


def _wanted(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [
        e
        for e in archive.infolist()
        if e.filename.startswith(_PARTS) and e.filename.endswith((".xml", ".rels"))
    ]
    names = [e.filename for e in entries]
    if len(entries) > _MOST_PARTS or len(set(names)) != len(names):
        raise DomainError("damaged_file")
    return entries


def workbook_parts(data: bytes, cap: int) -> dict[str, bytes]:
    """The XML parts of an XLSX file by name, together no larger than the cap."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        _refuse_foreign(set(archive.namelist()), archive)
        entries = _wanted(archive)
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        struct.error,
    ) as e:
        raise DomainError("damaged_file") from e
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise DomainError("password_protected")
    if sum(entry.file_size for entry in entries) > cap:
        raise DomainError("unzipped_too_large", limit_bytes=cap)
    return _inflated(data, entries, cap)


def _inflated(data: bytes, entries: list[zipfile.ZipInfo], cap: int) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    room = cap
    for entry in entries:
        try:
            content = _inflate(_packed(data, entry), entry.compress_type, min(room, entry.file_size))
        except DomainError as refusal:
            if refusal.code == "unzipped_too_large":
                raise DomainError("unzipped_too_large", limit_bytes=cap) from None
            raise
        _refuse_tricks(content)
        parts[entry.filename] = content
        room -= len(content)
    return parts


def packed_again(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts, stored, whose directory tells the truth."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
