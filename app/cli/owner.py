"""`flask owner`: the first account of an installation, and the way back in."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.models import AlumniTerm
from app.refusals import explain
from app.services.organizing import programs
from app.services.staff import accounts, sign_in

group = AppGroup("owner", help="Accounts that may create programmes.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("create")
@click.argument("address")
@click.option("--name", default="", help="How the owner is called at the desk.")
@click.option("--program-slug", default="", help="A programme that they own, made if it is missing.")
@click.option("--program-name-ko", default="", help="Its name in Korean.")
@click.option("--program-name-en", default="", help="Its name in English.")
@click.option(
    "--alumni-term",
    type=click.Choice([term.value for term in AlumniTerm]),
    default=AlumniTerm.COMPLETER.value,
    help="The Korean word for those who completed it.",
)
@click.option("--contact", default="", help="Its contact address.")
def create(
    address: str,
    name: str,
    program_slug: str,
    program_name_ko: str,
    program_name_en: str,
    alumni_term: str,
    contact: str,
) -> None:
    """Make ADDRESS an owner who may create programmes, and print a link that signs in once."""
    fields = programs.Fields(
        slug=program_slug,
        name_ko=program_name_ko,
        name_en=program_name_en,
        alumni_term=AlumniTerm(alumni_term),
        contact_address=contact or None,
    )
    try:
        accounts.create_owner(address, name=name, program=fields if program_slug else None)
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    _print_link(address)


@group.command("link")
@click.argument("address")
def link(address: str) -> None:
    """Print a fresh link that signs ADDRESS in once."""
    _print_link(address)


def _print_link(address: str) -> None:
    try:
        click.echo(sign_in.one_time_link(address))
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
