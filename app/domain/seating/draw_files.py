"""The four published files of a draw, read again: what they say, and whether they repeat it."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from app.domain.errors import DomainError
from app.domain.seating import draw
from app.domain.seating.draw import Drawn, Entry, Share, Terms

TERMS, ENTRIES, OPENING, RESULT = NAMES = ("terms.txt", "entries.csv", "opening.txt", "result.csv")


def verify(files: Mapping[str, str]) -> Drawn:
    """Repeat the draw from the texts of its files, by name; refuses where they don't fit together."""
    terms, told = terms_of(files[TERMS]), opening_of(files[OPENING])
    if told["commitment"] != draw.commitment(told["secret"], files[TERMS]):
        raise DomainError("draw_commitment_broken")
    entries = entries_of(files[ENTRIES])
    seed = draw.seed(told["secret"], told["value"], files[ENTRIES])
    drawn = draw.draw(seed, entries, terms)
    if draw.result_file(drawn, draw.in_line(seed, entries, terms.shares)) != files[RESULT]:
        raise DomainError("draw_result_differs")
    return drawn


def terms_of(text: str) -> Terms:
    """What `Terms.text` wrote."""
    try:
        facts = dict(line.split(" ", 1) for line in text.splitlines() if not line.startswith("cohort "))
        cohorts = [line.split() for line in text.splitlines() if line.startswith("cohort ")]
        return Terms(
            seats=int(facts["seats"]),
            shares={int(each[1]): Share(int(each[3]), int(each[5])) for each in cohorts},
            value=facts["value"],
            deadline=facts["deadline"],
            known=facts["known"],
        )
    except (KeyError, ValueError, IndexError) as error:
        raise DomainError("draw_file_unreadable", name=TERMS) from error


def entries_of(text: str) -> list[Entry]:
    """What `entries_file` wrote."""
    try:
        rows = csv.DictReader(text.splitlines())
        return [Entry(row["pseudonym"], int(row["cohort"]), int(row["seats"])) for row in rows]
    except (KeyError, ValueError, TypeError) as error:
        raise DomainError("draw_file_unreadable", name=ENTRIES) from error


def opening_of(text: str) -> dict[str, str]:
    """What `opening_file` wrote: commitment, secret and value."""
    told = dict(line.split(" ", 1) for line in text.splitlines() if " " in line)
    if not {"commitment", "secret", "value"} <= told.keys():
        raise DomainError("draw_file_unreadable", name=OPENING)
    return told
