"""`flask draw`: repeat a meetup's draw from the files that were published."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from app.domain.errors import DomainError
from app.domain.seating import draw_files
from app.refusals import explain

group = AppGroup("draw", help="Draws, checked from their published files alone.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("verify")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def verify(paths: tuple[Path, ...]) -> None:
    """Repeat the draw of PATHS: the folder with its four files, or the files. Asks no database."""
    files = {path.name: path for given in paths for path in (given.iterdir() if given.is_dir() else [given])}
    if lacking := [name for name in draw_files.NAMES if name not in files]:
        raise click.UsageError(f"not among these: {', '.join(lacking)}")
    try:
        texts = {name: files[name].read_bytes().decode() for name in draw_files.NAMES}
        drawn = draw_files.verify(texts)
    except UnicodeDecodeError as error:
        raise click.ClickException("these files are not the text that was published") from error
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    told, terms = (
        draw_files.opening_of(texts[draw_files.OPENING]),
        draw_files.terms_of(texts[draw_files.TERMS]),
    )
    people = len(drawn.seated) + len(drawn.waiting)
    click.echo(f"verified: {len(drawn.seated)} of {people} entries got a seat")
    click.echo(f"commitment: {told['commitment']}")
    click.echo(f"look up at its source: {terms.value} = {told['value']}")
