"""Flask's signed session cookie and Flask-WTF's CSRF token, with signers that are built once.

Both build their signer anew for every request, which costs more than the signing.
"""

from __future__ import annotations

import hashlib
import secrets

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

CSRF_SALT = "wtf-csrf-token"
CSRF_FIELD = "csrf_token"


class Sessions(SecureCookieSessionInterface):
    """As Flask's, for an application whose keys do not change while it runs."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


def init_sessions(app: Flask) -> None:
    app.session_interface = Sessions()
    app.extensions["csrf_signer"] = URLSafeTimedSerializer(app.secret_key or "", salt=CSRF_SALT)


def csrf_token() -> str:
    """What `flask_wtf.csrf.generate_csrf` gives, and known to it for the rest of the request."""
    if CSRF_FIELD not in g:
        if CSRF_FIELD not in session:
            session[CSRF_FIELD] = hashlib.sha1(secrets.token_bytes(64)).hexdigest()  # noqa: S324 - their form
        signer: URLSafeTimedSerializer = current_app.extensions["csrf_signer"]
        setattr(g, CSRF_FIELD, signer.dumps(session[CSRF_FIELD]))
    token: str = g.get(CSRF_FIELD)
    return token
