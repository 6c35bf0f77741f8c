"""QR codes as modules, as a crisp SVG, as a picture.

Version and mask are chosen for the ticket's address, the text drawn most: fixing both saves nine
tenths of the work (trying eight masks), and all masks scan alike. A longer text takes what it needs.
"""

from __future__ import annotations

import io

from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

TICKET_VERSION = 3  # 29 modules: `HTTPS://HOST/T/` of 35 characters and a 26-character code
MASK = 4
QUIET = 4  # modules of white around the code, which ISO/IEC 18004 asks for


def modules(text: str) -> list[list[bool]]:
    """The code's rows, dark modules true, without the quiet zone."""
    code = QRCode(version=TICKET_VERSION, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(text)
    try:
        code.make(fit=False)
    except DataOverflowError:
        code.make(fit=True)
    return [[bool(dark) for dark in row] for row in code.modules]


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

    rows = modules(text)
    side = len(rows) + 2 * quiet
    blank, edge = b"\xff" * side, b"\xff" * quiet
    lines = [edge + bytes(0 if dark else 255 for dark in row) + edge for row in rows]
    dots = Image.frombytes("L", (side, side), b"".join([blank] * quiet + lines + [blank] * quiet))
    image = dots.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    image.convert("1", dither=Image.Dither.NONE).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


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
