"""How the settings become Flask's own configuration: cookies, sizes, proxies, templates."""

from __future__ import annotations

import datetime as dt
import logging
import re
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from app import keys, maintenance, sessions
from app.numbers import BoundedInteger
from app.rendering import Context
from config import Settings

SESSION_DAYS = 30
BESIDE_A_FILE = 1024 * 1024  # the other fields of its form
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
NUL = "\0"  # SQLite stores it, PostgreSQL cannot, and no person types it
_ESCAPED_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


class Json(DefaultJSONProvider):
    """JSON as it is sent to us, without the NUL characters: a scan is not lost for what it carries."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s.decode() if isinstance(s, bytes) else s
        return super().loads(_ESCAPED_NUL.sub(r"\1", text), **kwargs)


log = logging.getLogger(__name__)


def configure(app: Flask, settings: Settings) -> None:
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets = keys.load(settings)
    app.extensions["keys"] = secrets
    https = settings.is_https
    app.config.update(
        SETTINGS=settings,
        DEBUG=settings.DEBUG,
        SECRET_KEY=secrets.session,
        SECRET_KEY_FALLBACKS=list(secrets.session_fallbacks),
        SESSION_COOKIE_NAME="__Host-dongmun" if https else "dongmun",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=SESSION_DAYS),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=settings.upload_bytes + BESIDE_A_FILE,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SQLALCHEMY_TRACK_MODIFICATIONS=False,
        TEMPLATES_AUTO_RELOAD=settings.DEBUG,
    )
    sessions.init_sessions(app)
    app.json = Json(app)
    app.url_map.converters["int"] = BoundedInteger
    app.jinja_env.context_class = Context
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.TRUSTED_PROXIES:
        hops = settings.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def warn(settings: Settings) -> None:
    """Say at the start what makes the limits count all visitors as one."""
    if settings.is_https and not settings.TRUSTED_PROXIES and not settings.TLS_CERTIFICATE:
        log.warning("BASE_URL is https but TRUSTED_PROXIES is 0: behind a proxy all visitors count as one")


def init_guard(app: Flask) -> None:
    """Refuse a request with a NUL character anywhere in it, before anything looks at it."""
    maintenance.init_maintenance(app)
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if NUL in request.path:
        abort(404)
    texts = [text for pair in request.args.items(multi=True) for text in pair]
    if request.mimetype in FORMS:  # other bodies are for their views to read, by their own limits
        texts += [text for pair in request.form.items(multi=True) for text in pair]
        texts += [upload.filename or "" for upload in request.files.values()]
    if any(NUL in text for text in texts):
        abort(400)
