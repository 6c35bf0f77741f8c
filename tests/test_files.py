"""Names of downloads: in any script, on any disk, in every browser."""

from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from flask import Flask, Response, send_file
from werkzeug.http import parse_options_header

from app.files import download_name


def disposition(name: str) -> str:
    app = Flask(__name__)
    with app.test_request_context():
        answer: Response = send_file(io.BytesIO(b""), "text/csv", as_attachment=True, download_name=name)
    return answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2027-07-14 A / B:  attendees ", "2027-07-14 A B attendees.csv"),
        ("2027-07-14 동문의 밤 참석자", "2027-07-14 동문의 밤 참석자.csv"),
        ("동문", "동문.csv"),
        ("a\r\nSet-Cookie: x=1", "a Set-Cookie x=1.csv"),
        ("명단\u202excod.exe", "명단xcod.exe.csv"),
        ("..", "list.csv"),
        ("", "list.csv"),
    ],
)
def test_a_download_has_a_name_that_every_system_takes(text: str, name: str) -> None:
    assert download_name(text, "csv") == name


def test_a_long_korean_name_fits_on_every_disk_and_keeps_its_kind() -> None:
    name = download_name("가" * 200, "xlsx")

    assert len(name.encode()) <= 200
    assert name.endswith("가.xlsx")


@pytest.mark.parametrize("text", ["2027-07-14 동문의 밤 참석자", "100% “동문”; 'ㄱ' 🎉", "ascii only", "Zoë"])
def test_browsers_are_told_the_name_in_utf_8_and_in_plain_letters(text: str) -> None:
    name = download_name(text, "csv")

    header = disposition(name)

    assert header.isascii()
    assert parse_options_header(header)[1]["filename"] == name
    if not name.isascii():
        assert unquote(header.split("filename*=UTF-8''")[1].split(";")[0]) == name
        assert "filename=" in header.replace("filename*=", "")
