"""The web's entrances, one package an area."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

AREAS = (
    "site",
    "accounts",
    "programs",
    "rosters",
    "meetups",
    "rsvp",
    "checkin",
    "exports",
    "certificates",
    "badges",
    "asking",
    "trail",
    "installation",
)


def register(app: Flask) -> None:
    for area in AREAS:
        app.register_blueprint(import_module(f"app.blueprints.{area}").bp)
