"""Where the table stands and what its columns mean, by their headings and their cells."""

import unicodedata

import pytest

from app.domain.errors import DomainError
from app.domain.rosters import Field, Hints, Sheet, Workbook, detect_layout, read_paste, sample
from app.domain.rosters.fields import heading_score
from app.domain.rosters.workbook import Kind

PERSON = ["김하나", "hana@example.com", "1기", "수료"]


def table(*rows: list[str]) -> Workbook:
    return read_paste("\n".join("\t".join(row) for row in rows))


def mapped(*headings: str, cells: list[str] | None = None) -> dict[str, int]:
    rows = [cells] * 4 if cells else []
    return {str(f): c for f, c in detect_layout(table(list(headings), *rows)).columns.items()}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("이름", Field.NAME), ("성 명", Field.NAME), ("Name (이름)", Field.NAME), ("성함*", Field.NAME), ("Full Name", Field.NAME),
        ("[필수] 이름을 적어주세요", Field.NAME), (unicodedata.normalize("NFD", "이름"), Field.NAME),
        ("E-mail", Field.ADDRESS), ("이메일 주소", Field.ADDRESS), ("Email Address", Field.ADDRESS), ("e mail", Field.ADDRESS),
        ("전자우편", Field.ADDRESS), ("ＥＭＡＩＬ", Field.ADDRESS),
        ("기수", Field.COHORT), ("Cohort", Field.COHORT), ("몇 기이신가요?", Field.COHORT), ("수료 기수", Field.COHORT),
        ("수료여부", Field.COMPLETED), ("수료 여부 (O/X)", Field.COMPLETED), ("Status", Field.COMPLETED), ("이수", Field.COMPLETED),
        ("연락처", Field.PHONE), ("휴대폰 번호", Field.PHONE), ("Mobile", Field.PHONE),
        ("수료번호", Field.CERTIFICATE), ("Certificate No.", Field.CERTIFICATE), ("학번", Field.CERTIFICATE),
        ("비고", Field.NOTE), ("Note", Field.NOTE), ("영문 이름", Field.OTHER_NAME), ("English name", Field.OTHER_NAME),
    ],
)  # fmt: skip
def test_a_heading_names_its_field_above_all_others(heading, field):
    scores = {f: heading_score(heading, f) for f in Field}

    assert max(scores, key=lambda f: scores[f]) is field
    assert scores[field] > 0


@pytest.mark.parametrize(
    "heading",
    [
        "참석 여부",
        "수료번호",
        "수료일",
        "이메일 수신 동의",
        "개인정보 수집·이용 동의",
        "타임스탬프",
        "번호",
        "출석",
        "Will you attend?",
        "",
    ],
)
def test_other_questions_are_not_about_completion(heading):
    assert heading_score(heading, Field.COMPLETED) == 0


def test_a_word_like_status_counts_only_if_the_cells_agree():
    attending = ["김하나", "hana@example.com", "1기", "confirmed"]

    assert "completed" not in mapped("이름", "이메일", "기수", "Status", cells=attending)
    assert mapped("이름", "이메일", "기수", "Status", cells=[*PERSON[:3], "dropped"])["completed"] == 3


def test_completion_dates_do_not_say_who_completed():
    assert "completed" not in mapped("이름", "이메일", "기수", "수료", cells=[*PERSON[:3], "2022-12-01"])


def test_addresses_are_recognised_under_any_heading():
    assert mapped("이름", "연락처", "기수", "수료", cells=PERSON)["address"] == 1


def test_a_column_of_surnames_means_that_the_name_must_be_asked_for():
    book = table(["성", "이름", "이메일", "기수", "수료"], ["김", "하나", "hana@example.com", "1기", "O"])

    assert detect_layout(book).missing == {Field.NAME}


def test_titles_above_the_header_are_skipped():
    book = table(
        ["2기 (2021) 참가자 명단"],
        [""],
        ["문의: 운영팀", "02-000-0000"],
        ["이름", "이메일", "기수", "수료"],
        PERSON,
    )

    layout = detect_layout(book)

    assert (layout.header_row, layout.ready) == (4, True)
    assert sample(book, layout) == (tuple(PERSON),)


def test_a_file_without_a_header_asks_though_its_addresses_are_found():
    layout = detect_layout(table(PERSON, ["이둘", "two@example.com", "1기", "미수료"]))

    assert layout.questions[0] == "no_header"
    assert layout.columns == {Field.ADDRESS: 1}


def test_the_user_may_map_a_file_without_a_header():
    columns = {Field.NAME: 0, Field.ADDRESS: 1, Field.COHORT: 2, Field.COMPLETED: 3}

    layout = detect_layout(table(PERSON), Hints(header_row=0, columns=columns))

    assert (layout.ready, layout.columns) == (True, columns)


def test_a_cover_sheet_and_a_hidden_copy_are_passed_over_and_other_rosters_told():
    header = ("이름", "이메일", "기수", "수료")
    roster = (header, tuple(PERSON))
    sheets = (
        Sheet("안내", (("문의",),)),
        Sheet("옛", roster, hidden=True),
        Sheet("1기", roster),
        Sheet("2기", roster),
    )

    layout = detect_layout(Workbook(Kind.XLSX, sheets))

    assert (layout.sheet, layout.other_sheets) == (2, (1, 3))


def test_a_cohort_is_asked_for_unless_the_import_starts_from_one():
    book = table(["이름", "이메일", "수료"], [PERSON[0], PERSON[1], "O"])

    assert detect_layout(book).questions == ("missing_cohort_column",)
    assert detect_layout(book, cohort_given=True).ready


def test_a_column_that_the_user_chooses_leaves_the_field_that_it_was_detected_as():
    book = table(["이름", "이메일", "기수", "수료", "비고"], [*PERSON, "O"])

    layout = detect_layout(book, Hints(columns={Field.COMPLETED: 4}))

    assert layout.columns[Field.COMPLETED] == 4
    assert Field.NOTE not in layout.columns


@pytest.mark.parametrize(
    ("hints", "code"),
    [
        (Hints(sheet=1), "no_such_sheet"), (Hints(header_row=9), "no_such_row"),
        (Hints(columns={Field.NAME: 9}), "no_such_column"), (Hints(columns={Field.NAME: 0, Field.NOTE: 0}), "column_twice"),
    ],
)  # fmt: skip
def test_a_choice_outside_of_the_file_is_refused(hints, code):
    with pytest.raises(DomainError) as caught:
        detect_layout(table(["이름", "이메일"], PERSON[:2]), hints)

    assert caught.value.code == code
