"""How the settings become Flask's own configuration: cookies, sizes, proxies, templates."""

from __future__ import annotations

import datetime as dt
import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import keys, sessions
from config import Settings

SESSION_DAYS = 30
log = logging.getLogger(__name__)


def configure(app: Flask, settings: Settings) -> None:
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
        MAX_CONTENT_LENGTH=settings.MAX_UPLOAD_MB * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SQLALCHEMY_TRACK_MODIFICATIONS=False,
        TEMPLATES_AUTO_RELOAD=settings.DEBUG,
    )
    sessions.init_sessions(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if settings.TRUSTED_PROXIES:
        hops = settings.TRUSTED_PROXIES
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]


def warn(settings: Settings) -> None:
    """Say at the start what makes the limits count all visitors as one."""
    if settings.is_https and not settings.TRUSTED_PROXIES:
        log.warning("BASE_URL is https but TRUSTED_PROXIES is 0: behind a proxy all visitors count as one")
