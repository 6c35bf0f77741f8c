"""`flask mail`: what the outbox holds, and a second chance for mails that were given up."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.bounces import MOST_BYTES
from app.logs import masked
from app.services.mails import dead_addresses, outbox

LISTED = 200
group = AppGroup("mail", help="Mails that are owed, sent or given up.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("list")
def list_mails() -> None:
    """Count the mails in each state and name the newest that failed, without their addresses."""
    for state, count in outbox.states().items():
        click.echo(f"{state.value:8} {count}")
    for mail in outbox.failed(LISTED):
        click.echo(f"{mail.id}  {mail.kind}  {masked(mail.last_error or '')}")


@group.command("retry")
@click.option("--all", "everything", is_flag=True, help="Every mail that failed.")
@click.argument("ids", type=int, nargs=-1)
def retry(*, everything: bool, ids: tuple[int, ...]) -> None:
    """Owe the failed mails IDS anew, or --all: the worker sends them next."""
    if everything == bool(ids):
        raise click.UsageError("name the mails, or say --all")
    click.echo(f"owed again: {outbox.requeue_failed(None if everything else ids)}")


@group.command("bounces")
@click.argument("file", type=click.File("rb"), default="-")
def take_bounce(file: BinaryIO) -> None:
    """Take one message that came back to MAIL_FROM, from FILE or standard input: a mail server's pipe.

    Ends with 0 whatever it was, so that no mail server answers it with another.
    """
    known = dead_addresses.take_back(file.read(MOST_BYTES + 1))
    click.echo("noted" if known else "no report of a mail of ours")
