"""What the import's pages show: choices with what was detected, and every row's fate in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from app.blueprints.rosters import faults, hints
from app.blueprints.rosters.forms import ApplyForm
from app.domain import rosters as reader
from app.domain.errors import DomainError
from app.domain.rosters import ENCODINGS, Fate, Field, Gone, Layout, Problem, Workbook
from app.models import Cohort, Program, RosterUpload
from app.numbers import number
from app.refusals import explain, sentence
from app.services.alumni.rosters import Draft

ROWS_A_PAGE = 100
HEADER_ROWS_OFFERED = 20
Choices = list[tuple[str, str]]


def cohort_label(cohort: Cohort) -> str:
    """3기 · 2022"""
    name = _("Cohort %(n)s", n=cohort.ordinal)
    return f"{name} · {cohort.year}" if cohort.year else name


def draft(
    program: Program,
    upload: RosterUpload,
    seen: Draft,
    form: ApplyForm,
    chosen: Mapping[str, str],
    ordinal: int | None,
) -> str:
    """The page of one upload: detected settings, open questions, and the preview when there are none."""
    kind = chosen.get("show", "")
    listed = _listed(seen, kind)
    basis, said = hints.basis_of(seen.workbook, seen.layout), hints.to_query(chosen)
    start = number(chosen.get("start")) or 0
    return render_template(
        "rosters/show.html",
        program=program,
        upload=upload,
        ordinal=ordinal,
        seen=seen,
        form=form,
        settings=settings(seen.workbook, seen.layout),
        columns=column_choices(seen.layout, seen.workbook),
        basis=basis,
        questions=[sentence(code) for code in seen.layout.questions],
        chosen=hints.settled(said, basis, whole=seen.preview.is_whole) if seen.preview else said,
        is_proposed=seen.preview is not None and hints.from_query(chosen).whole is None,
        kinds=kinds(seen),
        kind=kind,
        nothing=faults.nothing_to_import(seen.preview) if seen.preview else None,
        named=faults.cohorts_named(seen.preview) if seen.preview and ordinal else "",
        rows=[line(item, seen) for item in listed[start : start + ROWS_A_PAGE]],
        total=len(listed),
        start=start,
        step=ROWS_A_PAGE,
        fields=field_names(),
    )


def unreadable(program: Program, upload: RosterUpload, refusal: DomainError, **page: Any) -> str:
    """The same page where nothing can be shown yet: say why and offer the choice that may help.

    `page`: `back` (title and address of the page before), `again`, `discard`, and the meetup whose list it is. 404 where the
    file is gone.
    """
    if refusal.code == "upload_gone":
        abort(404)
    return render_template(
        "rosters/unreadable.html",
        program=program,
        upload=upload,
        reason=explain(refusal),
        encodings=[("", _("Detect it"))] + [(name, name.upper()) for name in ENCODINGS],
        chosen=hints.to_query(request.values),
        **page,
    )


def settings(workbook: Workbook, layout: Layout) -> list[dict[str, Any]]:
    """The selects about the file itself; only those that this kind of file has."""
    sheet = workbook.sheets[layout.sheet]
    offered = min(len(sheet.rows), HEADER_ROWS_OFFERED)
    rows: Choices = [("0", _("There is no header row"))]
    rows += [(str(n), f"{n} · {_shortened(' | '.join(sheet.rows[n - 1]))}") for n in range(1, offered + 1)]
    found: list[dict[str, Any]] = []
    if workbook.encoding:
        names = [(name, name.upper()) for name in ENCODINGS]
        found.append(_setting("encoding", _("Encoding"), names, workbook.encoding))
    if workbook.delimiter:
        marks = [(",", _("Comma")), (hints.TAB, _("Tab")), (";", _("Semicolon"))]
        value = hints.TAB if workbook.delimiter == "\t" else workbook.delimiter
        found.append(_setting("delimiter", _("Separator"), marks, value))
    if len(workbook.sheets) > 1:
        names = [(str(i), s.name) for i, s in enumerate(workbook.sheets)]
        found.append(_setting("sheet", _("Sheet"), names, str(layout.sheet)))
    found.append(_setting("header_row", _("Header row"), rows, str(layout.header_row)))
    return found


def column_choices(layout: Layout, workbook: Workbook) -> list[dict[str, Any]]:
    """One select a field: which column says it, with the column's first values to recognise it by."""
    examples = reader.sample(workbook, layout)
    width = max([len(layout.header), *(len(row) for row in examples)], default=0)
    names = [(hints.NONE, _("Not in this file"))]
    names += [(str(i), _column_name(layout.header, examples, i)) for i in range(width)]
    labels = field_names()
    return [
        _setting(f"col_{field}", labels[field], names, str(layout.columns.get(field, hints.NONE)))
        for field in Field
    ]


def kinds(seen: Draft) -> list[tuple[str, str, int]]:
    """The fates that occur, with how many rows have each."""
    if seen.preview is None:
        return []
    counts = seen.preview.counts
    names = fate_names()
    return [(kind, names[kind], counts[kind]) for kind in names if counts.get(kind)]


def line(item: Fate | Gone, seen: Draft) -> dict[str, Any]:
    """One row of the preview in words."""
    if isinstance(item, Gone):
        return {"number": None, "kind": "gone", "name": item.entry.name, "address": item.address_key,
                "cohort": _("Cohort %(n)s", n=item.cohort), "completed": item.entry.completed,
                "details": [_("Not in this file. The entry is kept.")]}  # fmt: skip
    if item.problem:
        return _faulty(item.number, item.problem, seen)
    row = item.row
    return {
        "number": item.number,
        "kind": item.kind.value,
        "name": row.name if row else "",
        "address": row.address if row else "",
        "cohort": _("Cohort %(n)s", n=row.cohort) if row else "",
        "completed": row.completed if row else None,
        "details": _details(item),
    }


def fate_names() -> dict[str, str]:
    return {
        "problem": _("Problems"),
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
        "ignored": _("Skipped"),
        "gone": _("Not in this file"),
    }


def field_names() -> dict[str, str]:
    return {
        Field.NAME: _("Name"),
        Field.ADDRESS: _("E-mail address"),
        Field.COHORT: _("Cohort"),
        Field.COMPLETED: _("Completed"),
        Field.PHONE: _("Phone"),
        Field.CERTIFICATE: _("Certificate or student number"),
        Field.NOTE: _("Note"),
        Field.OTHER_NAME: _("Other name"),
    }


def _faulty(number: int, problem: Problem, seen: Draft) -> dict[str, Any]:
    """A row as the file has it; what is wrong stands in the details, with the value at fault."""
    name, address, cohort = (
        faults.cell(seen.workbook, seen.layout, problem, field)
        for field in (Field.NAME, Field.ADDRESS, Field.COHORT)
    )
    details = [sentence(problem.code, **problem.params)]
    if problem.value and problem.field:
        details.append(f"{field_names()[problem.field]}: {_shortened(problem.value)}")
    return {"number": number, "kind": "problem", "name": name, "address": address,
            "cohort": cohort, "completed": None, "details": details}  # fmt: skip


def _details(fate: Fate) -> list[str]:
    if fate.ignored:
        return [sentence(fate.ignored.code)]
    names = field_names()
    return [f"{names[c.field]}: {_said(c.old)} → {_said(c.new)}" for c in fate.changes]


def _said(value: str | bool) -> str:
    if isinstance(value, bool):
        return str(_("completed") if value else _("not completed"))
    return value or "–"


def _listed(seen: Draft, kind: str) -> Sequence[Fate | Gone]:
    if seen.preview is None:
        return []
    if kind == "gone":
        return seen.preview.gone
    return [fate for fate in seen.preview.fates if not kind or fate.kind.value == kind]


def _setting(name: str, label: str, choices: Choices, value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "choices": choices, "value": value}


def _column_name(header: Sequence[str], examples: Sequence[Sequence[str]], index: int) -> str:
    letter = _letter(index)
    title = header[index].strip() if index < len(header) else ""
    example = next((row[index] for row in examples if index < len(row) and row[index].strip()), "")
    return " · ".join(part for part in (letter, _shortened(title), _shortened(example)) if part)


def _letter(index: int) -> str:
    """The column's name in a spreadsheet: A … Z, AA …"""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name = chr(65 + rest) + name
        index -= 1
    return name


def _shortened(text: str, limit: int = 40) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1]}…"
