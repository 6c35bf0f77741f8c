"""A certificate of attendance: what it says, where it stands on A4, and the number by which it is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.printing.fitting import Measure, fitted, wrapped
from app.domain.printing.marks import INK, POINT, QUIET, Box, Code, Image, Line, Mark, Text, Weight
from app.domain.printing.papers import A4

PAPER = A4
MIDDLE, WIDE = 105.0, 150.0
GATE = (0, 82, 75)
FACTS_AT, FACT_ROW, FACT_LABEL, FACT_TEXT = 100.0, 13.0, 36.0, 62.0
WORDS_HIGH, WORD_SIZES = 42.0, (14.0, 12.0, 10.5, 9.0)
REFERENCE_LENGTH = 10
_NUMBER = re.compile(r"[0-9A-Z]{20}")
Measures = Callable[[Weight], Measure]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Everything in the words of one language. `facts`: what it is about and what is said of that, the name first;
    nothing said leaves a line to write on."""

    heading: str
    number: str
    facts: tuple[tuple[str, str], ...]
    words: str
    day: str
    program: str
    signer: str
    position: str
    check: str
    address: str
    until: str = ""
    seal: bytes = b""


def spelled(reference: str, code: str) -> str:
    """The number as it is printed, in fours that are read aloud: a registration's reference and the code that proves it."""
    whole = reference + code
    return "-".join(whole[start : start + 4] for start in range(0, len(whole), 4))


def split_number(typed: str) -> tuple[str, str] | None:
    """Reference and code of a number however it was typed; None for what is none."""
    plain = re.sub(r"[\s.–—-]", "", typed).upper()
    return (plain[:REFERENCE_LENGTH], plain[REFERENCE_LENGTH:]) if _NUMBER.fullmatch(plain) else None


def marks(certificate: Certificate, measures: Measures) -> list[Mark]:
    return [
        *_frame(),
        *_head(certificate, measures),
        *_facts(certificate, measures),
        *_foot(certificate, measures),
    ]


def _frame() -> Iterator[Mark]:
    yield Box(11, 11, 188, 275, outline=GATE, line=0.9)
    yield Box(13.5, 13.5, 183, 270, outline=GATE, line=0.25)


def _head(certificate: Certificate, measures: Measures) -> Iterator[Mark]:
    yield Text(24, 29, certificate.number, 10, colour=QUIET)
    yield _centred(certificate.heading, 68, measures, most=34, weight=Weight.BOLD, colour=GATE)
    yield Line(MIDDLE - 14, 78, MIDDLE + 14, 78, 0.8, GATE)


def _facts(certificate: Certificate, measures: Measures) -> Iterator[Mark]:
    y = FACTS_AT
    for place, (label, said) in enumerate(certificate.facts):
        weight = Weight.BOLD if place == 0 else Weight.MEDIUM
        found = fitted(
            said,
            measures(weight),
            186 - FACT_TEXT,
            FACT_ROW - 1,
            most=20 if place == 0 else 13,
            least=7,
            lines=2,
        )
        yield Text(FACT_LABEL, y, label, 11, colour=QUIET)
        if not said:
            yield Line(FACT_TEXT, y + 2, 186, y + 2, 0.25, INK)
        for number, line in enumerate(found.lines):
            drop = number * found.size * 1.2 * POINT - (len(found.lines) - 1) * found.size * 0.6 * POINT
            yield Text(FACT_TEXT, y + drop, line, found.size, weight)
        y += FACT_ROW
    yield from _words(certificate.words, y + 9, measures)


def _words(words: str, top: float, measures: Measures) -> Iterator[Mark]:
    """As large as they fit; what is too long even so is cut."""
    for size in WORD_SIZES:
        lines = [
            line
            for paragraph in words.splitlines()
            for line in wrapped(paragraph, measures(Weight.MEDIUM), WIDE, size)
        ]
        row = size * 1.6 * POINT
        if len(lines) * row <= WORDS_HIGH:
            break
    for number, line in enumerate(lines[: int(WORDS_HIGH / row)]):
        yield _centred(line, top + number * row, measures, most=size)


def _foot(certificate: Certificate, measures: Measures) -> Iterator[Mark]:
    signed = "   ".join(each for each in (certificate.position, certificate.signer) if each)
    line = _centred(signed, 247, measures, most=15, width=110)
    if certificate.seal:  # first: what it overlaps stays readable
        right = line.x + measures(line.weight)(line.text) * line.size * POINT
        yield Image(min(right + 2, 172), 236.5, 20, 20, certificate.seal)
    yield _centred(certificate.day, 222, measures, most=13)
    yield _centred(certificate.program, 234, measures, most=18, weight=Weight.BOLD)
    yield line
    yield Code(24, 258, 18, certificate.address)
    for number, said in enumerate(wrapped(certificate.check, measures(Weight.MEDIUM), 130, 8)[:2]):
        yield Text(46, 262 + number * 4.2, said, 8, colour=QUIET)
    found = fitted(certificate.address, measures(Weight.MEDIUM), 140, 5, most=8, least=5)
    for line_ in found.lines:
        yield Text(46, 270.5, line_, found.size, colour=QUIET)
    yield Text(46, 275.5, certificate.until, 8, colour=QUIET)


def _centred(
    text: str,
    y: float,
    measures: Measures,
    *,
    most: float,
    width: float = WIDE,
    weight: Weight = Weight.MEDIUM,
    colour: tuple[int, int, int] = INK,
) -> Text:
    """One line in the middle, as large as it may be; cut where even 7 points are too much."""
    found = fitted(text, measures(weight), width, 40, most=most, least=7)
    line = found.lines[0] if found.lines else ""
    return Text(MIDDLE - measures(weight)(line) * found.size * POINT / 2, y, line, found.size, weight, colour)
