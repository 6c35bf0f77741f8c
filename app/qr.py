"""QR codes as modules, as a crisp SVG, as a picture.

Version and mask are chosen for the ticket's address, the text drawn most: fixing both saves nine
tenths of the work (trying eight masks), and all masks scan alike. A longer text takes what it needs.
On a screen a code corrects 15 % (level M), on a badge, which bends and gets stained, 25 % (level Q).

With both fixed, a code is a sum: Reed-Solomon's check bytes are linear in the data over GF(2), the places
of the bits and the mask are constant (ISO/IEC 18004, 7.5 to 7.8). So a code is the one of no data, in
which every bit that is set turns over modules of its own. The qrcode library draws these once.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache, cached_property

from markupsafe import Markup
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import BitBuffer, create_bytes, length_in_bits

PADDING = (0xEC, 0x11)  # in turn, behind the data: ISO/IEC 18004, 7.4.10
MASK = 4
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# Long enough that the library doesn't look for a shorter way, and without twenty digits in a row, for which it has one.
_PLAIN = re.compile(r"(?!.*[0-9]{20})[0-9A-Z $%*+\-./:]{21,200}")
QUIET = 4  # modules of white around the code, which ISO/IEC 18004 asks for


@dataclass(frozen=True)
class Kind:
    """A version and a level of error correction, both as qrcode numbers them."""

    version: int
    level: int

    @property
    def side(self) -> int:
        """In modules."""
        return 17 + 4 * self.version

    @cached_property
    def blocks(self) -> list[int]:
        """How many bytes of data each block of error correction has."""
        return [block.data_count for block in rs_blocks(self.version, self.level)]

    @property
    def data_bits(self) -> int:
        return 8 * sum(self.blocks)


# Both hold `HTTPS://HOST/T/` of 35 characters and a 26-character code.
TICKET = Kind(3, ERROR_CORRECT_M)  # 29 modules, one block
BADGE = Kind(4, ERROR_CORRECT_Q)  # 33 modules, two blocks


def modules(text: str, kind: Kind = TICKET) -> list[list[bool]]:
    """The code's rows, dark modules true, without the quiet zone."""
    return [[dark == "1" for dark in row] for row in rows(text, kind)]


def svg(text: str, *, quiet: int = QUIET) -> Markup:
    """One path in a viewBox, without a size of its own: black on nothing, for a white ground."""
    drawn = modules(text)
    side = len(drawn) + 2 * quiet
    path = "".join(_row_path(row, y + quiet, quiet) for y, row in enumerate(drawn))
    return Markup(  # noqa: S704 - numbers of our own making only
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
        f' role="img" aria-label="QR"><path fill="#000" d="{path}"/></svg>'
    )


def png(text: str, scale: int = 10, *, quiet: int = QUIET) -> bytes:
    """A picture of `scale` pixels a module, black on white, for saving and for mails."""
    from PIL import Image

    drawn = rows(text)
    side = scale * (len(drawn) + 2 * quiet)
    dots = str.maketrans({"0": "1" * scale, "1": "0" * scale})  # one bit a pixel, white set
    blank, edge = _whole_bytes("1" * side) * scale * quiet, "1" * scale * quiet
    lines = [_whole_bytes(edge + row.translate(dots) + edge) * scale for row in drawn]
    buffer = io.BytesIO()
    image = Image.frombytes("1", (side, side), b"".join([blank, *lines, blank]))
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def rows(text: str, kind: Kind = TICKET) -> list[str]:
    """The rows as zeros and ones, without the quiet zone."""
    bits, length = _plain(text) if _PLAIN.fullmatch(text) else _by_library(text, kind)
    if length > kind.data_bits:
        code = QRCode(version=kind.version, error_correction=kind.level, border=0, mask_pattern=MASK)
        code.add_data(text)
        code.make(fit=True)
        return ["".join("1" if dark else "0" for dark in row) for row in code.modules]
    side = kind.side
    drawn = f"{_sum(kind, _padded(kind, bits, length)):0{side * side}b}"
    return [drawn[start : start + side] for start in range(0, side * side, side)]


def _plain(text: str) -> tuple[int, int]:
    """The data bits of what a ticket's address is made of, and how many: two signs in eleven (ISO/IEC 18004, 7.4.4)."""
    bits, length = 0b0010 << 9 | len(text), 4 + 9
    for first, second in zip(text[::2], text[1::2], strict=False):
        bits, length = bits << 11 | 45 * _SIGNS.index(first) + _SIGNS.index(second), length + 11
    if len(text) % 2:
        bits, length = bits << 6 | _SIGNS.index(text[-1]), length + 6
    return bits, length


def _by_library(text: str, kind: Kind) -> tuple[int, int]:
    code = QRCode(version=kind.version, error_correction=kind.level, border=0, mask_pattern=MASK)
    code.add_data(text)
    data = BitBuffer()
    for part in code.data_list:
        data.put(part.mode, 4)
        data.put(len(part), length_in_bits(part.mode, kind.version))
        part.write(data)
    return int.from_bytes(bytes(data.buffer), "big") >> -len(data) % 8, len(data)


def _whole_bytes(bits: str) -> bytes:
    length = -(-len(bits) // 8)
    return int(bits.ljust(8 * length, "0"), 2).to_bytes(length, "big")


def _padded(kind: Kind, bits: int, length: int) -> bytes:
    """The data up to the code's capacity: a terminator of at most four zeros, whole bytes, then padding."""
    whole = -(-min(length + 4, kind.data_bits) // 8)
    used = (bits << 8 * whole - length).to_bytes(whole, "big")
    length = whole
    return used + bytes(PADDING[i % 2] for i in range(kind.data_bits // 8 - length))


def _sum(kind: Kind, data: bytes) -> int:
    drawn = _nothing(kind)
    for place, byte in enumerate(data):
        drawn ^= _turned(kind, place, byte)
    return drawn


@cache
def _turned(kind: Kind, place: int, byte: int) -> int:
    """The modules that this byte of the data turns over."""
    if byte == 0:
        return 0
    lowest = byte & -byte
    if byte == lowest:
        ground = 2 if byte == 1 else 1
        bit = byte << kind.data_bits - 8 * (place + 1)
        return _drawn(kind, _ground(kind, ground) ^ bit) ^ _drawn_ground(kind, ground)
    return _turned(kind, place, lowest) ^ _turned(kind, place, byte ^ lowest)


@cache
def _nothing(kind: Kind) -> int:
    """The code of data bits that are all zero: a sum, too."""
    return _drawn_ground(kind, 1) ^ _drawn_ground(kind, 2) ^ _drawn_ground(kind, 3)


@cache
def _drawn_ground(kind: Kind, byte: int) -> int:
    return _drawn(kind, _ground(kind, byte))


def _ground(kind: Kind, byte: int) -> int:
    """Data bits with this byte at the end of every block: the library cannot divide a block of zeros."""
    return int.from_bytes(b"".join(b"\0" * (count - 1) + bytes([byte]) for count in kind.blocks), "big")


def _drawn(kind: Kind, bits: int) -> int:
    """The code of these data bits as one number, the module of the upper left corner first."""
    data = BitBuffer()
    data.put(bits, kind.data_bits)
    code = QRCode(version=kind.version, error_correction=kind.level, border=0, mask_pattern=MASK)
    code.data_cache = create_bytes(data, rs_blocks(kind.version, kind.level))
    code.makeImpl(False, MASK)
    return int("".join("1" if dark else "0" for row in code.modules for dark in row), 2)


def _row_path(row: list[bool], y: int, left: int) -> str:
    """Each run of dark modules as one rectangle."""
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start + left} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path
