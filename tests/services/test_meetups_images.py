"""Uploaded pictures: what is kept of them, and what is refused."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image as Pictures
from sqlalchemy import func, select

from app.db import db
from app.domain.errors import DomainError
from app.models import Image, MeetupState
from app.services.organizing import images
from tests.factories import make_meetup, make_program

pytestmark = pytest.mark.usefixtures("app")


def picture(
    kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **how: object
) -> io.BytesIO:
    out = io.BytesIO()
    Pictures.new(mode, size, "teal").save(out, kind, **how)
    out.seek(0)
    return out


def png_bomb(side: int) -> io.BytesIO:
    """A PNG of a few kilobytes that claims side × side pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    header = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    pixels = zlib.compress(bytes(side // 8 + 1) * 64)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def refused(upload: io.BytesIO) -> str:
    program = make_program()
    with pytest.raises(DomainError) as refusal:
        images.store(program.id, upload, "account:1")
    assert db.session.scalar(select(func.count(Image.id))) == 0
    return refusal.value.code


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_webp_named_by_its_content(kind: str):
    image = images.store(make_program().id, picture(kind), "account:1")

    with Pictures.open(images.path_of(image.sha256)) as stored:
        assert (stored.format, stored.size) == ("WEBP", (60, 40))


def test_where_a_photograph_was_taken_is_not_kept():
    exif = Pictures.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "37.5665N 126.9780E"

    image = images.store(make_program().id, picture("JPEG", exif=exif), "account:1")

    data = images.path_of(image.sha256).read_bytes()
    assert (image.width, image.height) == (40, 60)
    assert b"37.5665" not in data
    assert b"EXIF" not in data


def test_the_same_picture_twice_is_one():
    program = make_program()

    first, second = (images.store(program.id, picture(), "account:1") for _ in range(2))

    assert first.id == second.id


def test_a_large_picture_is_made_smaller():
    image = images.store(make_program().id, picture("JPEG", (5000, 2500)), "account:1")

    assert (image.width, image.height) == (1600, 800)
    assert images.path_of(image.sha256).stat().st_size <= images.MAX_STORED


@pytest.mark.parametrize("side", [8_000, 10_000, 30_000, 2**31 - 1])
def test_a_picture_that_unpacks_without_end_is_refused_unread(side: int):
    assert refused(png_bomb(side) if side < 100_000 else _claims(side)) == "image_too_large"


def _claims(side: int) -> io.BytesIO:
    data = bytearray(png_bomb(8_000).getvalue())
    data[16:24] = side.to_bytes(4) * 2
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4)
    return io.BytesIO(bytes(data))


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (b"", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not_an_image"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_an_image"),
        (b"<html>", "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "image_broken"),
    ],
)
def test_what_is_no_picture_is_refused(upload: bytes, code: str):
    assert refused(io.BytesIO(upload)) in {code, "not_an_image"}


def test_a_picture_cut_off_is_refused():
    whole = picture("JPEG", (400, 400)).getvalue()

    assert refused(io.BytesIO(whole[: len(whole) // 2])) == "image_broken"


def test_a_file_over_the_limit_is_refused():
    assert refused(io.BytesIO(b"\xff\xd8\xff" + bytes(images.MAX_UPLOAD))) == "image_too_heavy"


def test_strangers_see_pictures_of_published_meetups_only():
    program = make_program()
    image = images.store(program.id, picture(), "account:1")
    make_meetup(program, cover_id=image.id, state=MeetupState.DRAFT)

    assert not images.is_shown_publicly(image.sha256)
    assert images.belongs_to(image.sha256, [program.id])
    assert not images.belongs_to(image.sha256, [program.id + 1])

    make_meetup(program, cover_id=image.id)
    assert images.is_shown_publicly(image.sha256)


def test_a_photograph_with_damaged_particulars_is_refused_as_damaged():
    turned, impossible = (0x112, 3, 1, 6), (0x213, 4, 1, 70_000)  # the second is two bytes by its nature
    entries = b"".join(struct.pack("<HHII", *entry) for entry in (turned, impossible))
    exif = b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 2) + entries + bytes(4)

    assert refused(picture("JPEG", exif=exif)) == "image_broken"
