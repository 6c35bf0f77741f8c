"""Attendee lists as files: right people, Hangul intact, nothing that Excel would run or mangle."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from typing import Any

import pytest
from flask import Flask, current_app
from openpyxl import load_workbook
from sqlalchemy import select

from app.blueprints.exports import columns
from app.db import db, transaction
from app.domain.registering.registrations import Status
from app.models import AuditEntry, Meetup, Registration
from app.services.organizing import attendees, exports, people_pages
from app.services.organizing.filters import Filter
from app.services.organizing.json_files import as_json
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration

NASTY = (
    "=1+1",
    "+82 10-0000-1234",
    "@sum(1)",
    "-3",
    "007",
    "3-1",
    "1E5",
    "<b>김</b>",
    '김"하"나',
    "김,하나",
    "'=1",
)


def order(
    meetup: Meetup, wanted: Filter | None = None, keys: tuple[str, ...] = columns.DEFAULT
) -> exports.Order:
    with current_app.test_request_context():
        offered = columns.offered(meetup, of_lists=True)
    return exports.Order(
        meetup.id,
        meetup.program_id,
        wanted or Filter(),
        [offered[key] for key in keys],
        "account:1",
        "badges",
    )


def csv_rows(made: Any) -> list[list[str]]:
    with made:
        data = made.read()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def xlsx_rows(made: Any) -> list[list[Any]]:
    with made:
        sheet = load_workbook(io.BytesIO(made.read())).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    make_cohort(program, 1)
    make_cohort(program, 2)
    return make_meetup(program)


def attend(meetup: Meetup, ordinal: int, name: str, status: Status = Status.CONFIRMED, **fields: Any) -> None:
    cohort = next(c for c in meetup.cohorts if c.ordinal == ordinal)
    make_registration(meetup, make_alumnus(cohort, name), status=status, cohort=cohort, **fields)


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_name_is_prefixed_in_csv_and_untouched_in_xlsx(meetup: Meetup, name: str) -> None:
    attend(meetup, 1, name)

    in_csv = csv_rows(exports.as_csv(order(meetup, keys=("name",))))[1][0]
    in_xlsx = xlsx_rows(exports.as_xlsx(order(meetup, keys=("name",))))[1][0]

    assert in_csv.removeprefix("'") == name or in_csv == f"'{name}"
    assert in_xlsx == name


def test_phone_numbers_keep_their_zero_and_their_plus(meetup: Meetup) -> None:
    attend(meetup, 1, "김하나", phone="010-0000-1234")
    attend(meetup, 1, "이두리", phone="+82 10 0000 5678")

    in_xlsx = xlsx_rows(exports.as_xlsx(order(meetup, keys=("name", "phone"))))

    assert in_xlsx[1:] == [["김하나", "010-0000-1234"], ["이두리", "+82 10 0000 5678"]]


def test_the_list_is_by_cohort_then_name(meetup: Meetup) -> None:
    for ordinal, name in ((2, "가나다"), (1, "하나둘"), (1, "나비야")):
        attend(meetup, ordinal, name)

    rows = csv_rows(exports.as_csv(order(meetup, keys=("name",))))

    assert [row[0] for row in rows[1:]] == ["나비야", "하나둘", "가나다"]


def test_a_filter_by_state_and_cohort_takes_only_those(meetup: Meetup) -> None:
    attend(meetup, 1, "확정일")
    attend(meetup, 1, "대기일", Status.WAITLISTED)
    attend(meetup, 2, "확정이")
    wanted = Filter(frozenset({Status.CONFIRMED}), frozenset({1}))

    rows = csv_rows(exports.as_csv(order(meetup, wanted, ("name",))))

    assert [row[0] for row in rows[1:]] == ["확정일"]


def test_those_who_cancelled_are_left_out_unless_asked_for(meetup: Meetup) -> None:
    attend(meetup, 1, "남은이")
    attend(meetup, 1, "떠난이", Status.CANCELLED)

    names = [row[0] for row in csv_rows(exports.as_csv(order(meetup, keys=("name",))))[1:]]

    assert names == ["남은이"]


def test_the_waitlist_carries_places_from_one(meetup: Meetup) -> None:
    for name in ("첫째임", "둘째임", "셋째임"):
        attend(meetup, 1, name, Status.WAITLISTED)

    rows = xlsx_rows(exports.as_xlsx(order(meetup, keys=("name", "place"))))

    assert dict(rows[1:]) == {"첫째임": 1, "둘째임": 2, "셋째임": 3}


def test_an_empty_list_is_a_file_with_headings(meetup: Meetup) -> None:
    assert len(csv_rows(exports.as_csv(order(meetup)))) == 1
    assert len(xlsx_rows(exports.as_xlsx(order(meetup)))) == 1


def test_the_download_and_its_reason_are_in_the_audit_log_without_names(meetup: Meetup) -> None:
    attend(meetup, 1, "김하나")

    exports.as_csv(order(meetup)).close()

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "attendees.exported")).one()
    assert (entry.reason, entry.details["rows"], entry.actor) == ("badges", 1, "account:1")
    assert "김하나" not in str(entry.details)


def test_another_meetups_people_are_not_in_the_file(meetup: Meetup) -> None:
    other = make_meetup(cohorts=list(meetup.cohorts))
    attend(other, 1, "남의집")
    attend(meetup, 1, "우리집")

    names = [row[0] for row in csv_rows(exports.as_csv(order(meetup, keys=("name",))))[1:]]

    assert names == ["우리집"]


@pytest.mark.parametrize("search", ["ㄱㅎㄴ", "하나", "kimhana", "hana-k@", "1234"])
def test_people_are_found_by_all_that_is_known_of_them(meetup: Meetup, search: str) -> None:
    cohort = meetup.cohorts[0]
    found = make_alumnus(cohort, "김하나", "hana-k@example.com")
    make_registration(meetup, found, cohort=cohort, phone="010-0000-1234")
    make_registration(meetup, make_alumnus(cohort, "박두리"), cohort=cohort)

    rows = people_pages.page(meetup.id, Filter(search=search), size=10).rows

    assert [row.name for row in rows] == ["김하나"]


def test_the_workbooks_sheet_has_a_name(meetup: Meetup) -> None:
    with exports.as_xlsx(dataclasses.replace(order(meetup), sheet="참석자")) as made:
        assert load_workbook(io.BytesIO(made.read())).sheetnames == ["참석자"]


def test_json_has_codes_and_numbers_a_line_for_each_and_times_with_their_zone(meetup: Meetup) -> None:
    attend(meetup, 1, '김"하나"\n', phone="+82 10-0000-1234")
    attend(meetup, 2, "박두리", Status.WAITLISTED)
    keys = ("reference", "name", "cohort", "status", "phone", "registered_at", "tags")

    with as_json(order(meetup, keys=keys), meetup) as made:
        text = made.read().decode()

    said = json.loads(text)
    assert (said["format"], said["version"], said["meetup"]["slug"]) == ("dongmun.attendees", 1, meetup.slug)
    assert [column["key"] for column in said["columns"]] == list(keys)
    assert [(each["name"], each["cohort"], each["status"]) for each in said["attendees"]] == [
        ('김"하나"\n', 1, "confirmed"),
        ("박두리", 2, "waitlisted"),
    ]
    assert said["attendees"][0]["phone"] == "+82 10-0000-1234"
    assert said["attendees"][0]["registered_at"].endswith("+09:00")
    assert len(text.splitlines()) == 4


def test_json_of_nobody_is_json(meetup: Meetup) -> None:
    with as_json(order(meetup), meetup) as made:
        assert json.load(made)["attendees"] == []


def test_a_workbook_may_have_a_sheet_for_each_cohort(meetup: Meetup) -> None:
    for ordinal, name in ((2, "가나다"), (1, "하나둘"), (1, "나비야")):
        attend(meetup, ordinal, name)
    make_registration(meetup)
    sheets = dataclasses.replace(
        order(meetup, keys=("name",)), by_cohort=lambda n: f"{n}기" if n else "기수 없음"
    )

    with exports.as_xlsx(sheets) as made:
        book = load_workbook(made)

    found = {sheet.title: [cell.value for cell in sheet["A"]][1:] for sheet in book}
    assert len(found.pop("기수 없음")) == 1
    assert found == {"1기": ["나비야", "하나둘"], "2기": ["가나다"]}


def test_a_sheet_for_each_cohort_of_nobody_is_one_with_headings(meetup: Meetup) -> None:
    sheets = dataclasses.replace(order(meetup), by_cohort=str)

    assert len(xlsx_rows(exports.as_xlsx(sheets))) == 1


def test_somebody_whose_cohort_changes_while_sheets_are_written_stays_on_theirs(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("가하나", "나두리", "다세찬"):
        attend(meetup, 1, name)
    listed, moved_to = attendees._in_order, meetup.cohorts[1].id

    def then_one_moves(*given: Any) -> list[Any]:
        found = list(listed(*given))
        with transaction() as session:
            session.get_one(Registration, found[1].id).cohort_id = moved_to
        return found

    monkeypatch.setattr(attendees, "_in_order", then_one_moves)
    wanted = dataclasses.replace(order(meetup, keys=("name",)), by_cohort=lambda ordinal: f"{ordinal}기")

    with exports.as_xlsx(wanted) as made:
        book = load_workbook(made)

    assert book.sheetnames == ["1기"]
    assert [row[0].value for row in book["1기"].iter_rows(min_row=2)] == ["가하나", "나두리", "다세찬"]


def test_what_is_typed_into_text_cells_of_the_workbook_stays_as_typed_in_new_rows_too(meetup: Meetup) -> None:
    attend(meetup, 1, "김하나")
    keys = ("reference", "name", "phone", "certificate", "tags", "note", "mark", "year", "registered_at")

    with exports.as_xlsx(order(meetup, keys=keys)) as made:
        sheet = load_workbook(made).active

    cells = {key: cell.number_format for key, cell in zip(keys, sheet[2], strict=True) if cell.value}
    ranges = [(each.min, each.max, each.number_format) for each in sheet.column_dimensions.values()]
    columns = [
        next(kind for first, last, kind in ranges if first <= n <= last) for n in range(1, len(keys) + 1)
    ]
    assert cells.pop("registered_at") == "yyyy-mm-dd hh:mm"
    assert cells.pop("year") == "General"
    assert cells.keys() >= {"reference", "name", "mark"}
    assert set(cells.values()) == {"@"}
    assert columns == ["@"] * 7 + ["General"] * 2
