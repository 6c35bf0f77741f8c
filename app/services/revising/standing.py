"""What stands here before an edited list is brought in, so that all of it can be taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.clock import now
from app.db import db
from app.domain.revising.comparing import Change, Present
from app.domain.revising.parts import Part
from app.domain.revising.way_back import Entry, Stood, WayBack
from app.models import PersonAddress, Registration, RosterEntry

BATCH = 500
Planned = Sequence[tuple[Present, Sequence[Change]]]


def standing(planned: Planned) -> WayBack:
    """Without statuses: whoever was told by mail can't be untold."""
    rows: list[Stood] = []
    for start in range(0, len(planned), BATCH):
        rows += _of(planned[start : start + BATCH])
    return WayBack(now(), tuple(rows))


def _of(planned: Planned) -> list[Stood]:
    ids = [who.id for who, _ in planned]
    query = select(Registration.id, Registration.person_id)
    people = dict(db.session.execute(query.where(Registration.id.in_(ids))).all())
    theirs = set(people.values())
    entries, addresses = _entries(theirs), _addresses(theirs)
    found = []
    for who, changes in planned:
        cells: dict[Part, tuple[str, str]] = {each.part: (each.old, each.new) for each in changes}
        cells.pop(Part.STATUS, None)
        person = people.get(who.id)
        if cells and person is not None:
            said = tuple(entries.get(person, ())), frozenset(addresses.get(person, ()))
            found.append(Stood(who.reference, cells, *said))
    return found


def _entries(people: Collection[int]) -> dict[int, list[Entry]]:
    query = select(
        RosterEntry.person_id,
        RosterEntry.id,
        RosterEntry.cohort_id,
        RosterEntry.name,
        RosterEntry.certificate,
    )
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for person, number, cohort, name, certificate in db.session.execute(
        query.where(RosterEntry.person_id.in_(people))
    ):
        found[person].append(Entry(number, cohort, name, certificate))
    return found


def _addresses(people: Collection[int]) -> dict[int, set[str]]:
    query = select(PersonAddress.person_id, PersonAddress.address_key)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for person, key in db.session.execute(query.where(PersonAddress.person_id.in_(people))):
        found[person].add(key)
    return found
