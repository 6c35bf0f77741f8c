"""What stands where on a badge."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.printing.badges import Badge, marks
from app.domain.printing.colours import NEUTRAL, PALETTE, WHITE, contrast, usual
from app.domain.printing.designs import LAYOUTS, OWN, Design, Paper, Part, require_sound
from app.domain.printing.fitting import Measure
from app.domain.printing.marks import POINT, Box, Code, Mark, Text, Weight
from app.domain.printing.papers import Layout, require_printable

FACES = [layout.face for layout in LAYOUTS.values()]
WORDS = st.text(alphabet="가나다 abc-", max_size=60).map(lambda text: " ".join(text.split()))


def measure(_weight: Weight) -> Measure:
    """Every sign as wide as Hangul."""
    return lambda text: 0.9 * len(text)


def texts(found: list[Mark]) -> list[Text]:
    return [mark for mark in found if isinstance(mark, Text)]


def whole(**changes: str) -> Badge:
    said = {
        "name": "김하늘",
        "title": "봄 밋업",
        "cohort": "3기",
        "role": "연사",
        "code": "HTTPS://EXAMPLE.COM",
    }
    said |= {"nickname": "하늘이", "affiliation": "예시전자", "no_photos": "촬영 동의 없음"}
    return Badge(**(said | changes), colour=PALETTE["red"])  # type: ignore[arg-type]


@pytest.mark.parametrize("face", FACES)
def test_a_badge_says_all_that_is_wanted_of_it_and_the_name_largest(face: tuple[float, float]):
    found = texts(marks(whole(), face, measure))

    assert {each.text for each in found} == {
        "김하늘",
        "봄 밋업",
        "3기",
        "연사",
        "하늘이",
        "예시전자",
        "촬영 동의 없음",
    }
    assert max(found, key=lambda each: each.size).text == "김하늘"


def test_the_table_stands_at_the_right_between_title_and_mark_and_none_of_them_overlap():
    face, long = FACES[0], "아주 긴 제목의 봄 밋업 " * 8
    found = {each.text: each for each in texts(marks(whole(title=long, table="테이블 12"), face, measure))}
    (title,) = [each for text, each in found.items() if text.startswith("아주")]
    table, mark = found["테이블 12"], found["촬영 동의 없음"]

    def right(each: Text) -> float:
        return each.x + measure(each.weight)(each.text) * each.size * POINT

    assert right(title) <= table.x
    assert right(table) <= mark.x
    assert title.y == table.y
    assert "테이블 12" not in {each.text for each in texts(marks(whole(), face, measure))}


@settings(deadline=None, max_examples=60)
@given(
    name=WORDS, title=WORDS, cohort=WORDS, role=WORDS, nickname=WORDS, affiliation=WORDS, code=st.sampled_from(["", "X"]),
    face=st.sampled_from([*FACES, (40.0, 25.0), (90.0, 60.0)]),
)  # fmt: skip
def test_nothing_leaves_the_face_and_no_word_lies_on_the_code(face: tuple[float, float], **said: str):
    found = marks(Badge(**said), face, measure)  # type: ignore[arg-type]

    codes = [mark for mark in found if isinstance(mark, Code)]
    for mark in texts(found):
        right = mark.x + measure(mark.weight)(mark.text) * mark.size * POINT
        assert mark.x >= 0
        assert right <= face[0] + 0.01
        assert mark.size * POINT <= mark.y <= face[1] + 0.01
        in_band = mark.colour == WHITE or any(
            isinstance(b, Box) and b.fill == WHITE and b.y < mark.y for b in found
        )
        for code in codes if not in_band else ():
            beside = right <= code.x or mark.y <= code.y or mark.y - mark.size * POINT >= code.y + code.side
            assert beside, mark


def test_the_name_keeps_its_words_together_where_they_fit():
    found = texts(marks(whole(name="Maria de la Cruz", nickname="", affiliation=""), (105, 74), measure))

    names = [each.text for each in found if each.weight is Weight.BOLD and each.size > 20]
    assert " ".join(names) == "Maria de la Cruz"


def test_who_has_no_name_that_can_be_printed_gets_a_line_to_write_on():
    found = marks(whole(name=""), (99, 67), measure)

    assert len(found) > len(texts(found))
    assert "김하늘" not in {each.text for each in texts(found)}


def test_without_a_cohort_the_band_says_the_role_and_without_both_there_is_none():
    bands = [
        [m for m in marks(whole(cohort="", role=role, no_photos=""), (99, 67), measure) if isinstance(m, Box)]
        for role in ("연사", "")
    ]

    assert [len(boxes) for boxes in bands] == [1, 0]


def test_white_words_can_be_read_on_every_colour_and_no_two_look_alike():
    assert all(contrast(colour, WHITE) >= 4.5 for colour in [*PALETTE.values(), NEUTRAL])
    for one, other in itertools.combinations([*PALETTE.values(), NEUTRAL], 2):
        assert sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5 > 25


def test_neighbouring_cohorts_have_other_colours_until_the_palette_begins_anew():
    assert len({usual(ordinal) for ordinal in range(1, len(PALETTE) + 1)}) == len(PALETTE)
    assert usual(1) == usual(len(PALETTE) + 1)


def test_every_paper_can_be_printed():
    for layout in [*LAYOUTS.values(), OWN]:
        require_printable(layout)
    assert set(LAYOUTS) | {Paper.OWN} == set(Paper)


def test_a_design_is_read_as_it_was_stored():
    own = Layout(page=(210, 297), label=(90.5, 60), columns=2, rows=4, left=15, folds=True)
    design = Design(
        paper=Paper.OWN,
        own=own,
        parts=frozenset({Part.QR}),
        locale="en",
        colours={7: "red"},
        tags=frozenset({3}),
    )

    assert Design.of(design.stored()) == design
    require_sound(design)
