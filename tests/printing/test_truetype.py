"""Faces cut down by our own hand say of every sign what the whole face says, as fontTools reads both."""

from __future__ import annotations

import io
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from app.printing import faces
from app.printing.faces import Face


def whole(face: Face) -> Any:
    """The face as it lies in the folder, read from memory: nothing stays open."""
    return TTFont(io.BytesIO(face.path.read_bytes()), lazy=True)


SAMPLE = "김동문각힣 Àéñ Nguyễn Ω Я 金東文龍 (1)-."


def outline(font: Any, sign: int) -> Any:
    """The glyph's points and where its contours end, components put together."""
    return font["glyf"][font.getBestCmap()[sign]].getCoordinates(font["glyf"])[:2]


@pytest.mark.parametrize("face", list(Face))
def test_a_face_is_read_as_font_tools_reads_it(face: Face):
    ours, theirs = faces.font(face), whole(face)
    known, widths = theirs.getBestCmap(), theirs["hmtx"].metrics

    assert set(ours.glyphs) == set(known)
    for sign in list(known)[::50]:
        assert ours.glyphs[sign] == theirs.getGlyphID(known[sign])
        assert ours.width(sign) * ours.em == pytest.approx(widths[known[sign]][0])


@pytest.mark.parametrize("face", list(Face))
def test_what_is_cut_down_has_the_same_outlines_and_nothing_else(face: Face):
    signs = [ord(sign) for sign in SAMPLE if ord(sign) in faces.font(face).glyphs]

    cut = TTFont(io.BytesIO(faces.font(face).subset(signs)))
    theirs = whole(face)

    assert set(cut.getBestCmap()) == set(signs)
    for sign in signs:
        assert outline(cut, sign) == outline(theirs, sign)
        assert cut["hmtx"][cut.getBestCmap()[sign]] == theirs["hmtx"][theirs.getBestCmap()[sign]]


def test_letters_that_are_put_together_of_others_bring_these_along():
    cut = TTFont(io.BytesIO(faces.font(Face.BOLD).subset([ord("é")])))

    composite = cut["glyf"][cut.getBestCmap()[ord("é")]]

    assert cut["maxp"].numGlyphs >= 2
    if composite.isComposite():
        assert {part.glyphName for part in composite.components} <= set(cut.getGlyphOrder())
