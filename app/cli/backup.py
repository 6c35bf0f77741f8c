"""`flask backup`: everything in one file, and back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.clock import now
from app.domain.backups import Kind, Manifest, Step
from app.domain.errors import DomainError
from app.files import write_atomically
from app.refusals import explain
from app.services import audit
from app.services.backups import checking, files, making, restoring

group = AppGroup("backup", help="Everything of an installation in one file, and back.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("make")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def make(file: Path | None) -> None:
    """Write a backup while everybody goes on working: database, pictures, keys. The file is as secret as the server."""
    target = file or files.folder() / f"dongmun-{now():%Y%m%d-%H%M%S}.zip"
    manifest = making.write(target)
    rows = sum(manifest.rows(name) for name in manifest.tables)
    click.echo(f"{target}: {rows} rows, {len(manifest.uploads)} pictures, schema {manifest.schema}")


@group.command("check")
@click.argument("file", type=FILE)
def check(file: Path) -> None:
    """Read a backup to its end, without changing anything."""
    manifest = _checked(file)
    for each in checking.differences(manifest):
        click.echo(f"{each.table:<14} then {each.then:>9}   now {each.now:>9}")


@group.command("keys")
@click.argument("file", type=FILE)
def put_keys(file: Path) -> None:
    """On a new server, before it is first used: take the keys of a backup, without which no ticket would be valid."""
    folder = current_app.config["SETTINGS"].DATA_DIR / "keys"
    with zipfile.ZipFile(file) as packed:
        for name in packed.namelist():
            if name.startswith("keys/") and name.endswith(".key") and name.count("/") == 1:
                write_atomically(folder / name.rpartition("/")[2], packed.read(name))
                click.echo(folder / name.rpartition("/")[2])


@group.command("restore")
@click.argument("file", type=FILE)
@click.confirmation_option(prompt="Put the whole database back to this backup?")
def restore(file: Path) -> None:
    """Put a backup back, also another installation's, whose records then replace those here. What is there now is kept."""
    _checked(file)
    safety = files.new(Kind.SAFETY, None, Step.RUNNING)
    making.write(safety.file)
    safety = files.note(safety, step=Step.DONE)
    click.echo(f"what was there before: {safety.file}")
    try:
        restoring.put_back(safety, file, audit.COMMAND, new_machine=True)
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    click.echo("put back")


def _checked(file: Path) -> Manifest:
    try:
        return checking.check(file)
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
