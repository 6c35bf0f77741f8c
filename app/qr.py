"""QR codes as modules, as a crisp SVG, as a picture.

Version and mask are chosen for the ticket's address, the text drawn most: fixing both saves nine
tenths of the work (trying eight masks), and all masks scan alike. A longer text takes what it needs.

With both fixed, a code is a sum: Reed-Solomon's check bytes are linear in the data over GF(2), the places
of the bits and the mask are constant (ISO/IEC 18004, 7.5 to 7.8). So a code is the one of no data, in
which every bit that is set turns over modules of its own. The qrcode library draws these once.
"""

from __future__ import annotations

import io
from functools import cache

from markupsafe import Markup
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import BitBuffer, create_bytes, length_in_bits

TICKET_VERSION = 3  # 29 modules: `HTTPS://HOST/T/` of 35 characters and a 26-character code
SIDE = 17 + 4 * TICKET_VERSION
DATA_BITS = 8 * sum(block.data_count for block in rs_blocks(TICKET_VERSION, ERROR_CORRECT_M))
PADDING = (0xEC, 0x11)  # in turn, behind the data: ISO/IEC 18004, 7.4.10
MASK = 4
QUIET = 4  # modules of white around the code, which ISO/IEC 18004 asks for


def modules(text: str) -> list[list[bool]]:
    """The code's rows, dark modules true, without the quiet zone."""
    return [[dark == "1" for dark in row] for row in _rows(text)]


def svg(text: str, *, quiet: int = QUIET) -> Markup:
    """One path in a viewBox, without a size of its own: black on nothing, for a white ground."""
    rows = modules(text)
    side = len(rows) + 2 * quiet
    path = "".join(_row_path(row, y + quiet, quiet) for y, row in enumerate(rows))
    return Markup(  # noqa: S704 - numbers of our own making only
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"'
        f' role="img" aria-label="QR"><path fill="#000" d="{path}"/></svg>'
    )


def png(text: str, scale: int = 10, *, quiet: int = QUIET) -> bytes:
    """A picture of `scale` pixels a module, black on white, for saving and for mails."""
    from PIL import Image

    rows = _rows(text)
    side = scale * (len(rows) + 2 * quiet)
    dots = str.maketrans({"0": "1" * scale, "1": "0" * scale})  # one bit a pixel, white set
    blank, edge = _whole_bytes("1" * side) * scale * quiet, "1" * scale * quiet
    lines = [_whole_bytes(edge + row.translate(dots) + edge) * scale for row in rows]
    buffer = io.BytesIO()
    image = Image.frombytes("1", (side, side), b"".join([blank, *lines, blank]))
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _whole_bytes(bits: str) -> bytes:
    length = -(-len(bits) // 8)
    return int(bits.ljust(8 * length, "0"), 2).to_bytes(length, "big")


def _rows(text: str) -> list[str]:
    """The rows as zeros and ones."""
    code = QRCode(version=TICKET_VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    data = BitBuffer()
    for part in code.data_list:
        data.put(part.mode, 4)
        data.put(len(part), length_in_bits(part.mode, TICKET_VERSION))
        part.write(data)
    if len(data) > DATA_BITS:
        code.make(fit=True)
        return ["".join("1" if dark else "0" for dark in row) for row in code.modules]
    drawn = f"{_sum(_padded(data)):0{SIDE * SIDE}b}"
    return [drawn[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE)]


def _padded(data: BitBuffer) -> bytes:
    """The data up to the code's capacity: a terminator of at most four zeros, whole bytes, then padding."""
    length = -(-min(len(data) + 4, DATA_BITS) // 8)
    used = bytes(data.buffer[:length]).ljust(length, b"\0")
    return used + bytes(PADDING[i % 2] for i in range(DATA_BITS // 8 - length))


def _sum(data: bytes) -> int:
    drawn = _nothing()
    for place, byte in enumerate(data):
        drawn ^= _turned(place, byte)
    return drawn


@cache
def _turned(place: int, byte: int) -> int:
    """The modules that this byte of the data turns over."""
    if byte == 0:
        return 0
    lowest = byte & -byte
    if byte == lowest:
        return _drawn(byte << DATA_BITS - 8 * (place + 1)) ^ _nothing()
    return _turned(place, lowest) ^ _turned(place, byte ^ lowest)


@cache
def _nothing() -> int:
    """The code of data bits that are all zero, which the library cannot divide: a sum, too."""
    return _drawn(1) ^ _drawn(2) ^ _drawn(3)


def _drawn(bits: int) -> int:
    """The code of these data bits as one number, the module of the upper left corner first."""
    data = BitBuffer()
    data.put(bits, DATA_BITS)
    code = QRCode(version=TICKET_VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.data_cache = create_bytes(data, rs_blocks(TICKET_VERSION, ERROR_CORRECT_M))
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
