"""`flask owner`: the first account of an installation."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

group = AppGroup("owner", help="Accounts that may create programmes.")


def register(app: Flask) -> None:
    app.cli.add_command(group)
