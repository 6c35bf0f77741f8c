"""List checks (명단 확인 요청): what somebody says about themselves whose address is on no list, and which people of
the list they may be.

Nothing here decides: likeness is a help for the organizer, who does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.addresses import address_key, clean_address, is_address
from app.domain.writing.names import clean_name, name_key
from app.domain.writing.resident_numbers import holds_resident_number

LONGEST_NAME, LONGEST_NOTE = 200, 500
SAME_ADDRESS, SAME_NAME, SAME_COHORT = "address", "name", "cohort"
_WEIGHTS = {SAME_ADDRESS: 4, SAME_NAME: 2, SAME_COHORT: 1}


@dataclass(frozen=True, slots=True)
class Statement:
    """What the person said. `cohort_id` None: they don't know it any more; `former_address` may be empty."""

    name: str
    cohort_id: int | None
    former_address: str
    note: str


def read_statement(name: str, cohort_id: int | None, former_address: str, note: str) -> Statement:
    """The statement, tidied; refuses (`Unusable`, by field) what cannot be kept."""
    said = Statement(clean_name(name), cohort_id, clean_address(former_address), note.strip())
    problems: dict[str, DomainError] = {}
    if not said.name:
        problems["name"] = DomainError("claim_unnamed")
    elif len(said.name) > LONGEST_NAME:
        problems["name"] = DomainError("claim_too_long", limit=LONGEST_NAME)
    if said.former_address and not is_address(said.former_address):
        problems["former_address"] = DomainError("bad_address")
    if len(said.note) > LONGEST_NOTE:
        problems["note"] = DomainError("claim_too_long", limit=LONGEST_NOTE)
    for field in ("name", "note"):
        if holds_resident_number(getattr(said, field)):
            problems[field] = DomainError("resident_number_typed")
    if problems:
        raise Unusable(problems)
    return said


@dataclass(frozen=True, slots=True)
class Listed:
    """A person of the list, as far as a comparison needs it."""

    person_id: int
    names: frozenset[str]  # every way in which the rosters write it
    cohort_ids: frozenset[int]
    address_keys: frozenset[str]


def likeness(said: Statement, listed: Listed) -> frozenset[str]:
    """In what the two agree. A cohort alone says nothing, so it counts only beside a name or an address."""
    found = set()
    if said.former_address and address_key(said.former_address) in listed.address_keys:
        found.add(SAME_ADDRESS)
    if name_key(said.name) in {name_key(name) for name in listed.names}:
        found.add(SAME_NAME)
    if found and said.cohort_id in listed.cohort_ids:
        found.add(SAME_COHORT)
    return frozenset(found)


def likely(said: Statement, people: Iterable[Listed]) -> list[tuple[Listed, frozenset[str]]]:
    """Those who agree in anything, the likeliest first: a former address before a name, a cohort to part two
    of one name."""
    alike = [(each, likeness(said, each)) for each in people]
    found = [pair for pair in alike if pair[1]]
    return sorted(found, key=lambda pair: (-sum(_WEIGHTS[why] for why in pair[1]), pair[0].person_id))
