"""The sample files give exactly what expected.json says, without any hint."""

import json

import pytest

from app.domain.rosters import (
    CohortCount,
    ExistingEntry,
    FateKind,
    Field,
    Hints,
    Preview,
    RosterRow,
    compare,
    detect_layout,
    read_file,
    read_rows,
)  # fmt: skip
from tests.domain.roster_files import KNOWN, SAMPLES

EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
ROSTERS = {1: "cohort-1-2020-cp949.csv", 2: "cohort-2-2021.xlsx", 3: "cohort-3-2022-sheets.csv"}


def preview(file_name: str, fixed_cohort: int | None = None, existing: dict | None = None) -> Preview:
    book = read_file((SAMPLES / file_name).read_bytes(), file_name)
    layout = detect_layout(book, cohort_given=fixed_cohort is not None)
    outcomes = read_rows(book, layout, KNOWN, fixed_cohort=fixed_cohort)
    return compare(outcomes, existing or {})


def cohort_preview(cohort: int) -> Preview:
    return preview(ROSTERS[cohort], fixed_cohort=1 if cohort == 1 else None)


def stored(preview_: Preview) -> dict[tuple[int, str], ExistingEntry]:
    rows = [fate.row for fate in preview_.fates if fate.row]
    return {
        (r.cohort, r.address_key): ExistingEntry(
            r.name, r.completed, r.phone or "", r.certificate or "", r.note or "", r.other_name or ""
        )
        for r in rows
    }


@pytest.mark.parametrize("cohort", [1, 2, 3])
def test_a_roster_gives_its_participants_and_alumni_and_no_problem(cohort):
    expected = EXPECTED["cohorts"][str(cohort)]

    found = cohort_preview(cohort)

    assert found.by_cohort == {cohort: CohortCount(expected["participants"], expected["alumni"])}
    assert found.problems == ()


def test_the_three_rosters_together_give_the_programmes_totals():
    counts = [cohort_preview(cohort).by_cohort[cohort] for cohort in ROSTERS]

    assert sum(c.participants for c in counts) == EXPECTED["participants"]
    assert sum(c.completed for c in counts) == EXPECTED["alumni"]


def test_messy_rows_are_reported_with_their_row_number_and_reason():
    expected = EXPECTED["messy-unicode-text.txt"]

    found = preview("messy-unicode-text.txt")

    assert [{"row": p.number, "reason": p.code} for p in found.problems] == expected["problems"]
    assert found.counts["new"] == expected["importable"]


def test_a_duplicate_names_the_row_that_came_first():
    (duplicate,) = [p for p in preview("messy-unicode-text.txt").problems if p.code == "duplicate_in_file"]

    assert duplicate.params == {"first_row": 3}


def test_the_answers_of_a_form_are_no_roster_because_nothing_says_who_completed():
    name = "earlier-form-answers.csv"
    book = read_file((SAMPLES / name).read_bytes(), name)

    layout = detect_layout(book)

    assert layout.missing == {Field.COMPLETED}
    assert layout.questions == ("missing_completed_column",)


def test_form_answers_become_a_roster_once_the_user_says_that_everyone_completed():
    name = "earlier-form-answers.csv"
    book = read_file((SAMPLES / name).read_bytes(), name)

    layout = detect_layout(book, Hints(completed_for_all=True))
    rows = read_rows(book, layout, KNOWN)

    assert layout.ready
    assert len(rows) == 60
    assert all(isinstance(row, RosterRow) and row.completed for row in rows)


def test_the_workbooks_cover_sheet_titles_and_total_row_are_nobody():
    book = read_file((SAMPLES / ROSTERS[2]).read_bytes(), ROSTERS[2])
    layout = detect_layout(book)

    ignored = [(f.number, f.ignored.code) for f in cohort_preview(2).fates if f.ignored]

    assert (book.sheets[layout.sheet].name, layout.header_row) == ("명단", 3)
    assert ignored == [(247, "summary_row")]


@pytest.mark.parametrize("cohort", [1, 2, 3])
def test_importing_the_same_file_again_changes_nothing(cohort):
    first = cohort_preview(cohort)

    again = preview(ROSTERS[cohort], 1 if cohort == 1 else None, stored(first))

    assert {f.kind for f in again.fates} <= {FateKind.UNCHANGED, FateKind.IGNORED}
    assert again.gone == ()


def test_decomposed_names_from_a_mac_arrive_composed():
    names = [f.row.name for f in cohort_preview(3).fates if f.row]

    assert not any("\u1100" <= char <= "\u11ff" for name in names for char in name)
