"""What a cell of an edited list says, by the same rules as a roster's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.registering.tags import read, written
from app.domain.revising.parts import Part, plain
from app.domain.rosters.fields import MAX_LENGTH, Field
from app.domain.writing.addresses import clean_address, valid_key
from app.domain.writing.cohorts import KnownCohort, find_cohort
from app.domain.writing.kept_texts import several_lines
from app.domain.writing.names import clean_name
from app.domain.writing.resident_numbers import holds_resident_number

LONGEST_NOTE = 2000
_LONGEST = {
    Part.NAME: MAX_LENGTH[Field.NAME],
    Part.CERTIFICATE: MAX_LENGTH[Field.CERTIFICATE],
    Part.ADDRESS: MAX_LENGTH[Field.ADDRESS],
    Part.PHONE: MAX_LENGTH[Field.PHONE],
    Part.NOTE: LONGEST_NOTE,
}


@dataclass(frozen=True)
class Vocabulary:
    """The words that files of ours have for states, in every language, and the programme's cohorts."""

    states: Mapping[str, Status]
    cohorts: Sequence[KnownCohort]


def folded(word: str) -> str:
    return " ".join(plain(word).casefold().split())


def read_cell(part: Part, cell: str, words: Vocabulary) -> str:
    """The value that a cell with something in it names. Raises `DomainError` for what is none."""
    if "\ufffd" in cell:
        raise DomainError("broken_text")
    if holds_resident_number(cell):
        raise DomainError("resident_number")
    value = _value(part, cell, words)
    if len(value) > _LONGEST.get(part, len(value)):
        raise DomainError("too_long", limit=_LONGEST[part])
    return value


def _value(part: Part, cell: str, words: Vocabulary) -> str:
    if part is Part.STATUS:
        return _state(cell, words)
    if part is Part.COHORT:
        return str(find_cohort(cell.strip(), words.cohorts))
    if part is Part.TAGS:
        return written(read(cell))
    if part is Part.ADDRESS:
        return _address(cell)
    value = clean_name(cell) if part is Part.NAME else several_lines(cell)
    if not value:
        raise DomainError("missing_name" if part is Part.NAME else "broken_text")
    return value


def _state(cell: str, words: Vocabulary) -> str:
    state = words.states.get(folded(cell))
    if state is None:
        raise DomainError("unknown_state")
    return state.value


def _address(cell: str) -> str:
    if valid_key(cell) is None:
        raise DomainError("invalid_email")
    return clean_address(cell)
