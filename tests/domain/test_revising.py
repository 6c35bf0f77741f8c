"""A list that comes back edited: only what somebody edited in it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registering.registrations import Status
from app.domain.revising.cells import Vocabulary
from app.domain.revising.comparing import Change, Fate, FateKind, Line, Present, compare
from app.domain.revising.parts import Part, marks, read_marks
from app.domain.writing.cohorts import KnownCohort
from app.domain.writing.spreadsheet_cells import guard

SECRET = b"a key of ours"
WORDS = Vocabulary(
    {
        "확정": Status.CONFIRMED,
        "대기": Status.WAITLISTED,
        "confirmed": Status.CONFIRMED,
        "취소": Status.CANCELLED,
    },
    (KnownCohort(1, 2020), KnownCohort(2, 2021)),
)
VALUES = {
    Part.STATUS: "waitlisted",
    Part.NAME: "김하나",
    Part.COHORT: "1",
    Part.CERTIFICATE: "0012",
    Part.ADDRESS: "hana@example.com",
    Part.PHONE: "010-0000-1234",
    Part.TAGS: "연사, VIP",
    Part.NOTE: "첫 줄\n둘째 줄",
}
CELLS = VALUES | {Part.STATUS: "대기", Part.COHORT: "1기"}
HANA = Present(7, "ABCDEFGHJK", "김하나", VALUES)
WENT_OUT = marks(SECRET, HANA.reference, VALUES)


def fate_of(edits: dict[Part, str], present: Present = HANA, told: str = WENT_OUT) -> Fate:
    line = Line(2, HANA.reference, CELLS | edits, told)
    return compare([line], {present.reference: present}, WORDS, SECRET).fates[0]


def test_a_list_that_nobody_edited_changes_nothing() -> None:
    assert fate_of({}).kind is FateKind.UNCHANGED


def test_what_a_spreadsheet_does_to_a_cell_is_no_edit() -> None:
    guarded = {part: guard(cell) for part, cell in CELLS.items()}

    assert (
        fate_of(guarded | {Part.NOTE: "첫 줄\r\n둘째 줄 ", Part.TAGS: "VIP,연사"}).kind is FateKind.UNCHANGED
    )


@pytest.mark.parametrize("cell", ["'=1", "=1", "''=1"])
def test_a_text_with_an_apostrophe_of_its_own_is_not_edited_by_a_spreadsheet(cell: str) -> None:
    here = replace(HANA, values=VALUES | {Part.NOTE: "'=1"})

    assert fate_of({Part.NOTE: cell}, here).kind is FateKind.UNCHANGED


@pytest.mark.parametrize(
    ("part", "cell", "value"),
    [
        (Part.STATUS, "확정", "confirmed"),
        (Part.STATUS, " Confirmed ", "confirmed"),
        (Part.STATUS, "취소", "declined"),
        (Part.NAME, "김하니", "김하니"),
        (Part.COHORT, "제2기", "2"),
        (Part.CERTIFICATE, "'0013", "'0013"),
        (Part.ADDRESS, "hani@example.com", "hani@example.com"),
        (Part.PHONE, "+82 10 0000 5678", "+82 10 0000 5678"),
        (Part.TAGS, "VIP, 사진", "VIP, 사진"),
        (Part.TAGS, "", ""),
        (Part.NOTE, "", ""),
        (Part.NOTE, "=1+1", "=1+1"),
    ],
)
def test_an_edited_cell_is_a_change_of_that_cell_alone(part: Part, cell: str, value: str) -> None:
    fate = fate_of({part: cell})

    assert fate.changes == (Change(part, VALUES[part], value),)
    assert fate.kind is FateKind.CHANGED


@pytest.mark.parametrize(
    "part", [Part.NAME, Part.CERTIFICATE, Part.ADDRESS, Part.PHONE, Part.COHORT, Part.STATUS]
)
def test_an_empty_cell_takes_nothing_away_that_a_roster_says(part: Part) -> None:
    assert fate_of({part: ""}).kind is FateKind.UNCHANGED


def test_without_marks_an_empty_cell_takes_nothing_away_at_all() -> None:
    assert fate_of({Part.TAGS: "", Part.NOTE: ""}, told="").kind is FateKind.UNCHANGED


def test_what_changed_here_since_the_file_went_out_stays() -> None:
    here = replace(HANA, values=VALUES | {Part.NAME: "김하늘", Part.STATUS: "confirmed"})

    assert fate_of({}, here).kind is FateKind.UNCHANGED


def test_a_cell_that_was_edited_on_both_sides_waits_for_a_word() -> None:
    here = replace(HANA, values=VALUES | {Part.NAME: "김하늘"})

    fate = fate_of({Part.NAME: "김하니", Part.PHONE: "010-0000-9999"}, here)

    assert fate.kind is FateKind.CONFLICT
    assert fate.conflicts == (Change(Part.NAME, "김하늘", "김하니"),)
    assert [change.part for change in fate.changes] == [Part.PHONE]


def test_the_same_edit_on_both_sides_is_none() -> None:
    here = replace(HANA, values=VALUES | {Part.NAME: "김하니"})

    assert fate_of({Part.NAME: "김하니"}, here).kind is FateKind.UNCHANGED


def test_another_rows_marks_let_nothing_through_unseen() -> None:
    others = marks(SECRET, "ZZZZZZZZZZ", VALUES)

    assert fate_of({Part.NAME: "김하니"}, told=others).kind is FateKind.CONFLICT


@pytest.mark.parametrize(
    ("part", "cell", "code"),
    [
        (Part.STATUS, "아마도", "unknown_state"),
        (Part.COHORT, "9기", "unknown_cohort"),
        (Part.ADDRESS, "no address", "invalid_email"),
        (Part.NAME, "가" * 101, "too_long"),
        (Part.NAME, "\ufffd\ufffd", "broken_text"),
        (Part.NOTE, "900101-1234568", "resident_number"),
        (Part.TAGS, "가" * 31, "tag_too_long"),
    ],
)
def test_a_cell_that_says_nothing_we_know_is_told_and_the_others_count(
    part: Part, cell: str, code: str
) -> None:
    fate = fate_of({part: cell, Part.PHONE: "010-0000-9999"})

    assert [(fault.part, fault.code) for fault in fate.faults] == [(part, code)]
    assert [change.part for change in fate.changes] == [Part.PHONE]


def test_a_state_that_the_desk_would_not_give_is_refused() -> None:
    here = replace(HANA, values=VALUES | {Part.STATUS: "cancelled"})

    fate = fate_of({Part.STATUS: "확정"}, here)

    assert [fault.code for fault in fate.faults] == ["state_not_by_file"]


def test_rows_of_nobody_and_rows_twice_are_told() -> None:
    rows = [
        Line(2, HANA.reference, CELLS),
        Line(3, HANA.reference, CELLS | {Part.NAME: "김하니"}),
        Line(4, "", CELLS),
        Line(5, "NOBODY", CELLS),
    ]

    fates = compare(rows, {HANA.reference: HANA}, WORDS, SECRET).fates

    codes = [fate.faults[0].code if fate.faults else None for fate in fates]
    assert codes == [None, "row_twice", "row_without_number", "row_of_nobody"]


def test_nothing_is_changed_about_who_was_erased() -> None:
    fate = fate_of({Part.NAME: "김하니"}, replace(HANA, is_erased=True))

    assert [fault.code for fault in fate.faults] == ["row_of_erased"]


def test_a_list_that_went_out_long_ago_is_still_known_by_its_marks() -> None:
    long_ago = "st:2ca9ee na:6fad0e co:2f5b0c ce:786f4f ad:1dcb03 ph:bbb601 ta:a759aa no:b1e735"

    assert long_ago == WENT_OUT


def test_marks_tell_nothing_to_who_lacks_the_key() -> None:
    assert marks(b"another key", HANA.reference, VALUES) != WENT_OUT
    assert "김하나" not in WENT_OUT


@given(st.text())
def test_marks_are_read_whatever_was_done_to_them(cell: str) -> None:
    assert set(read_marks(cell)) <= set(Part)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
def test_a_note_goes_out_and_comes_back_without_an_edit(note: str) -> None:
    values = VALUES | {Part.NOTE: note.strip()}
    here = replace(HANA, values=values)

    fate = fate_of({Part.NOTE: guard(note.strip())}, here, marks(SECRET, HANA.reference, values))

    assert fate.kind is FateKind.UNCHANGED
