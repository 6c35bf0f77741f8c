"""`flask account`: for whoever lost every passkey."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key
from app.refusals import explain
from app.services.staff import passkey_rules, passkeys

group = AppGroup("account", help="Accounts that sign in to the desk.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("drop-passkeys")
@click.argument("address")
def drop_passkeys(address: str) -> None:
    """Delete the passkeys of ADDRESS and sign it out everywhere; it signs in by mail and adds a new one."""
    try:
        dropped = passkeys.drop_all(address_key(address))
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    click.echo(f"Deleted: {dropped}")


@group.command("lift-passkeys")
@click.argument("program")
def lift_passkeys(program: str) -> None:
    """Let PROGRAM (its slug) ask for passkeys no more: where nobody can get in, as after a change of BASE_URL."""
    try:
        passkey_rules.lift_by_command(program)
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    click.echo("Passkeys are asked for no more.")
