"""`flask roster`: import a roster from the command line, with the same reader and rules as the desk."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.domain.errors import DomainError
from app.domain.rosters import Fate, Field, Gone, Hints
from app.models import Program
from app.refusals import explain, sentence
from app.services import audit
from app.services.alumni import rosters

NOTHING_TO_IMPORT = 2

group = AppGroup("roster", help="Rosters: who was in which cohort, and who completed it.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--program", "slug", required=True, help="The programme's short name in addresses.")
@click.option("--cohort", type=int, help="The whole file is this cohort's; else a column names it.")
@click.option("--provenance", default="", help="Where the list comes from; kept with the import.")
@click.option("--encoding", help="Read text as this instead of detecting it.")
@click.option("--sheet", type=int, help="Take this sheet, counted from 1.")
@click.option("--header-row", type=int, help="The row with the headings, counted from 1; 0 for none.")
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=N", help="FIELD stands in column N, from 1."
)
@click.option("--everyone-completed/--nobody-completed", "completed", default=None)
@click.option(
    "--additions", is_flag=True, help="FILE adds to the list; who isn't in it is not noted as gone."
)
@click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
def import_file(
    file: Path,
    slug: str,
    cohort: int | None,
    provenance: str,
    encoding: str | None,
    sheet: int | None,
    header_row: int | None,
    columns: tuple[str, ...],
    completed: bool | None,
    additions: bool,
    dry_run: bool,
) -> None:
    """Import FILE into a programme: every row is written or reported with its number and reason.

    The exit code is 2, and nothing is changed, where a question is open or no row can be imported.
    """
    program = db.session.scalar(select(Program).where(Program.slug == slug))
    if program is None:
        raise click.UsageError(f"no programme is called {slug!r}")
    hints = Hints(
        encoding=encoding,
        sheet=None if sheet is None else sheet - 1,
        header_row=header_row,
        columns=_columns(columns) or None,
        completed_for_all=completed,
        whole=not additions,
    )
    source = rosters.Source(file.read_bytes(), file.name)
    try:
        seen = rosters.draft(program.id, source, hints, fixed_cohort=cohort)
        _show(seen)
        if _importable(seen) and not dry_run:
            rosters.apply(
                program.id,
                source,
                hints,
                fixed_cohort=cohort,
                actor=audit.COMMAND,
                provenance=provenance or f"command line: {file.name}",
            )
    except DomainError as refusal:
        raise click.ClickException(explain(refusal)) from refusal
    if not _importable(seen):
        raise click.exceptions.Exit(NOTHING_TO_IMPORT)


def register(app: Flask) -> None:
    app.cli.add_command(group)


def _show(seen: rosters.Draft) -> None:
    """Print how the file was understood, every problem, and the counts."""
    book, layout = seen.workbook, seen.layout
    columns = ", ".join(f"{field}={column + 1}" for field, column in sorted(layout.columns.items()))
    click.echo(
        f"{seen.source.file_name}: {book.kind}, {book.encoding or '-'}, sheet {layout.sheet + 1} "
        f"({book.sheets[layout.sheet].name}), header row {layout.header_row}, {columns}"
    )
    for code in layout.questions:
        click.echo(f"  ? {sentence(code)}")
    if seen.preview is None:
        return
    for line in (*filter(None, map(_fate, seen.preview.fates)), *map(_gone, seen.preview.gone)):
        click.echo(f"  {line}")
    for ordinal, count in sorted(seen.preview.by_cohort.items()):
        click.echo(f"  cohort {ordinal}: {count.participants} participants, {count.completed} completed")
    click.echo("  " + ", ".join(f"{kind} {count}" for kind, count in seen.preview.counts.items()))
    if not _importable(seen):
        click.echo(f"  {sentence('nothing_to_import')}")


def _importable(seen: rosters.Draft) -> bool:
    return seen.preview is not None and bool(seen.preview.cohorts)


def _fate(fate: Fate) -> str | None:
    """What is worth a line: a problem, or what a row changes. Whose row it is, its cohort and address say."""
    if fate.problem:
        return f"row {fate.number}: {fate.problem.code}: {sentence(fate.problem.code, **fate.problem.params)}"
    if fate.row and fate.changes:
        changed = ", ".join(change.field for change in fate.changes)
        return f"row {fate.number}: changed: cohort {fate.row.cohort}, {fate.row.address}: {changed}"
    return None


def _gone(gone: Gone) -> str:
    return f"gone: cohort {gone.cohort}, {gone.address_key}: not in this file, kept"


def _columns(said: tuple[str, ...]) -> dict[Field, int | None]:
    try:
        pairs = [text.split("=", 1) for text in said]
        return {Field(name): int(number) - 1 for name, number in pairs}
    except ValueError as error:
        names = ", ".join(Field)
        raise click.UsageError(f"--column wants FIELD=N, FIELD one of: {names}") from error
