"""Each row is imported, a problem with a reason, or nobody; and what that does to what is stored."""

import pytest

from app.domain.errors import DomainError
from app.domain.rosters import (
    Change,
    ExistingEntry,
    FateKind,
    Field,
    Gone,
    Ignored,
    Problem,
    RosterRow,
    compare,
    detect_layout,
    read_paste,
    read_rows,
)  # fmt: skip
from app.domain.writing.cohorts import KnownCohort
from tests.domain.roster_files import KNOWN

HEADER = ["이름", "이메일", "기수", "수료여부", "연락처", "비고"]
HANA = ["김하나", "hana@example.com", "1기", "수료", "010-0000-0001", ""]


def outcomes(*rows: list[str], known=KNOWN, fixed_cohort: int | None = None, header=HEADER):
    book = read_paste("\n".join("\t".join(row) for row in [header, *rows]))
    layout = detect_layout(book, cohort_given=fixed_cohort is not None)
    return read_rows(book, layout, known, fixed_cohort=fixed_cohort)


def changed(**cells: str) -> list[str]:
    order = ["name", "email", "cohort", "status", "phone", "note"]
    return [cells.get(key, cell) for key, cell in zip(order, HANA, strict=True)]


def only_problem(row: list[str], **given) -> Problem:
    (problem,) = outcomes(row, **given)
    assert isinstance(problem, Problem)
    return problem


def test_a_good_row_is_somebody_with_the_name_and_address_as_typed():
    (row,) = outcomes([" 김\u202e하나  (Hana) ", " Hana@Example.COM ", "제1기", "O", "010-0000-0001", "발표"])

    assert row == RosterRow(
        2,
        "김하나 (Hana)",
        "Hana@Example.COM",
        "hana@example.com",
        1,
        True,
        "010-0000-0001",
        None,
        "발표",
        None,
    )


@pytest.mark.parametrize(
    ("cells", "code", "field"),
    [
        ({"email": ""}, "missing_email", Field.ADDRESS),
        ({"email": "hana@"}, "invalid_email", Field.ADDRESS),
        ({"email": "a@b.com, c@d.com"}, "invalid_email", Field.ADDRESS),
        ({"email": "x" * 300 + "@example.com"}, "too_long", Field.ADDRESS),
        ({"name": ""}, "missing_name", Field.NAME),
        ({"name": "\u200b\u3164"}, "missing_name", Field.NAME),
        ({"name": "가" * 101}, "too_long", Field.NAME),
        ({"cohort": ""}, "missing_cohort", Field.COHORT),
        ({"cohort": "99기"}, "unknown_cohort", Field.COHORT),
        ({"cohort": "1기(2022)"}, "cohort_contradiction", Field.COHORT),
        ({"status": ""}, "missing_status", Field.COMPLETED),
        ({"status": "아마도"}, "unknown_status", Field.COMPLETED),
        ({"note": "깨\ufffd짐"}, "broken_text", Field.NOTE),
        ({"note": "가" * 1001}, "too_long", Field.NOTE),
    ],
)
def test_a_faulty_row_is_reported_with_its_reason_and_column(cells, code, field):
    problem = only_problem(changed(**cells))

    assert (problem.number, problem.code, problem.field) == (2, code, field)


@pytest.mark.parametrize(
    "number", ["900101-1234567", "주민 9001011234567 임", "９００１０１－１２３４５６７", "900101 - 2234567"]
)
def test_a_resident_registration_number_anywhere_refuses_its_row_and_is_not_repeated(number):
    problem = only_problem(changed(note=number))

    assert (problem.code, problem.value, problem.address_key) == ("resident_number", "", "hana@example.com")


@pytest.mark.parametrize("number", ["010-1234-5678", "900101-1******", "991301-1234567", "20230601123456789"])
def test_other_numbers_are_no_resident_numbers(number):
    (row,) = outcomes(changed(note=number))

    assert isinstance(row, RosterRow)


def test_one_address_twice_in_a_cohort_is_a_duplicate_of_the_first_row():
    _, again = outcomes(HANA, changed(email="HANA@example.com", name="김 하나"))

    assert (again.code, again.params) == ("duplicate_in_file", {"first_row": 2})


def test_two_people_on_one_address_are_told_apart_from_a_duplicate():
    _, other = outcomes(HANA, changed(name="이둘"))

    assert (other.code, other.params) == ("address_shared", {"first_row": 2, "first_name": "김하나"})


def test_one_person_may_stand_in_two_cohorts():
    rows = outcomes(HANA, changed(cohort="2기"))

    assert [row.cohort for row in rows] == [1, 2]


def test_two_people_of_one_name_are_two_people():
    rows = outcomes(HANA, changed(email="other@example.com"))

    assert all(isinstance(row, RosterRow) for row in rows)


def test_from_a_cohorts_page_an_empty_cell_means_it_and_another_cohort_is_a_problem():
    blank, other = outcomes(changed(cohort=""), changed(cohort="2기", email="b@example.com"), fixed_cohort=1)

    assert blank.cohort == 1
    assert (other.code, other.params) == ("cohort_mismatch", {"expected": 1})


def test_a_year_with_two_cohorts_is_not_guessed():
    known = (KnownCohort(1, 2020), KnownCohort(2, 2020))

    assert only_problem(changed(cohort="2020"), known=known).code == "ambiguous_cohort"


def test_blank_rows_totals_and_repeated_headers_are_nobody():
    found = outcomes(
        [""] * 6,
        ["", " ", "", "", "", ""],
        HANA,
        HEADER,
        ["합계", "1명", "", "", "", ""],
        ["", "Total: 1", "", "", "", ""],
    )

    assert [getattr(o, "code", "row") for o in found] == [
        "row",
        "repeated_header",
        "summary_row",
        "summary_row",
    ]
    assert [o.number for o in found] == [4, 5, 6, 7]


def test_a_file_that_is_no_roster_is_not_read():
    with pytest.raises(DomainError) as caught:
        outcomes(["김하나", "hana@example.com"], header=["이름", "이메일"])

    assert caught.value.params == {"missing": [Field.COHORT, Field.COMPLETED]}


STORED = {(1, "hana@example.com"): ExistingEntry("김하나", completed=True, phone="010-0000-0001")}


def test_what_changed_is_told_field_by_field():
    preview = compare(outcomes(changed(status="미수료", name="김하나영")), STORED)

    (fate,) = preview.fates
    assert fate.kind is FateKind.CHANGED
    assert fate.changes == (Change(Field.NAME, "김하나", "김하나영"), Change(Field.COMPLETED, True, False))


def test_an_empty_cell_erases_nothing():
    (fate,) = compare(outcomes(changed(phone="")), STORED).fates

    assert fate.kind is FateKind.UNCHANGED


def test_those_who_are_no_longer_in_the_file_are_reported_and_kept():
    gone = ExistingEntry("이둘", completed=False)
    elsewhere = {(2, "three@example.com"): ExistingEntry("박셋", completed=True)}

    preview = compare(outcomes(HANA), STORED | {(1, "two@example.com"): gone} | elsewhere)

    assert preview.gone == (Gone(1, "two@example.com", gone),)
    assert preview.counts == {"new": 0, "changed": 0, "unchanged": 1, "problem": 0, "ignored": 0, "gone": 1}


@pytest.mark.parametrize("fault", [{"status": "?"}, {"cohort": "?"}, {"name": ""}])
def test_somebody_whose_row_has_a_problem_is_not_gone(fault):
    preview = compare(outcomes(changed(email="new@example.com"), changed(**fault)), STORED)

    assert preview.gone == ()


def test_a_file_without_a_good_row_of_a_cohort_says_nobody_of_it_is_gone():
    another = outcomes(changed(email="new@example.com", cohort="2기"), fixed_cohort=1)

    assert compare([Ignored(2, "summary_row")], STORED).gone == ()
    assert compare(another, STORED).gone == ()


@pytest.mark.parametrize(("whole", "gone"), [(True, 2), (False, 0), (None, 0)])
def test_additions_say_nothing_of_whom_they_do_not_name(whole: bool | None, gone: int) -> None:
    others = {(1, f"{n}@example.com"): next(iter(STORED.values())) for n in range(2)}

    preview = compare(outcomes(HANA), STORED | others, whole=whole)

    assert (len(preview.gone), preview.is_whole) == (gone, gone > 0)


def test_a_file_of_half_the_list_or_more_is_taken_for_the_whole() -> None:
    other = {(1, "two@example.com"): next(iter(STORED.values()))}

    assert len(compare(outcomes(HANA), STORED | other, whole=None).gone) == 1
