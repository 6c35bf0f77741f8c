"""A camera that a test points at a picture and that goes on showing it, for as long as the page takes."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw
from playwright.sync_api import Page
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

SIZE = (1280, 720)
QUIET = 4

# Chromium's own fake camera runs through a film, whether the page keeps up or not. From the stream on, all is real.
AIMED = """
const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
const context = canvas.getContext("2d");
let shown = null;
function draw() {
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (shown) context.drawImage(shown, 0, 0);
}
draw();
setInterval(draw, 40);
window.camera = {
  opened: 0,
  async aim(picture) {
    const bytes = picture && Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    shown = bytes && await createImageBitmap(new Blob([bytes]));
    draw();
  },
  taken() {
    this.track.stop();
    this.track.dispatchEvent(new Event("ended"));
  },
};
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
  const stream = canvas.captureStream(30);
  window.camera.opened += 1;
  window.camera.track = stream.getVideoTracks()[0];
  return stream;
};
""".replace("WIDTH", str(SIZE[0])).replace("HEIGHT", str(SIZE[1]))

# The system takes its time to give the camera: until the test calls `letCamera()`.
LATE_CAMERA = """
const given = navigator.mediaDevices.getUserMedia;
const allowed = new Promise((allow) => { window.letCamera = allow; });
navigator.mediaDevices.getUserMedia = async (asked) => (await allowed, given(asked));
"""


def aim(page: Page, picture: Image.Image | None) -> None:
    """Hold a picture in front of the camera; None: a white wall."""
    page.evaluate("(picture) => window.camera.aim(picture)", _encoded(picture) if picture else None)


def take_away(page: Page) -> None:
    """The system takes the camera away, as a phone call does."""
    page.evaluate("window.camera.taken()")


def qr_picture(data: str | bytes) -> Image.Image:
    """A QR code of any text or bytes, as large as the camera sees it."""
    code = QRCode(error_correction=ERROR_CORRECT_L, border=0)
    raw = data.encode() if isinstance(data, str) else data
    code.add_data(QRData(raw, MODE_8BIT_BYTE, check_data=False), optimize=0)
    code.make(fit=True)
    return side_by_side(code.modules)


def side_by_side(*codes: list[list[bool]]) -> Image.Image:
    """Codes next to each other, each with its quiet zone."""
    side = max(len(rows) for rows in codes) + 2 * QUIET
    scale = min(SIZE[0] // (side * len(codes)), SIZE[1] // side)
    picture = Image.new("1", SIZE, 1)
    for number, rows in enumerate(codes):
        draw = ImageDraw.Draw(picture)
        left = (SIZE[0] - scale * side * len(codes)) // 2 + scale * (number * side + QUIET)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    at = left + x * scale, (y + QUIET) * scale
                    draw.rectangle((*at, at[0] + scale - 1, at[1] + scale - 1), fill=0)
    return picture


def _encoded(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()
