"""While a backup is put back nobody is served: whoever asks is told so, and phones keep what they have."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_babel import gettext as _

from app import errors

RETRY_AFTER = "5"
SERVED = {"static", "sealed", "site.livez"}


def init_maintenance(app: Flask) -> None:
    sign = app.config["SETTINGS"].DATA_DIR / "backups" / "restoring"

    def refuse() -> Response | None:
        if not sign.exists() or request.endpoint in SERVED:
            return None
        answer = errors.page(
            503,
            _("A backup is being put back"),
            _("That takes a moment. This page tries again by itself; nothing needs to be done."),
        )
        answer.headers["Retry-After"] = RETRY_AFTER
        if request.method == "GET":
            answer.headers["Refresh"] = RETRY_AFTER
        return answer

    app.before_request(refuse)
