"""What a preview says of rows that cannot be imported: whose they are, and what is mostly wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.domain.rosters import FateKind, Field, Layout, Preview, Problem, Workbook
from app.domain.writing.resident_numbers import holds_resident_number
from app.refusals import sentence

LONGEST_CELL = 120


@dataclass(frozen=True)
class Nothing:
    """Why no row can be imported. `cohorts` are what the file itself names, where that is the reason."""

    reason: str
    rows: int
    cohorts: str = ""


def nothing_to_import(preview: Preview) -> Nothing | None:
    """None where a row can be imported or is stored already, or where no row has a problem."""
    good = sum(preview.counts[kind] for kind in (FateKind.NEW, FateKind.CHANGED, FateKind.UNCHANGED))
    if good or not preview.problems:
        return None
    (code, rows), *_ = Counter(problem.code for problem in preview.problems).most_common(1)
    first = next(problem for problem in preview.problems if problem.code == code)
    return Nothing(sentence(code, **first.params), rows, cohorts_named(preview))


def cohorts_named(preview: Preview) -> str:
    """The cohorts that most rows name though another one was chosen, as the file writes them."""
    named = Counter(p.value for p in preview.problems if p.code == "cohort_mismatch")
    if 2 * named.total() <= len(preview.fates):
        return ""
    return ", ".join(value for value, _count in named.most_common(3))


def cell(workbook: Workbook, layout: Layout, problem: Problem, field: Field) -> str:
    """What stands in the row for this field, to recognise it by; never a resident number."""
    row, column = workbook.sheets[layout.sheet].rows[problem.number - 1], layout.columns.get(field)
    text = " ".join(row[column].split()) if column is not None and column < len(row) else ""
    if holds_resident_number(text):
        return ""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
