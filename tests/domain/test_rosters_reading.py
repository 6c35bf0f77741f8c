"""Files as they come: formats, encodings, and those that must be refused."""

import datetime as dt
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.rosters import Hints, Kind, Limits, detect_layout, read_file, read_paste, read_rows
from tests.domain.roster_files import (
    HEADER,
    KNOWN,
    WORKSHEET,
    delimited,
    lying_about_size,
    ole,
    with_part,
    worksheet,
    xlsx,
)  # fmt: skip

TABLE = [
    HEADER,
    ["김하나", "hana@example.com", "1기", "수료"],
    ["남궁민, 수", "min@lab.example", "제2기", "미수료"],
]
NO_HINTS, NO_LIMITS = Hints(), Limits()
WORKBOOK = xlsx([list(row) for row in TABLE])
SMALL = Limits(file_bytes=1 << 20, unzipped_bytes=1 << 20, rows=50, columns=20, cells=1000)


def refusal(
    data: bytes, name: str = "roster.csv", hints: Hints = NO_HINTS, limits: Limits = NO_LIMITS
) -> DomainError:
    with pytest.raises(DomainError) as caught:
        read_file(data, name, hints, limits)
    return caught.value


def outcomes(data: bytes, name: str = "roster.csv", hints: Hints = NO_HINTS):
    book = read_file(data, name, hints)
    return read_rows(book, detect_layout(book, hints), KNOWN)


texts = st.text(
    st.characters(codec="cp949", exclude_categories=["C"], exclude_characters="'\u00ad"), max_size=20
)
names = st.text("가나다라마바사김이박최한민수하나지우 -·()abcXYZ", max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(names, texts, st.sampled_from(["수료", "X", "아마도", ""])), min_size=1, max_size=8)
)
def test_the_same_table_gives_equal_rows_in_every_format_and_encoding(people):
    rows = [[*HEADER, "비고"], ["김하나", "hana@example.com", "1기", "수료", ""]]
    rows += [[name, f"p{i}@example.com", "2기", done, note] for i, (name, note, done) in enumerate(people)]
    text, tabbed = delimited(rows), delimited(rows, "\t")

    readings = [
        outcomes(text.encode("utf-8")),
        outcomes(text.encode("utf-8-sig")),
        outcomes(text.encode("cp949")),
        outcomes(text.encode("utf-16")),
        outcomes(b"\xfe\xff" + tabbed.encode("utf-16-be"), "roster.txt"),
        outcomes(delimited(rows, ";").encode(), hints=Hints(delimiter=";")),
        outcomes(xlsx(rows), "roster.xlsx"),
    ]

    assert all(reading == readings[0] for reading in readings)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp949", "cp949"), ("utf-16", "utf-16-le"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_the_encoding_is_recognised(encoding, found):
    book = read_file(delimited(TABLE).encode(encoding), "명단.csv")

    assert (book.encoding, book.sheets[0].rows[1][0]) == (found, "김하나")


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_recognised_though_cells_hold_commas(delimiter):
    book = read_file(delimited(TABLE, delimiter).encode(), "명단.csv")

    assert book.delimiter == delimiter
    assert book.sheets[0].rows[2] == ("남궁민, 수", "min@lab.example", "제2기", "미수료")


def test_a_paste_from_excel_is_read_like_a_file():
    book = read_paste("이름\t이메일\t기수\t수료여부\n김하나\thana@example.com\t1기\tO\n")

    assert book.kind is Kind.PASTE
    assert [row.name for row in read_rows(book, detect_layout(book), KNOWN)] == ["김하나"]


def test_excels_separator_line_is_no_row():
    book = read_file(b"sep=;\r\n" + delimited(TABLE, ";").encode(), "명단.csv")

    assert (book.delimiter, book.sheets[0].rows[0]) == (";", tuple(HEADER))


def test_a_record_is_one_row_however_many_lines_its_cells_have():
    book = read_file(
        '이름,이메일,기수,수료여부\n"김\n하나",a@example.com,9기,O\n,b@example.com,1기,O\n'.encode(), "a.csv"
    )

    numbers = [(p.number, p.code) for p in read_rows(book, detect_layout(book), KNOWN)]

    assert numbers == [(2, "unknown_cohort"), (3, "missing_name")]


def test_workbook_cells_are_text_as_a_person_sees_them():
    moment = dt.datetime(2020, 1, 2, 18, 30)  # noqa: DTZ001 - a cell has no zone
    row = ["007", 2022, 1.5, True, dt.date(2020, 1, 2), moment, dt.time(9, 5), 123456789012345, 1e-7]

    book = read_file(xlsx([["가"], row]), "a.xlsx")

    assert book.sheets[0].rows[1] == (
        "007", "2022", "1.5", "TRUE", "2020-01-02", "2020-01-02 18:30:00", "09:05:00", "123456789012345", "0.0000001",
    )  # fmt: skip


def test_row_numbers_of_a_sheet_that_starts_lower_are_excels_own():
    rows = '<row r="4"><c r="B4" t="str"><v>이름</v></c><c r="C4" t="str"><v>이메일</v></c></row>'

    book = read_file(with_part(xlsx([["x"]]), WORKSHEET, worksheet(rows)), "a.xlsx")

    assert book.sheets[0].rows == ((), (), (), ("", "이름", "이메일"))


def test_our_own_exports_prefix_is_taken_off():
    book = read_file(delimited([["이름", "전화"], ["'=1+1", "'010-1234-5678"]]).encode(), "a.csv")

    assert book.sheets[0].rows[1] == ("=1+1", "010-1234-5678")


def test_a_web_page_that_calls_itself_xls_is_read_as_the_table_it_is():
    cells = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in [*TABLE[:2], ["이&amp;둘", "b@example.com", "2", "X"]]
    )
    page = f"<html><head><style>td{{color:red}}</style></head><body><table>{cells}</table></body></html>"

    book = read_file(page.encode("cp949"), "export.xls")

    assert (book.kind, book.encoding) == (Kind.HTML, "cp949")
    assert [row.name for row in read_rows(book, detect_layout(book), KNOWN)] == ["김하나", "이&둘"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b" \r\n\t ", "a.csv", "empty_file"),
        (b"\xef\xbb\xbf,,\r\n,,\r\n", "a.csv", "no_rows"),
        (b"<!DOCTYPE html><html><body>login</body></html>", "a.csv", "html_file"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.csv", "html_file"),
        (b"<html><body>Please sign in</body></html>", "a.xls", "html_file"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a.xls", "html_file"),
        (ole("EncryptionInfo", "EncryptedPackage"), "a.xlsx", "password_protected"),
        (ole("Workbook"), "a.xls", "legacy_xls"),
        (b"%PDF-1.7 ...", "a.csv", "unsupported_file"),
        (b"\x89PNG\r\n\x1a\n", "a.xlsx", "unsupported_file"),
        (b"\xff\xd8\xff\xe0", "a.xlsx", "unsupported_file"),
        (b"\x81\x20\xff\xfe\xfd,\x80", "a.csv", "unknown_encoding"),
        (b"PK\x03\x04 nonsense", "a.xlsx", "damaged_file"),
        (b'name,email\n"never closed,a@example.com\n', "a.csv", "unclosed_quote"),
        (b"a," + b"x" * 200_000, "a.csv", "cell_too_long"),
    ],
)
def test_what_is_no_roster_file_is_refused_by_its_name(data, name, code):
    assert refusal(data, name).code == code


def test_a_word_document_and_an_opendocument_sheet_are_told_apart():
    def archive(*parts: tuple[str, str]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as target:
            for name, content in parts:
                target.writestr(name, content)
        return out.getvalue()

    ods = archive(("mimetype", "application/vnd.oasis.opendocument.spreadsheet"))

    assert refusal(archive(("word/document.xml", "<a/>"))).params == {"kind": "docx"}
    assert refusal(ods).params == {"kind": "ods"}
    assert refusal(archive(("a.txt", "x"))).params == {"kind": "zip"}


def test_a_file_over_the_cap_is_refused_before_it_is_looked_at():
    assert refusal(b"x" * (SMALL.file_bytes + 1), limits=SMALL).params == {"megabytes": 1}


def test_a_chosen_encoding_that_cannot_be_right_is_refused():
    assert (
        refusal("이름,이메일\n김하나,a@example.com\n".encode("cp949"), hints=Hints(encoding="utf-8")).code
        == "wrong_encoding"
    )


def test_one_unreadable_character_costs_its_row_only():
    body = delimited([HEADER, *[[f"김하{i}", f"a{i}@example.com", "1기", "O"] for i in range(9)]]).encode(
        "cp949"
    )
    broken = body.replace("김하3".encode("cp949"), b"\xff3")

    found = outcomes(broken, hints=Hints(encoding="cp949"))

    assert refusal(broken).code == "unknown_encoding"
    assert [getattr(row, "code", "ok") for row in found] == ["ok"] * 3 + ["broken_text"] + ["ok"] * 5


def test_too_many_rows_and_columns_are_refused():
    assert refusal(b"a\n" * 60, limits=SMALL).code == "too_many_rows"
    assert refusal((",".join("a" * 30)).encode(), limits=SMALL).code == "too_many_columns"


# Hostile workbooks.


def test_a_zip_bomb_is_refused_from_its_directory():
    bomb = with_part(xlsx([["x"]]), "xl/sharedStrings.xml", b" " * (SMALL.unzipped_bytes + 1))

    assert refusal(bomb, "a.xlsx", limits=SMALL).code == "unzipped_too_large"


def test_a_zip_bomb_whose_directory_lies_is_refused_while_inflating():
    bomb = with_part(xlsx([["x"]]), "xl/sharedStrings.xml", b" " * (SMALL.unzipped_bytes * 20))

    lying = lying_about_size(bomb, "xl/sharedStrings.xml", 100)

    assert refusal(lying, "a.xlsx", limits=SMALL).params == {"limit_bytes": SMALL.unzipped_bytes}


def test_entities_in_a_workbook_are_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + worksheet("")

    assert refusal(with_part(xlsx([["x"]]), WORKSHEET, laughs), "a.xlsx").code == "xml_entities"


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="9999999"><c><v>1</v></c></row>',
        "<row><c r='XFD1'><v>1</v></c></row>",
        '<row a=">"><c a="/>" r="A1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="60"><c r="T60"><v>1</v></c></row>',
    ],
)
def test_one_far_cell_does_not_make_room_for_the_whole_sheet(cells):
    far = with_part(xlsx([["x"]]), WORKSHEET, worksheet(cells))

    assert refusal(far, "a.xlsx", limits=SMALL).code in ("too_many_rows", "too_many_columns")


def test_formatting_without_content_does_not_count():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    book = read_file(with_part(xlsx([["x"]]), WORKSHEET, worksheet(cells)), "a.xlsx", limits=SMALL)

    assert book.sheets[0].rows == (("1",),)


def test_one_long_shared_text_in_many_cells_is_refused():
    book = xlsx([["x"]])
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 30_000
    cells = "".join(f'<row r="{r}">' + '<c t="s"><v>0</v></c>' * 10 + "</row>" for r in range(1, 51))
    many = with_part(
        with_part(book, "xl/sharedStrings.xml", shared + b"</t></si></sst>"), WORKSHEET, worksheet(cells)
    )

    assert refusal(many, "a.xlsx", limits=SMALL).code == "unzipped_too_large"


def test_an_encrypted_archive_is_named_as_password_protected():
    data = bytearray(xlsx([["x"]]))
    at = data.find(b"PK\x01\x02")
    while at != -1:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)

    assert refusal(bytes(data), "a.xlsx").code == "password_protected"


marks = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xff\xfe", b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><table>"]
)


@settings(max_examples=300, deadline=None)
@given(marks, st.binary(max_size=400), st.sampled_from(["a.csv", "a.xls", "a.xlsx", ""]))
def test_no_bytes_break_the_reader(mark, data, name):
    with suppress(DomainError):
        book = read_file(mark + data, name)
        read_rows(book, detect_layout(book), KNOWN)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_workbook_breaks_the_reader(data):
    whole = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))

    for damaged in (bytes(whole), bytes(whole[:cut])):
        with suppress(DomainError):
            read_file(damaged, "a.xlsx")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_a_paste(text):
    with suppress(DomainError):
        book = read_paste(text)
        read_rows(book, detect_layout(book, Hints(completed_for_all=True)), KNOWN, fixed_cohort=1)
