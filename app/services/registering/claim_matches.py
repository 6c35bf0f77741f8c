"""People of the list who may be whom a list check speaks of: for organizers alone, a help and no decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.domain.registering.claims import Listed, Statement, likely
from app.domain.writing.addresses import address_key
from app.models import IS_ACTIVE, Claim, Person, PersonAddress, Registration, RosterEntry
from app.services.alumni.people_search import matching

COMPARED, SHOWN = 200, 20  # entries, people


@dataclass(frozen=True)
class Match:
    """Somebody of the list, and in what they agree with what was said (`domain.claims`); `is_registered` for this
    meetup already, by more than the check itself."""

    person: Person
    entries: Sequence[RosterEntry]
    why: frozenset[str]
    is_registered: bool

    def by(self, why: frozenset[str]) -> Match:
        """The same person, as likely for another reason."""
        return replace(self, why=why)


def find(claim: Claim, text: str = "") -> dict[int, frozenset[str]]:
    """People of the list who may be meant, the likeliest first, each with what agrees; with `text`, whom a search
    finds instead."""
    said = Statement(claim.name, claim.cohort_id, claim.former_address, claim.note)
    found = _listed(claim.registration.meetup.program_id, _asked(said, text))
    alike = {each.person_id: why for each, why in likely(said, found.values())}
    ids = list(found) if text else list(alike)
    return {number: alike.get(number, frozenset()) for number in ids[:SHOWN]}


def find_each(
    program_id: int, said: Mapping[int, Statement], text: str = ""
) -> dict[int, dict[int, frozenset[str]]]:
    """`find` for several statements at once, by their keys, in two queries."""
    texts = [text] if text else [each.name for each in said.values()]
    asked = [each for each in (matching(name, Person.id) for name in texts) if each is not None]
    found = _listed(program_id, or_(*asked) if asked else None, COMPARED * len(texts))
    alike = {
        key: {each.person_id: why for each, why in likely(one, found.values())} for key, one in said.items()
    }
    if text:
        return {
            key: {number: why.get(number, frozenset()) for number in list(found)[:SHOWN]}
            for key, why in alike.items()
        }
    return {key: dict(list(why.items())[:SHOWN]) for key, why in alike.items()}


def told(claim: Claim, ids: Mapping[int, frozenset[str]]) -> list[Match]:
    """Everything about these people that a page shows, in three queries."""
    return told_of(claim.registration.meetup_id, ids, but=claim.registration_id)


def told_of(meetup_id: int, ids: Mapping[int, frozenset[str]], *, but: int | None = None) -> list[Match]:
    """`told` for a page that asks of this meetup; `but`: the registration that is asked about counts as none."""
    people = db.session.scalars(
        select(Person).where(Person.id.in_(ids)).options(selectinload(Person.addresses))
    )
    by_id = {person.id: person for person in people}
    of_them = select(RosterEntry).where(RosterEntry.person_id.in_(ids)).order_by(RosterEntry.cohort_id)
    entries = defaultdict[int, list[RosterEntry]](list)
    for entry in db.session.scalars(of_them.options(joinedload(RosterEntry.cohort, innerjoin=True))):
        entries[entry.person_id].append(entry)
    placed = select(Registration.person_id).where(
        Registration.meetup_id == meetup_id,
        Registration.person_id.in_(ids),
        Registration.id != (but or 0),
        IS_ACTIVE,
    )
    taken = set(db.session.scalars(placed))
    return [Match(by_id[number], entries[number], why, number in taken) for number, why in ids.items()]


def _asked(said: Statement, text: str) -> ColumnElement[bool] | None:
    """The condition on people: what the organizer searches for, or else what was said."""
    if text:
        return matching(text, Person.id)
    conditions = [matching(said.name, Person.id)]
    if said.former_address:
        key = address_key(said.former_address)
        conditions.append(
            Person.id.in_(select(PersonAddress.person_id).where(PersonAddress.address_key == key))
        )
    asked = [each for each in conditions if each is not None]
    return or_(*asked) if asked else None


def _listed(program_id: int, asked: ColumnElement[bool] | None, limit: int = COMPARED) -> dict[int, Listed]:
    """People of the programme's rosters whom the condition finds, in two queries."""
    if asked is None:
        return {}
    entries = db.session.execute(
        select(RosterEntry.person_id, RosterEntry.name, RosterEntry.other_name, RosterEntry.cohort_id)
        .join(Person, Person.id == RosterEntry.person_id)
        .where(Person.program_id == program_id, asked)
        .order_by(RosterEntry.person_id)
        .limit(limit)
    ).all()
    names, cohorts, keys = _by_person(), _by_person(), _by_person()
    for row in entries:
        names[row.person_id] |= {row.name, row.other_name or row.name}
        cohorts[row.person_id].add(row.cohort_id)
    of_them = PersonAddress.person_id.in_(cohorts)
    known = select(PersonAddress.person_id, PersonAddress.address_key).where(of_them)
    for person, key in db.session.execute(known):
        keys[person].add(key)
    return {
        person: Listed(person, frozenset(names[person]), frozenset(cohorts[person]), frozenset(keys[person]))
        for person in cohorts
    }


def _by_person() -> defaultdict[int, set[Any]]:
    return defaultdict(set)
