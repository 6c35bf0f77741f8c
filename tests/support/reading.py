"""The scanner's own decoder in Chromium, fed with pictures instead of a camera."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.browser import context_of, strict_page

START = """async ({decoder, worker, wasm}) => {
  const {createDecoder} = await import(decoder);
  window.broken = false;
  await new Promise((ready) => {
    window.decoder = createDecoder({
      wasm, makeWorker: () => new Worker(worker, {type: "module"}),
      onReady: ready, onBroken: () => { window.broken = true; ready(); },
    });
  });
  return !window.broken;
}"""
LOOK = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", {willReadFrequently: true});
  context.drawImage(image, 0, 0);
  return window.decoder.decode(context.getImageData(0, 0, image.width, image.height));
}"""


@dataclass(frozen=True)
class Look:
    """What the decoder made of one camera frame, its second try included."""

    texts: list[str]
    ms: float


class Silent(WSGIRequestHandler):
    """Answers without a line for each request."""

    def log(self, *_args: object) -> None:
        pass


Reader = Callable[[bytes], Look]


@contextmanager
def reading(app: Flask, browser: Browser) -> Iterator[tuple[Page, Reader]]:
    """A page with a running decoder, under the headers that the scanner has; a function that shows it a picture."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    origin = f"http://127.0.0.1:{server.server_port}"
    page, complaints = strict_page(context_of(browser, "desktop"), origin)
    assets = app.extensions["assets"]
    try:
        page.goto(f"{origin}/livez")
        started = page.evaluate(
            START,
            {
                "decoder": assets.asset("js/door/decoder.js"),
                "worker": assets.sealed_asset("js/door/decoder-worker.js"),
                "wasm": assets.asset("vendor/zxing-wasm-3.1.4/dist/reader/zxing_reader.wasm"),
            },
        )
        assert started, complaints

        def look(picture: bytes) -> Look:
            answer = page.evaluate(LOOK, base64.b64encode(picture).decode())
            assert answer is not None, ("no answer on a frame", complaints)
            return Look(answer["texts"], answer["ms"])

        yield page, look
        assert complaints == []
    finally:
        page.context.close()
        server.shutdown()
        thread.join()
        server.server_close()
