"""Logs: one JSON object a line on standard error, with the request's id and its route's rule.

Never an address, code, token or name: a request is named by its rule (`/m/<slug>/code`) and not by its
URL, an error by its type and frames and not by its message, and what still looks like a secret in a
message is masked. In debug mode an error's whole text is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
import time
import traceback
from typing import Any

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger(__name__)
QUIET = frozenset({"site.livez", "static", "sealed"})
SECRETS = re.compile(
    r"(?P<address>[^\s<>\"'@]+@[^\s<>\"'@]+)"
    r"|(?P<token>\bdm_[a-z]{2}_[\w-]+)"
    r"|(?P<ticket>\b[A-Z2-7]{26}\b)"
    r"|(?P<link>(?<=[/|])[\w-]{22}\b)"
    r"|(?P<code>\b\d{8}\b)"
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line of ASCII JSON, so that no input can break out of its line."""

    def __init__(self, *, debug: bool = False) -> None:
        super().__init__()
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        line |= {name: _plain(value) for name, value in vars(record).items() if name not in _STANDARD}
        if has_request_context():
            line |= {"request": g.get("request_id", ""), "method": request.method, "rule": rule()}
        if record.exc_info and record.exc_info[1]:
            line |= _error(record.exc_info[1], debug=self._debug)
        return json.dumps(line)


class ToStandardError(logging.Handler):
    """Writes to what standard error is now, also after it was redirected."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - as logging's own handlers: a log line must not stop the work
            self.handleError(record)


def init_logs(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, ToStandardError)]:
        root.removeHandler(old)
    handler = ToStandardError()
    handler.setFormatter(JsonLines(debug=settings.DEBUG))
    root.addHandler(handler)
    logging.getLogger("app").setLevel(settings.LOG_LEVEL.upper())
    app.before_request(_start)
    app.after_request(_finish)


def masked(text: str) -> str:
    """`text` with whatever looks like an address, a token, a link's secret or a code taken out."""
    return SECRETS.sub(lambda found: f"[{found.lastgroup}]", text)


def rule() -> str:
    """The rule of the current request's route; a URL may hold a secret, its rule does not."""
    return request.url_rule.rule if request.url_rule else "-"


def _start() -> None:
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    if request.endpoint not in QUIET and log.isEnabledFor(logging.INFO):
        took = time.perf_counter() - g.get("began", time.perf_counter())
        log.info("answered", extra={"status": response.status_code, "ms": round(took * 1000, 1)})
    return response


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return masked(str(value))


def _error(error: BaseException, *, debug: bool) -> dict[str, Any]:
    if debug:
        return {"error": type(error).__name__, "trace": "".join(traceback.format_exception(error))}
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "trace": places}
