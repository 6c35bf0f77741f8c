"""The application as `make run` starts it: in debug mode, unless the environment or `.env` says otherwise."""

from __future__ import annotations

from flask import Flask

import app
from config import assume


def create_app() -> Flask:
    assume(DEBUG="1", LOG_LEVEL="warning")
    return app.create_app()
