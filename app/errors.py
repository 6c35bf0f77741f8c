"""Error pages: what happened and what to do, in the visitor's language; never a stack, version or path."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.db import end_reading
from app.domain.paths import local_path
from app.origins import OtherSite

log = logging.getLogger(__name__)
RETRY_AFTER = "5"

PAGES = {
    400: (_l("That request didn't work"), _l("Go back, reload the page and try again.")),
    401: (_l("Please sign in"), _l("Sign in again, then repeat what you were doing.")),
    403: (_l("That isn't yours to open"), _l("Ask an owner of the programme for the right to it.")),
    404: (
        _l("Nothing here"),
        _l("The address may be mistyped, or the page is gone. Check the link you followed."),
    ),
    405: (_l("That request didn't work"), _l("Go back, reload the page and try again.")),
    413: (
        _l("That file is too large"),
        _l("It was not taken, and nothing was changed. Go back and choose a smaller one."),
    ),
    429: (_l("Too many tries"), _l("Wait a little, then try again.")),
    500: (_l("Something broke on our side"), _l("Nothing was half-saved. Try again in a moment.")),
    503: (_l("We can't reach our records right now"), _l("Nothing was lost. Try again in a few seconds.")),
}


def init_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, title: str | None = None, sentence: str | None = None) -> Response:
    """The error page (or JSON for the API) for `status`, with its own words where they are given."""
    first, second = PAGES.get(status, PAGES[400] if status < 500 else PAGES[500])
    title, sentence = title or str(first), sentence or str(second)
    if request.path.startswith("/door/") and "/api/" in request.path:
        return make_response(jsonify(error=str(status), reason=f"{title}. {sentence}"), status)
    return make_response(
        render_template(
            "errors/error.html",
            status=status,
            title=title,
            sentence=sentence,
            request_id=g.get("request_id", ""),
            back=_page_before(),
        ),
        status,
    )


def _page_before() -> str | None:
    """The page of ours that sent this request, where the browser says so."""
    sender = urlsplit(request.referrer or "")
    return (
        local_path(sender._replace(scheme="", netloc="").geturl()) if sender.netloc == request.host else None
    )


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = page(error.code or 500)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _csrf(error: CSRFError) -> Response:
    if isinstance(error, OtherSite):
        return page(
            400,
            _("This was sent from another page"),
            _(
                "Open this address in your browser itself (Chrome, Safari, Samsung Internet) and send it again."
            ),
        )
    return page(400, _("This page was open too long"), _("Go back, reload the page and send it again."))


def _unstorable(error: DataError) -> Response:
    """Something was sent that no column holds and no form looked at."""
    log.warning("unstorable value", extra={"error": type(error.orig).__name__})
    end_reading()  # the failed transaction answers no more questions, and the page may have some
    return page(400)


def _database_away(error: Exception) -> Response:
    log.error("database unavailable", extra={"error": type(error).__name__})
    response = page(503)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _unexpected(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return page(500)
