"""Response headers of every page: what a browser may do with it, and who may keep it."""

from __future__ import annotations

import uuid

from flask import Flask, Response, g, request

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
SCANNER = POLICY | {"script-src": "'self' 'wasm-unsafe-eval'", "media-src": "'self' blob:"}


def _text(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


POLICY_TEXT, SCANNER_TEXT = _text(POLICY), _text(SCANNER)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CAMERA_OFF = "camera=(), microphone=(), geolocation=(), payment=()"
CAMERA_ON = "camera=(self), microphone=(), geolocation=(), payment=()"


def init_headers(app: Flask) -> None:
    https = app.config["SETTINGS"].is_https

    def begin() -> None:
        g.request_id = uuid.uuid4().hex[:16]

    def finish(response: Response) -> Response:
        kept = response.headers
        for name, value in FIXED.items():
            kept.setdefault(name, value)
        kept.setdefault("Content-Security-Policy", POLICY_TEXT)
        kept.setdefault("Permissions-Policy", CAMERA_OFF)
        kept["X-Request-Id"] = g.get("request_id", "")
        if "Cache-Control" not in kept and request.endpoint not in {"static", "sealed"}:
            kept["Cache-Control"] = "no-store"
        if https:
            kept.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.before_request(begin)
    app.after_request(finish)


def scanner_policy(response: Response) -> Response:
    """Allow what the scanner needs and nothing else: WebAssembly and the camera."""
    response.headers["Content-Security-Policy"] = SCANNER_TEXT
    response.headers["Permissions-Policy"] = CAMERA_ON
    return response
