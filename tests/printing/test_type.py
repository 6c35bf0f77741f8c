"""The type that is printed with, and what becomes of signs that it lacks."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PIL import Image, ImageChops

from app.domain.printing.marks import Code, Text, Weight
from app.domain.printing.papers import A6
from app.printing import faces
from app.printing.faces import Face
from app.printing.pdf import Pdf
from app.printing.picture import Picture
from config import ROOT
from tests.support import paper

NAMES = [
    "김동문",
    "황보 선우남궁",
    "Aleksandra Öztürk-Nguyễn",
    "金東文",
    "김(金)동문 Kim",
    "Ελένη",
    "Анна",
    "さくら",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("weight", list(Weight))
def test_every_sign_of_a_name_is_in_the_type(name: str, weight: Weight):
    assert faces.lacking(name) == ""
    assert "".join(text for _face, text in faces.runs(name, weight)) == name


def test_hanja_come_from_the_second_face_and_the_rest_from_the_first():
    assert list(faces.runs("김(金)문", Weight.BOLD)) == [
        (Face.BOLD, "김("),
        (Face.HANJA, "金"),
        (Face.BOLD, ")문"),
    ]


def test_a_sign_that_no_face_has_is_left_out_and_named():
    assert faces.printable("김동문 🎉 ก") == "김동문"
    assert faces.lacking("김동문 🎉👍🏽\ufe0f ก") == "🎉👍🏽ก"


def test_decomposed_hangul_is_printed_as_syllables():
    assert faces.printable("\u1100\u1175\u11b7") == "김"


def test_a_page_holds_the_names_to_copy_and_to_search():
    marks = [Text(5, 8 + 6 * row, name, 12, Weight.BOLD) for row, name in enumerate(NAMES)]

    (text,) = paper.pages(paper.printed(marks))

    assert [name for name in NAMES if name not in text] == []


def test_widths_are_those_that_are_printed():
    drawn = paper.picture(paper.printed([Text(0, 20, "김문金文AVx", 40, Weight.BOLD)])).convert("L")

    right = ImageChops.invert(drawn).getbbox()[2] / paper.DOTS_AN_INCH * 25.4
    assert right == pytest.approx(faces.measure(Weight.BOLD)("김문金文AVx") * 40 * 25.4 / 72, abs=1.2)


def ink(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    """How dark this part is, in sum."""
    part = ImageChops.invert(picture.convert("L").resize((600, 360))).crop(box)
    return sum(value * count for value, count in enumerate(part.histogram()))


def test_the_picture_on_a_screen_has_its_marks_where_the_paper_has_them():
    marks = [Text(10, 30, "김(金)동문", 30, Weight.BOLD), Code(60, 10, 30, "HTTPS://EXAMPLE.COM/T/ABC")]
    picture = Picture((100, 60))
    picture.draw(marks)

    shown, put = picture._image, paper.picture(paper.printed(marks))

    for box in [(0, 0, 300, 180), (300, 0, 600, 180), (0, 180, 300, 360), (300, 180, 600, 360)]:
        assert ink(shown, box) == pytest.approx(ink(put, box), rel=0.1, abs=4000)


def test_a_page_is_of_the_size_that_was_asked_for():
    pdf = Pdf(title="Badges", locale="en")
    pdf.page(A6)
    pdf.page((100, 70))

    assert paper.sizes(pdf.finished()) == [(105, 148), (100, 70)]


def test_a_badge_that_folds_is_upside_down_on_its_other_half():
    marks, face = [Text(5, 20, "김동문", 30, Weight.BOLD)], (105.0, 74.0)
    pdf = Pdf(title="Badges", locale="ko")
    pdf.page(A6)
    pdf.draw(marks, 0, 0, turned_in=face)
    pdf.draw(marks, 0, 74)

    drawn = paper.picture(pdf.finished())
    upper = drawn.crop((0, 0, drawn.width, drawn.height // 2)).rotate(180)
    lower = drawn.crop((0, drawn.height - upper.height, drawn.width, drawn.height))
    darker = ImageChops.difference(upper, lower).convert("L").point(lambda value: 255 * (value > 128))
    assert ImageChops.invert(lower).getbbox()
    assert darker.histogram()[255] < 0.002 * lower.width * lower.height


def test_nothing_for_printing_is_loaded_before_something_is_printed():
    asks = "import sys; from app import create_app; create_app(); print({'fpdf', 'fontTools'} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "set()"
