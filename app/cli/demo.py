"""`flask demo`: invented people to look around with, in debug mode only."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.demo import loading

group = AppGroup("demo", help="An invented programme to look around with.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where somebody has been at work already.")
def load(if_empty: bool) -> None:
    """Load the demo: three cohorts and three meetups. Wants debug mode and an empty database."""
    require_debug_mode()
    if not loading.is_empty():
        if if_empty:
            return
        raise click.ClickException("this database is in use; the demo loads into an empty one only")
    loading.load(click.echo)


def require_debug_mode() -> None:
    """Keep invented people out of an installation that serves real ones."""
    if not current_app.config["SETTINGS"].DEBUG:
        raise click.ClickException("this loads invented people; it wants DEBUG=1. Serve with `flask serve`.")


def register(app: Flask) -> None:
    app.cli.add_command(group)
