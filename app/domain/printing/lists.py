"""Lists of people on paper: to tick at the door, and to sign. Rows on A4, with a head and a foot on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.printing.fitting import Measure, fitted, shortened, wrapped
from app.domain.printing.marks import HAIR, INK, POINT, QUIET, Box, Line, Mark, Text, Weight
from app.domain.printing.papers import A4
from app.domain.writing.names import choseong

LEFT, RIGHT, TOP, FOOT = 15.0, 195.0, 15.0, 284.0
TICK_ROW, SIGN_ROW = 8.0, 12.5
MEDIUM, SMALL, TITLE, LEAST = 10.5, 8.5, 15.0, 7.5
MOST_PURPOSE = 6
"""Lines of the text above the rows."""
Measures = Callable[[Weight], Measure]


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of a list. `companions`: those who come with them, by name as far as that is known; `came`: when they came in."""

    name: str
    cohort: str = ""
    companions: tuple[str, ...] = ()
    came: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What begins on a page of its own: a cohort's, or everybody's where `label` is empty."""

    label: str
    guests: Sequence[Guest]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page says: the title, when and where, what is listed, when it was made; at the foot what to do with it.

    `page`: how "2 / 7" is said.
    """

    title: str
    where: str
    listed: str
    made: str
    foot: str
    page: Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Columns:
    """The words above the columns of a list to sign. `space`: of one that is left empty, for what the office wants."""

    number: str
    name: str
    cohort: str
    space: str
    signature: str


def tick_pages(parts: Sequence[Part], frame: Frame, measures: Measures) -> list[list[Mark]]:
    """A box before each name, one for each companion, and room for a note; the first of each initial is marked."""
    return _framed(
        [
            (part.label, list(_ticked(guests, measures)))
            for part in parts
            for guests in _filled(part, TICK_ROW, 0)
        ],
        frame,
        measures,
    )


def sign_pages(
    parts: Sequence[Part],
    frame: Frame,
    columns: Columns,
    measures: Measures,
    *,
    purpose: str = "",
    spare: int = 0,
) -> list[list[Mark]]:
    """A line for everybody to sign on, and so many empty ones; above them what they sign, on every page."""
    said = [
        line
        for paragraph in purpose.splitlines()
        for line in wrapped(paragraph, measures(Weight.MEDIUM), RIGHT - LEFT, MEDIUM)
    ][:MOST_PURPOSE]
    height = len(said) * MEDIUM * 1.5 * POINT + (5 if said else 0)
    found = []
    for number, part in enumerate(parts):
        empty = [Guest("")] * spare if number == len(parts) - 1 else []
        whole, first = Part(part.label, [*part.guests, *empty]), 1
        for guests in _filled(whole, SIGN_ROW, height + 7):
            rows = list(_signed(guests, first, columns, height, measures))
            found.append((part.label, [*_purpose(said), *rows]))
            first += len(guests)
    return _framed(found, frame, measures)


def _filled(part: Part, row: float, above: float) -> Iterator[Sequence[Guest]]:
    """The guests of one page after another."""
    room = int((FOOT - 6 - _first_row() - above) / row)
    for start in range(0, max(len(part.guests), 1), room):
        yield part.guests[start : start + room]


def _first_row() -> float:
    return TOP + 21


def _ticked(guests: Sequence[Guest], measures: Measures) -> Iterator[Mark]:
    y, before = _first_row(), ""
    for guest in guests:
        base, initial = y + TICK_ROW * 0.66, initial_of(guest.name)
        if initial != before:
            yield Text(LEFT - 6.5, base, initial, MEDIUM, Weight.BOLD, QUIET)
            before = initial
        yield Box(LEFT, y + 1.75, 4.5, 4.5, outline=INK, line=0.3)
        if guest.came:
            yield Line(LEFT + 0.9, y + 4.1, LEFT + 2, y + 5.3, 0.5, INK)
            yield Line(LEFT + 2, y + 5.3, LEFT + 3.7, y + 2.7, 0.5, INK)
        yield _words(LEFT + 7.5, base, guest.name, 52, measures, 12, Weight.BOLD)
        yield _words(LEFT + 62, base, guest.cohort, 26, measures, MEDIUM)
        yield from _companions(guest.companions, y, base, measures)
        if guest.came:
            yield _words(LEFT + 158, base, guest.came, 22, measures, SMALL, colour=QUIET)
        y += TICK_ROW
        yield Line(LEFT, y, RIGHT, y)


def _companions(names: Sequence[str], y: float, base: float, measures: Measures) -> Iterator[Mark]:
    x, room = LEFT + 90, 66.0
    each = room / max(len(names), 2)
    for name in names[:6]:
        yield Box(x, y + 2.25, 3.5, 3.5, outline=INK, line=0.25)
        yield _words(x + 4.5, base, name, each - 6, measures, SMALL)
        x += each
    if len(names) > 6:
        yield Text(LEFT + 156 - 6, base, f"+{len(names) - 6}", SMALL)


def _purpose(lines: Sequence[str]) -> Iterator[Mark]:
    for number, line in enumerate(lines):
        yield Text(LEFT, _first_row() + 3 + number * MEDIUM * 1.5 * POINT, line, MEDIUM)


def _signed(
    guests: Sequence[Guest], first: int, columns: Columns, above: float, measures: Measures
) -> Iterator[Mark]:
    """A ruled table: number, name, cohort, room for the office, room for the signature."""
    edges = [LEFT, LEFT + 12, LEFT + 58, LEFT + 84, LEFT + 128, RIGHT] if columns.space else [
        LEFT, LEFT + 12, LEFT + 66, LEFT + 100, RIGHT]  # fmt: skip
    heads = [
        columns.number,
        columns.name,
        columns.cohort,
        *([columns.space] if columns.space else []),
        columns.signature,
    ]
    y = _first_row() + above
    foot = y + 7 + SIGN_ROW * len(guests)
    yield Box(LEFT, y, RIGHT - LEFT, 7, fill=(238, 242, 241))
    for edge, head in zip(edges, heads, strict=False):
        yield Text(edge + 2, y + 4.8, head, SMALL, Weight.BOLD, QUIET)
    for edge in edges:
        yield Line(edge, y, edge, foot, 0.2, HAIR)
    yield Line(LEFT, y, RIGHT, y, 0.4, INK)
    y += 7
    yield Line(LEFT, y, RIGHT, y, 0.4, INK)
    for number, guest in enumerate(guests, first):
        base = y + SIGN_ROW * 0.62
        yield Text(edges[0] + 2, base, str(number), SMALL, colour=QUIET)
        yield _words(edges[1] + 2, base, guest.name, edges[2] - edges[1] - 4, measures, 12, Weight.BOLD)
        yield _words(edges[2] + 2, base, guest.cohort, edges[3] - edges[2] - 4, measures, MEDIUM)
        y += SIGN_ROW
        yield Line(LEFT, y, RIGHT, y)


def initial_of(name: str) -> str:
    """By which a name is looked up: ㄱ of 김, or the Latin letter; empty for all others."""
    first = choseong(name[:1])
    return first or (name[:1].upper() if name[:1].isascii() and name[:1].isalpha() else "")


def by_name(guest: Guest) -> tuple[str, str]:
    """가나다: syllables stand in this order in Unicode, behind Latin letters."""
    return guest.name.casefold(), guest.cohort


def _framed(pages: Sequence[tuple[str, list[Mark]]], frame: Frame, measures: Measures) -> list[list[Mark]]:
    return [
        [*_head(frame, label, measures), *marks, *_foot(frame, number, len(pages), measures)]
        for number, (label, marks) in enumerate(pages, 1)
    ]


def _head(frame: Frame, label: str, measures: Measures) -> Iterator[Mark]:
    wide = RIGHT - LEFT
    label_width = measures(Weight.BOLD)(label) * TITLE * POINT
    yield _words(LEFT, TOP + 5, frame.title, wide - label_width - 6, measures, TITLE, Weight.BOLD)
    yield Text(RIGHT - label_width, TOP + 5, label, TITLE, Weight.BOLD)
    yield _words(LEFT, TOP + 10.5, frame.where, wide, measures, SMALL, colour=QUIET)
    yield _words(LEFT, TOP + 15.5, frame.listed, wide * 0.55, measures, MEDIUM)
    made = shortened(frame.made, measures(Weight.MEDIUM), wide * 0.44, SMALL)
    yield Text(RIGHT - measures(Weight.MEDIUM)(made) * SMALL * POINT, TOP + 15.5, made, SMALL, colour=QUIET)
    yield Line(LEFT, TOP + 18.5, RIGHT, TOP + 18.5, 0.5, INK)


def _foot(frame: Frame, number: int, pages: int, measures: Measures) -> Iterator[Mark]:
    said = frame.page(number, pages)
    yield _words(LEFT, FOOT + 3, frame.foot, RIGHT - LEFT - 30, measures, SMALL, colour=QUIET)
    width = measures(Weight.MEDIUM)(said) * SMALL * POINT
    yield Text(RIGHT - width, FOOT + 3, said, SMALL, colour=QUIET)


def _words(
    x: float,
    y: float,
    text: str,
    width: float,
    measures: Measures,
    size: float,
    weight: Weight = Weight.MEDIUM,
    colour: tuple[int, int, int] = INK,
) -> Text:
    """On one line: smaller where it is long, cut where it is very long."""
    found = fitted(text, measures(weight), width, 20, most=size, least=min(size, LEAST))
    return Text(x, y, found.lines[0] if found.lines else "", found.size, weight, colour)


PAPER = A4
