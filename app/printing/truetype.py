"""TrueType faces cut down to the signs of one document, by copying outlines as they are.

A face is read once a process; a document embeds some hundred of its 14,000 to 28,000 glyphs. fontTools, which fpdf2 embeds with, takes
a second to read such a face, each time anew; what this leaves for it is read in some milliseconds.
The tables are those of the OpenType specification, 1.9.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable
from pathlib import Path

COPIED = ("OS/2", "name", "cvt ", "fpgm", "prep")
_HEADER = struct.Struct(">4sIII")  # tag, checksum, offset, length
_WORDS, _SCALE, _SCALES, _MATRIX, _MORE = 0x1, 0x8, 0x40, 0x80, 0x20  # flags of a glyph's component


class TrueType:
    """One face. `glyphs`: which glyph each sign (by its number) has."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (count,) = struct.unpack_from(">H", data, 4)
        entries = (_HEADER.unpack_from(data, 12 + 16 * number) for number in range(count))
        self._tables = {tag.decode(): data[offset : offset + length] for tag, _sum, offset, length in entries}
        self.em: int = struct.unpack_from(">H", self._tables["head"], 18)[0]
        self._places = self._read_places()
        self._advances, self._bearings = self._read_widths()
        self.glyphs = _read_signs(self._tables["cmap"])

    def width(self, sign: int) -> float:
        """The sign's advance in ems."""
        return self._advance(self.glyphs[sign]) / self.em

    def subset(self, signs: Iterable[int]) -> bytes:
        """A face of these signs alone, with glyph 0 for what is absent."""
        wanted = {sign: self.glyphs[sign] for sign in sorted(set(signs))}
        kept = self._with_components([0, *wanted.values()])
        numbers = {glyph: number for number, glyph in enumerate(kept)}
        outlines = [_renumbered(self._outline(glyph), numbers) for glyph in kept]
        head = bytearray(self._tables["head"])
        struct.pack_into(">H", head, 50, 1)  # long places
        hhea, maxp = bytearray(self._tables["hhea"]), bytearray(self._tables["maxp"])
        struct.pack_into(">H", hhea, 34, len(kept))
        struct.pack_into(">H", maxp, 4, len(kept))
        return _file(
            {tag: self._tables[tag] for tag in COPIED if tag in self._tables}
            | {
                "head": bytes(head),
                "hhea": bytes(hhea),
                "maxp": bytes(maxp),
                "hmtx": b"".join(struct.pack(">Hh", self._advance(g), self._bearing(g)) for g in kept),
                "loca": _places(outlines),
                "glyf": b"".join(outlines),
                "cmap": _signs({sign: numbers[glyph] for sign, glyph in wanted.items()}),
                "post": struct.pack(">I", 0x30000) + self._tables["post"][4:32],  # without glyphs' names
            }
        )

    def _read_places(self) -> array[int]:
        """Where each outline begins, and the last one ends."""
        is_long = struct.unpack_from(">H", self._tables["head"], 50)[0]
        places = _big_endian("I" if is_long else "H", self._tables["loca"])
        return places if is_long else array("I", (2 * place for place in places))

    def _read_widths(self) -> tuple[array[int], array[int]]:
        (count,) = struct.unpack_from(">H", self._tables["hhea"], 34)
        table = self._tables["hmtx"]
        advances = _big_endian("H", table[: 4 * count])[::2]
        bearings = _big_endian("h", table[: 4 * count])[1::2] + _big_endian("h", table[4 * count :])
        return advances, bearings

    def _advance(self, glyph: int) -> int:
        """The last one is that of all glyphs behind it."""
        return self._advances[min(glyph, len(self._advances) - 1)]

    def _bearing(self, glyph: int) -> int:
        return self._bearings[glyph]

    def _outline(self, glyph: int) -> bytes:
        return self._tables["glyf"][self._places[glyph] : self._places[glyph + 1]]

    def _with_components(self, glyphs: Iterable[int]) -> list[int]:
        """These and whatever they are put together of, glyph 0 first."""
        found: set[int] = set()
        open_ones = set(glyphs)
        while open_ones:
            glyph = open_ones.pop()
            found.add(glyph)
            outline = self._outline(glyph)
            parts = {struct.unpack_from(">H", outline, at + 2)[0] for at in _components(outline)}
            open_ones |= parts - found
        return sorted(found)


def _big_endian(kind: str, data: bytes) -> array[int]:
    """The numbers; sizes of `array` are those of every platform that runs Python 3.11."""
    found = array(kind, data)
    found.byteswap()
    return found


def _components(outline: bytes) -> Iterable[int]:
    """Where the glyphs are named that this one is put together of."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, _MORE
    while flags & _MORE:
        (flags,) = struct.unpack_from(">H", outline, at)
        yield at
        at += 8 if flags & _WORDS else 6
        at += 8 if flags & _MATRIX else 4 if flags & _SCALES else 2 if flags & _SCALE else 0


def _renumbered(outline: bytes, numbers: dict[int, int]) -> bytes:
    """The outline with its components' new numbers, filled up to whole words."""
    changed = bytearray(outline)
    for at in _components(outline):
        (glyph,) = struct.unpack_from(">H", outline, at + 2)
        struct.pack_into(">H", changed, at + 2, numbers[glyph])
    return bytes(changed) + b"\0" * (-len(changed) % 4)


def _read_signs(table: bytes) -> dict[int, int]:
    """Sign → glyph, of the table's best part for Unicode."""
    (count,) = struct.unpack_from(">H", table, 2)
    parts = [struct.unpack_from(">HHI", table, 4 + 8 * number) for number in range(count)]
    places = {(platform, encoding): place for platform, encoding, place in parts}
    best = next(places[known] for known in ((3, 10), (0, 4), (3, 1), (0, 3)) if known in places)
    read = _read_ranges if struct.unpack_from(">H", table, best)[0] == 12 else _read_segments
    return {sign: glyph for sign, glyph in read(table[best:]) if glyph}


def _read_ranges(part: bytes) -> Iterable[tuple[int, int]]:
    """Format 12."""
    (count,) = struct.unpack_from(">I", part, 12)
    for first, last, glyph in struct.iter_unpack(">III", part[16 : 16 + 12 * count]):
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _read_segments(part: bytes) -> Iterable[tuple[int, int]]:
    """Format 4: ranges with a shift, or with a list of their glyphs."""
    (doubled,) = struct.unpack_from(">H", part, 6)
    ends, starts, shifts, offsets = (
        _big_endian("H", part[at : at + doubled])
        for at in (14, 16 + doubled, 16 + 2 * doubled, 16 + 3 * doubled)
    )
    lists = 16 + 3 * doubled
    for number, (first, last, shift, offset) in enumerate(zip(starts, ends, shifts, offsets, strict=True)):
        for sign in range(first, min(last, 0xFFFE) + 1):
            if not offset:
                yield sign, (sign + shift) & 0xFFFF
                continue
            (glyph,) = struct.unpack_from(">H", part, lists + 2 * number + offset + 2 * (sign - first))
            yield sign, (glyph + shift) & 0xFFFF if glyph else 0


def _signs(numbers: dict[int, int]) -> bytes:
    """A table of signs, each a range of its own (format 12)."""
    ranges = b"".join(struct.pack(">III", sign, sign, glyph) for sign, glyph in sorted(numbers.items()))
    part = struct.pack(">HHIII", 12, 0, 16 + len(ranges), 0, len(numbers)) + ranges
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + part


def _places(outlines: list[bytes]) -> bytes:
    ends, end = [0], 0
    for outline in outlines:
        end += len(outline)
        ends.append(end)
    return struct.pack(f">{len(ends)}I", *ends)


def _file(tables: dict[str, bytes]) -> bytes:
    """A font file of these tables. Checksums are left out: nobody looks at those of a font within a document."""
    power = len(tables).bit_length() - 1
    head = struct.pack(">IHHHH", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    offset, entries, body = 12 + 16 * len(tables), b"", b""
    for tag, data in sorted(tables.items()):
        entries += _HEADER.pack(tag.encode(), 0, offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    return head + entries + body
