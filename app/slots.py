"""How many requests a process works on at once: fewer than it has threads.

Python runs one thread at a time; more than two only take turns, and whoever holds a seat lock waits for its
turn while everybody waits for the lock. The other threads serve those who read or write slowly: a download
that dribbles out, a form that dribbles in.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

AT_ONCE = 2
SMALL = 64 * 1024  # bytes: a form; what is larger is a file of the organizers, and read as it comes


class Slots:
    """Around the application. A response's body is made outside of the slot: it may take as long as its reader."""

    def __init__(self, wsgi_app: WSGIApplication, at_once: int = AT_ONCE) -> None:
        self._app = wsgi_app
        self._free = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = _length(environ)
        if length is None or length > SMALL:
            return self._app(environ, start_response)
        if length:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with self._free:
            return self._app(environ, start_response)


def _length(environ: WSGIEnvironment) -> int | None:
    """The body's length in bytes; None where it is not said."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    said = environ.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdigit() else None
