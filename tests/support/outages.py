"""Two ways for a staff phone to lose its server: the network is off, or somebody else answers in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.crashing import kill
from tests.support.server import Server
from tests.support.staff_phone import StaffPhone


class NetworkOff:
    """The phone has no network at all; Playwright cuts its service worker off, too."""

    offline = True

    def __init__(self, serve: Callable[..., Server]) -> None:
        self._serve = serve
        self.server = serve(alone=True)

    def begin(self) -> None:
        """From now on the phone is to be started `offline`."""

    def end(self, phone: StaffPhone) -> None:
        phone.context.set_offline(False)


class ServerGone(NetworkOff):
    """The server is killed, and a hotel's login page answers every request with 200: there is a network, but
    nobody who knows the ledger."""

    offline = False

    def begin(self) -> None:
        kill(self.server)
        self._portal = InItsPlace(("127.0.0.1", self.server.settings.PORT), Portal)
        threading.Thread(target=self._portal.serve_forever, daemon=True).start()

    def end(self, phone: StaffPhone) -> None:
        self._portal.shutdown()
        self._portal.server_close()
        settings = self.server.settings
        self.server = self._serve(alone=True, PORT=settings.PORT, BASE_URL=settings.base_url)


class InItsPlace(ThreadingHTTPServer):
    """May have a port on which a killed server's connections still fade away."""

    allow_reuse_port = True


class Portal(BaseHTTPRequestHandler):
    """Says 200 and the same page to whatever is asked."""

    PAGE = b"<!doctype html><title>Hotel Wi-Fi</title><p>Welcome. Please log in."

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(self.PAGE)))
        self.end_headers()
        self.wfile.write(self.PAGE)

    do_POST = do_GET  # noqa: N815 - the name that the base class asks for

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""
