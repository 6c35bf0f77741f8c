from __future__ import annotations

import re
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

from app import qr
from app.domain.door import tickets

KEY = b"a ticket key of the tests"
CODE = tickets.derive_code(KEY, "5f1d0c9a", 1)


def test_a_code_is_26_characters_of_base32():
    assert re.fullmatch(r"[A-Z2-7]{26}", CODE)


def test_key_ticket_and_revision_each_make_another_code():
    codes = {tickets.derive_code(key, uid, n) for key in (b"k", b"l") for uid in ("a", "b") for n in (1, 2)}

    assert len(codes) == 8


@pytest.mark.parametrize(
    "base", ["https://dongmun.example", "https://dongmun.example/", "http://localhost:8000"]
)
def test_the_payload_reads_back_as_its_code_in_any_case(base: str):
    text = tickets.payload(base, CODE)

    assert text == text.upper()
    assert tickets.parse_code(text) == tickets.parse_code(text.lower()) == CODE


def test_a_typed_code_may_hold_blanks_and_hyphens():
    assert tickets.parse_code(f" {CODE[:4]}-{CODE[4:8]} {CODE[8:].lower()}\n") == CODE


@given(st.text(max_size=500))
def test_any_text_is_a_code_or_nothing(text: str):
    found = tickets.parse_code(text)

    assert found is None or re.fullmatch(r"[A-Z2-7]{26}", found)


@pytest.mark.parametrize(
    "text", ["", CODE[:-1], CODE + "A", CODE[:-1] + "1", "x" * 10_000, "ſ" * 26, "Ａ" * 26]
)
def test_what_is_no_code_is_none(text: str):
    assert tickets.parse_code(text) is None


def test_a_ticket_s_qr_is_version_3_while_the_host_is_short_enough():
    prefix = "HTTPS://" + "A" * 24 + "/T/"

    assert len(prefix) == 35
    assert len(qr.modules(prefix + CODE)) == 29
    assert len(qr.modules(prefix + "LONGER" + CODE)) > 29


def test_a_badge_s_qr_holds_as_long_a_host_as_a_ticket_s():
    longest = "HTTPS://" + "A" * 24 + "/T/"

    assert qr.BADGE.level == ERROR_CORRECT_Q
    assert len(qr.modules(longest + CODE, qr.BADGE)) == qr.BADGE.side == 33


@pytest.mark.parametrize("kind", [qr.TICKET, qr.BADGE])
@settings(deadline=None)
@given(
    text=st.text(alphabet="ABCXYZ019:/.", min_size=1, max_size=80)
    | st.text(alphabet="\0\1\2", min_size=1, max_size=40)
    | st.text(min_size=1, max_size=40)
)
def test_a_qr_is_the_one_that_the_library_draws(kind: qr.Kind, text: str):
    code = QRCode(version=kind.version, error_correction=kind.level, border=0, mask_pattern=qr.MASK)
    code.add_data(text)
    try:
        code.make(fit=False)
    except DataOverflowError:
        code.make(fit=True)

    assert qr.modules(text, kind) == [[bool(dark) for dark in row] for row in code.modules]


@pytest.mark.parametrize("scale", [1, 3, 8])
def test_a_picture_of_any_scale_is_black_where_the_modules_are(scale: int):
    rows, image = qr.modules(CODE), Image.open(BytesIO(qr.png(CODE, scale)))

    assert image.size == (scale * (len(rows) + 8),) * 2
    assert [
        [image.getpixel((scale * x + scale - 1, scale * y)) == 0 for x in range(4, len(rows) + 4)]
        for y in range(4, len(rows) + 4)
    ] == rows
    assert image.crop((0, 0, image.width, 4 * scale)).getextrema() == (255, 255)


def test_the_svg_and_the_picture_hold_the_same_modules():
    rows = qr.modules(CODE)
    image = Image.open(BytesIO(qr.png(CODE, scale=1)))

    assert image.size == (len(rows) + 8, len(rows) + 8)
    assert all(
        (image.getpixel((x + 4, y + 4)) == 0) == dark
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
    )
    assert sum(map(sum, rows)) == sum(int(run) for run in re.findall(r"h(\d+)v", qr.svg(CODE)))
