"""Importing a roster in the browser: upload, look, choose, apply."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.db import db, end_reading, transaction
from app.models import Program, Role, RosterEntry, RosterUpload
from app.services.alumni import roster_uploads
from tests.factories import make_cohort, make_member, make_program, sign_in
from tests.support.client import Browser, form_of, submit

SAMPLES = Path(__file__).parent.parent / "data/rosters"


@pytest.fixture
def program(app: Flask, client: Browser) -> Program:
    program = make_program()
    for ordinal, year in ((1, 2020), (2, 2021), (3, 2022)):
        make_cohort(program, ordinal, year=year)
    sign_in(client, make_member(program, Role.ORGANIZER))
    return program


def upload(client: Browser, program: Program, data: bytes, name: str, cohort: int = -1) -> TestResponse:
    return submit(
        client,
        f"/desk/{program.slug}/rosters/new",
        {"cohort": str(cohort), "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def stored() -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(RosterEntry)) or 0


def test_a_roster_goes_from_upload_over_preview_to_import(client: Browser, program: Program) -> None:
    data = (SAMPLES / "cohort-1-2020-cp949.csv").read_bytes()

    page = upload(client, program, data, "cohort-1-2020-cp949.csv", cohort=1).location
    preview = client.get(page).text
    before = stored()
    done = submit(client, page, {"provenance": "school office"}, action=f"{page}/application")

    assert "CP949" in preview
    assert "165" in preview
    assert (before, stored()) == (0, 165)
    assert "school office" in client.get(done.location).text


def test_a_preview_changes_nothing_however_often_it_is_looked_at(client: Browser, program: Program) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location

    for _ in range(3):
        client.get(page)

    assert stored() == 0


def test_the_uploaded_file_is_destroyed_after_the_import(
    client: Browser, program: Program, app: Flask
) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location
    folder = app.config["SETTINGS"].DATA_DIR / "incoming"
    held = len(list(folder.iterdir()))

    submit(client, page, {"provenance": "office"}, action=f"{page}/application")

    assert len(list(folder.iterdir())) == held - 1


def test_a_file_nobody_applied_is_destroyed_in_time(client: Browser, program: Program, app: Flask) -> None:
    upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx")
    with transaction() as session:
        session.scalars(select(RosterUpload)).one().expires_at -= roster_uploads.KEPT_FOR

    assert roster_uploads.discard_expired() == 1
    end_reading()
    assert db.session.scalars(select(RosterUpload)).first() is None


def test_a_wrong_file_is_refused_in_words_and_nothing_is_kept(client: Browser, program: Program) -> None:
    answer = upload(client, program, b"<html><body>hello</body></html>", "roster.csv")

    assert answer.status_code == 422
    assert "This is a web page, not a table" in answer.text
    assert db.session.scalars(select(RosterUpload)).first() is None


def test_no_file_and_no_paste_is_told(client: Browser, program: Program) -> None:
    answer = submit(client, f"/desk/{program.slug}/rosters/new", {"cohort": "-1"})

    assert answer.status_code == 422
    assert "Choose a file, or paste" in answer.text


def test_the_limit_on_a_file_is_the_installations_and_is_said_in_megabytes(
    app: Flask, client: Browser, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], MAX_UPLOAD_MB=1))
    page = f"/desk/{program.slug}/rosters/new"

    answer = submit(client, page, {"cohort": "-1", "paste": "x" * (1024 * 1024 + 1)})

    assert "up to 1 MB" in client.get(page).text
    assert answer.status_code == 422
    assert "This file is larger than 1 MB." in answer.text


def test_an_upload_beyond_all_limits_is_told_and_led_back(
    app: Flask, client: Browser, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    form = f"/desk/{program.slug}/meetups/new"

    answers = [
        client.post(
            form, data={"cover": (io.BytesIO(b"x" * 20_000), "cover.png")}, headers={"Referer": sender}
        )
        for sender in (f"http://localhost{form}?copy=1", "https://elsewhere.example/")
    ]

    assert {answer.status_code for answer in answers} == {413}
    assert "choose a smaller one" in answers[0].text
    assert f'href="{form}?copy=1"' in answers[0].text
    assert "elsewhere.example" not in answers[1].text


def test_rows_pasted_from_excel_are_read_like_a_file(client: Browser, program: Program) -> None:
    pasted = "이름\t이메일\t수료\n김하나\thana@example.com\tO"

    page = submit(client, f"/desk/{program.slug}/rosters/new", {"cohort": "2", "paste": pasted}).location
    submit(client, page, {"provenance": "pasted"}, action=f"{page}/application")

    assert stored() == 1


def test_form_answers_ask_who_completed_instead_of_guessing(client: Browser, program: Program) -> None:
    data = (SAMPLES / "earlier-form-answers.csv").read_bytes()
    page = upload(client, program, data, "answers.csv").location

    asked = client.get(page).text
    answered = client.get(f"{page}?all=yes").text

    assert "says who completed" in asked
    assert "Import 60 rows" not in asked
    assert "Import 60 rows" in answered


def test_an_import_without_provenance_keeps_the_preview_and_says_so(
    client: Browser, program: Program
) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location

    answer = submit(client, page, {"provenance": " "}, action=f"{page}/application")

    assert answer.status_code == 422
    assert "Write where the list comes from." in answer.text
    assert stored() == 0


def test_the_choices_made_in_the_preview_are_those_applied(client: Browser, program: Program) -> None:
    data = (SAMPLES / "earlier-form-answers.csv").read_bytes()
    page = upload(client, program, data, "answers.csv").location

    submit(client, f"{page}?all=no", {"provenance": "form"}, action=f"{page}/application")

    assert stored() == 60
    assert not db.session.scalars(select(RosterEntry).where(RosterEntry.completed)).first()


def test_another_organizers_upload_looks_like_a_missing_one(
    client: Browser, program: Program, app: Flask
) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location
    other = app.test_client()
    sign_in(other, make_member(program, Role.OWNER))

    assert (
        other.get(page).status_code
        == other.get(f"/desk/{program.slug}/rosters/{'0' * 32}").status_code
        == 404
    )


def test_a_discarded_file_is_gone(client: Browser, program: Program) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location

    gone = submit(client, page, action=f"{page}/removal")

    assert client.get(page).location == gone.location
    assert "The file is destroyed already." in client.get(gone.location).text


def test_going_back_to_a_file_that_is_imported_leads_to_what_became_of_it(
    client: Browser, program: Program
) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location
    done = submit(client, page, {"provenance": "school office"}, action=f"{page}/application")

    back = client.get(page)

    assert (back.status_code, back.location) == (303, done.location)
    assert "It is imported already." in client.get(back.location).text


def test_the_cohort_of_a_file_can_be_chosen_where_its_columns_are(client: Browser, program: Program) -> None:
    pasted = "이름\t이메일\t수료여부\n김하나\thana@example.com\t수료"
    sent = {"cohort": "-1", "paste": pasted}
    page = submit(client, f"/desk/{program.slug}/rosters/new", sent).location

    asked = client.get(page).text
    chosen = client.get(f"{page}?cohort=2").text
    nonsense = client.get(f"{page}?cohort=99").text
    submit(client, f"{page}?cohort=2", {"provenance": "school office"}, action=f"{page}/application")

    assert "Whose roster is it?" in asked
    assert 'id="preview"' not in asked + nonsense
    assert "hana@example.com" in chosen
    end_reading()
    entry = db.session.scalars(select(RosterEntry).where(RosterEntry.address_key == "hana@example.com")).one()
    assert entry.cohort.ordinal == 2


def test_markup_in_names_is_shown_as_text(client: Browser, program: Program) -> None:
    pasted = "이름\t이메일\t수료\n<b>김하나</b>\thana@example.com\tO"

    page = submit(client, f"/desk/{program.slug}/rosters/new", {"cohort": "1", "paste": pasted}).location

    assert "&lt;b&gt;김하나&lt;/b&gt;" in client.get(page).text


def test_rows_of_one_fate_can_be_looked_at_alone(client: Browser, program: Program) -> None:
    data = (SAMPLES / "messy-unicode-text.txt").read_bytes()
    page = upload(client, program, data, "messy.txt").location

    problems = client.get(f"{page}?show=problem").text.partition('id="rows"')[2]

    assert problems.count("No e-mail address.") == 1
    assert "The programme has no such cohort." in problems
    assert "한다나" not in problems


@pytest.mark.parametrize("start", ["9" * 5000, "٣", "-1", "1e3"])
def test_a_place_in_the_rows_that_is_none_is_their_beginning(
    client: Browser, program: Program, start: str
) -> None:
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location

    assert rows(client.get(page, query_string={"start": start}).text) == rows(client.get(page).text)


def rows(page: str) -> str:
    return page.partition('id="rows"')[2].partition("<nav")[0]


def test_the_list_of_imports_names_who_and_what(client: Browser, program: Program) -> None:
    empty = client.get(f"/desk/{program.slug}/imports").text
    page = upload(client, program, (SAMPLES / "cohort-2-2021.xlsx").read_bytes(), "r.xlsx").location
    submit(client, page, {"provenance": "office"}, action=f"{page}/application")

    listed = client.get(f"/desk/{program.slug}/imports").text

    assert "No roster imported yet" in empty
    assert "r.xlsx" in listed
    assert "243" in listed


def test_a_file_of_another_cohort_says_so_and_offers_nothing_to_apply(
    client: Browser, program: Program
) -> None:
    third = (SAMPLES / "cohort-3-2022-sheets.csv").read_bytes()
    page = upload(client, program, third, "third.csv", cohort=3).location
    submit(client, page, {"provenance": "office"}, action=f"{page}/application")
    second = (SAMPLES / "cohort-2-2021.xlsx").read_bytes()

    preview = client.get(upload(client, program, second, "second.xlsx", cohort=3).location).text

    assert "No row can be imported." in preview
    assert "243 rows: The row names another cohort than cohort 3." in preview
    assert "This file names another cohort: 2" in preview
    assert "Every row is stored already" not in preview
    assert "/application" not in preview
    assert "Not in this file" not in preview.partition('id="preview"')[2]


def test_a_row_with_a_problem_shows_whose_it_is_and_what_is_wrong(client: Browser, program: Program) -> None:
    pasted = "이름\t이메일\t기수\t수료\n김하나\thana@example.com\t9기\tO\n이둘\ttwo@example\t1기\tO\n박셋\tthree@example.com\t1기\tO"

    page = submit(client, f"/desk/{program.slug}/rosters/new", {"cohort": "-1", "paste": pasted}).location
    rows = client.get(f"{page}?show=problem").text.partition('id="rows"')[2]

    assert "김하나" in rows
    assert "hana@example.com" in rows
    assert "Cohort: 9기" in rows
    assert "이둘" in rows
    assert "E-mail address: two@example" in rows


def test_a_resident_number_is_never_repeated_to_recognise_its_row(client: Browser, program: Program) -> None:
    pasted = "이름\t이메일\t수료\n김하나 900101-1234567\thana@example.com\tO"

    page = submit(client, f"/desk/{program.slug}/rosters/new", {"cohort": "1", "paste": pasted}).location
    preview = client.get(page).text.partition('id="preview"')[2]

    assert "hana@example.com" in preview
    assert "900101" not in preview


def test_a_picture_is_refused_by_its_own_name_in_either_language(client: Browser, program: Program) -> None:
    english = upload(client, program, b"\x89PNG\r\n\x1a\n" + bytes(40), "roster.xlsx")
    client.set_cookie("lang", "ko")
    korean = upload(client, program, b"\x89PNG\r\n\x1a\n" + bytes(40), "roster.xlsx")

    assert "this kind of file: a picture" in english.text
    assert "사진 파일" in korean.text


LIST = "이름,이메일,기수,수료여부\n" + "".join(f"김하{n},ha{n}@example.com,1기,수료\n" for n in "나라마바")
ONE_MORE = "이름,이메일,기수,수료여부\n이두리,duri@example.com,1기,수료\n"


def gone() -> int:
    end_reading()
    query = select(func.count()).select_from(RosterEntry).where(RosterEntry.gone_since_id.is_not(None))
    return db.session.scalar(query) or 0


def imported(client: Browser, program: Program, text: str, **chosen: str) -> str:
    page = upload(client, program, text.encode(), "list.csv").location
    target, form = form_of(client, page, page)
    query = {name: values[-1] for name, values in form.fields.items()} | chosen
    seen = client.get(target, query_string=query) if chosen else client.get(page)
    applied = submit(client, seen.request.full_path, {"provenance": "office"}, action=f"{page}/application")
    assert applied.status_code == 303
    return seen.text


def test_a_few_rows_are_taken_as_additions_that_mark_nobody_as_missing(
    client: Browser, program: Program
) -> None:
    imported(client, program, LIST)

    shown = imported(client, program, ONE_MORE)

    assert "It is taken as additions" in shown
    assert "show=gone" not in shown
    assert (stored(), gone()) == (5, 0)


def test_few_rows_can_be_the_whole_list_and_many_an_addition(client: Browser, program: Program) -> None:
    imported(client, program, LIST)

    whole = imported(client, program, ONE_MORE, list="all")
    assert "show=gone" in whole
    assert gone() == 4
    imported(client, program, LIST, list="additions")

    assert gone() == 0, "whom additions name is there again, and who isn't in them stays as they are"


def test_the_column_chosen_for_a_file_with_one_sheet_is_the_one_that_is_read(
    client: Browser, program: Program
) -> None:
    rows = "이름,이메일,기수,수료여부,번호\n김하나,hana@example.com,1기,수료,A-7\n"

    imported(client, program, rows, col_certificate="4")

    end_reading()
    assert db.session.scalars(select(RosterEntry.certificate)).all() == ["A-7"]
