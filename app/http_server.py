"""The web server as a program of its own, `python -m app.http_server`: granian with our settings.

The application is loaded before the workers are forked: they share its memory, start at once, and none
is still loading, deaf to SIGTERM, when the server is asked to stop.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.server.mp import MPServer

from app.assets import YEAR
from app.db import db
from app.supervisor import DRAIN_SECONDS
from config import Settings

# A thread that got its answer from the database waits at most this long for one that draws a page: whoever
# holds a seat lock keeps everybody waiting. Python's own is 5 ms.
SWITCH_SECONDS = 0.0005
LOGGING: dict[str, Any] = {
    "formatters": {"json": {"()": "app.logs.JsonLines"}},
    "handlers": {"json": {"()": "app.logs.ToStandardError", "formatter": "json"}},
    "loggers": {"_granian": {"handlers": ["json"], "propagate": False}},
}


def server(app: Flask) -> MPServer:
    """Granian for `wsgi:app`; it serves the style sheets and scripts itself, under their versioned path."""
    settings: Settings = app.config["SETTINGS"]
    return MPServer(
        "wsgi:app",
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        address=settings.HOST,
        port=settings.PORT,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        backlog=2048,
        respawn_failed_workers=True,
        respawn_interval=1,
        workers_kill_timeout=int(DRAIN_SECONDS) - 5,
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        static_path_route=[app.extensions["static_prefix"]],
        static_path_mount=[Path(app.static_folder or "")],
        static_path_expires=YEAR,
        ssl_cert=Path(settings.TLS_CERTIFICATE) if settings.TLS_CERTIFICATE else None,
        ssl_key=Path(settings.TLS_KEY) if settings.TLS_KEY else None,
        ssl_protocol_min=SSLProtocols.tls12,
    )


def main() -> None:
    from wsgi import app

    sys.setswitchinterval(SWITCH_SECONDS)
    with app.app_context():
        db.engine.dispose()  # no connection may cross the fork
    gc.collect()
    gc.freeze()  # what stays until the end is not looked through for garbage again, and stays shared
    server(app).serve()


if __name__ == "__main__":
    main()
