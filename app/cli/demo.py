"""`flask demo`: invented people to look around with. `make run` is the only caller."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.demo import loading

group = AppGroup("demo", help="An invented programme to look around with.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where somebody has been at work already.")
def load(if_empty: bool) -> None:
    """Load the demo: three cohorts and three meetups. Refuses a database that is in use."""
    if not loading.is_empty():
        if if_empty:
            return
        raise click.ClickException("this database is in use; the demo loads into an empty one only")
    loading.load(click.echo)


def register(app: Flask) -> None:
    app.cli.add_command(group)
