"""`flask audit`: whether the audit trail is as it was sealed."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.services.auditing import seals

group = AppGroup("audit", help="The audit trail: sealed by the worker, compared here.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("verify")
@click.option("--head", help="A newest seal that was noted before: it has to be among the seals still.")
def verify(head: str | None) -> None:
    """Compare every seal with its entries, and print the newest: note it outside this machine."""
    broken = seals.compare_all()
    standing = seals.standing()
    if broken:
        raise click.ClickException(f"changed after they were sealed: seals {', '.join(map(str, broken))}")
    if head and not seals.knows(head):
        raise click.ClickException("that seal is not among the seals: entries were cut off or made anew")
    click.echo(f"{standing.seals} seals, none broken")
    click.echo(f"newest: {standing.head or 'none yet'}")
