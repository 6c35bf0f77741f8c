"""Response headers of every page: what a browser may do with it, and who may keep it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, request

from app import access

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
FRAMING = POLICY | {"frame-src": "'self'"}
# A mail in a frame: its own styles and the picture that is in it; nothing runs, nothing is fetched, nothing leads away.
MAIL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
SCANNER = POLICY | {"script-src": "'self' 'wasm-unsafe-eval'", "media-src": "'self' blob:"}


def _text(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


POLICY_TEXT, SCANNER_TEXT = _text(POLICY), _text(SCANNER)
CAMERA_OFF = "camera=(), microphone=(), geolocation=(), payment=()"
CAMERA_ON = "camera=(self), microphone=(), geolocation=(), payment=()"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": POLICY_TEXT,
    "Permissions-Policy": CAMERA_OFF,
    "Cache-Control": "no-store",
}
SECRET = {"personal_link", "proof_link", "proved_address", "ticket_code"}
REQUEST_ID = "dongmun.request_id"


def init_headers(app: Flask) -> None:
    https = app.config["SETTINGS"].is_https
    fixed = FIXED | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})
    app.wsgi_app = Headers(app.wsgi_app, tuple(fixed.items()))  # type: ignore[method-assign]

    def begin() -> None:
        g.request_id = request.environ.get(REQUEST_ID, "")

    app.before_request(begin)
    app.after_request(_unlisted)


class Headers:
    """Adds to every response what it does not say itself, and a request id.

    Around the application and on plain lists: Werkzeug's headers look through all of them to set one.
    """

    def __init__(self, wsgi_app: WSGIApplication, fixed: tuple[tuple[str, str], ...]) -> None:
        self._app = wsgi_app
        self._fixed = tuple((name.lower(), name, value) for name, value in fixed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request_id = environ[REQUEST_ID] = secrets.token_hex(8)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            more = [(name, value) for key, name, value in self._fixed if key not in said]
            return start_response(status, [*headers, *more, ("X-Request-Id", request_id)], *error)

        return self._app(environ, start)


def _unlisted(response: Response) -> Response:
    """A page behind a secret link is in no search engine, even where the link was pasted into a public place."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and access.rule_of(view) in SECRET:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def framing_policy(response: Response) -> Response:
    """The page may show another one of ours in a frame."""
    response.headers["Content-Security-Policy"] = _text(FRAMING)
    return response


def mail_policy(response: Response) -> Response:
    """A mail as a mail program would show it, in a frame of one of our pages."""
    response.headers["Content-Security-Policy"] = MAIL
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def scanner_policy(response: Response) -> Response:
    """Allow what the scanner needs and nothing else: WebAssembly and the camera."""
    response.headers["Content-Security-Policy"] = SCANNER_TEXT
    response.headers["Permissions-Policy"] = CAMERA_ON
    return response
