"""`flask` commands, one file a group."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

GROUPS = (
    "owner",
    "account",
    "roster",
    "serve",
    "develop",
    "demo",
    "worker",
    "mail",
    "draw",
    "audit",
    "backup",
)


def register(app: Flask) -> None:
    for group in GROUPS:
        import_module(f"app.cli.{group}").register(app)
