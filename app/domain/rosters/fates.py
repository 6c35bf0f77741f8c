"""What importing a file would do to each of its rows, and to those it does not mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.rosters.fields import Field
from app.domain.rosters.outcomes import Ignored, Outcome, Problem, RosterRow

Key = tuple[int, str]
FEWER = 2  # times as many on the list as in the file: then the file is taken for additions


class FateKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class ExistingEntry:
    """A roster entry as it is stored; its key is its cohort's ordinal and its address key. `is_gone`: the latest whole file
    lacks it."""

    name: str
    completed: bool
    phone: str = ""
    certificate: str = ""
    note: str = ""
    other_name: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    field: Field
    old: str | bool
    new: str | bool


@dataclass(frozen=True, slots=True)
class Fate:
    number: int
    kind: FateKind
    row: RosterRow | None = None
    problem: Problem | None = None
    ignored: Ignored | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry of a cohort that the file speaks for, but not of this person. It is kept."""

    cohort: int
    address_key: str
    entry: ExistingEntry


@dataclass(frozen=True, slots=True)
class CohortCount:
    participants: int
    completed: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The fate of every row, in the file's order; `cohorts` are those the file speaks for. `is_whole`: it is their whole
    list; additions say nothing of whom they don't name."""

    fates: tuple[Fate, ...]
    gone: tuple[Gone, ...]
    cohorts: frozenset[int]
    is_whole: bool = True

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(fate.kind for fate in self.fates)
        return {**{str(kind): found[kind] for kind in FateKind}, "gone": len(self.gone)}

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(fate.problem for fate in self.fates if fate.problem)

    @property
    def by_cohort(self) -> dict[int, CohortCount]:
        """How many rows of each cohort can be imported, and how many of them completed it."""
        rows = [fate.row for fate in self.fates if fate.row]
        people = Counter(row.cohort for row in rows)
        done = Counter(row.cohort for row in rows if row.completed)
        return {cohort: CohortCount(people[cohort], done[cohort]) for cohort in sorted(people)}


def _changes(row: RosterRow, entry: ExistingEntry) -> tuple[Change, ...]:
    """What the row says otherwise. An absent column and an empty cell say nothing."""
    pairs: list[tuple[Field, str | bool, str | bool | None]] = [
        (Field.NAME, entry.name, row.name),
        (Field.COMPLETED, entry.completed, row.completed),
        (Field.PHONE, entry.phone, row.phone or None),
        (Field.CERTIFICATE, entry.certificate, row.certificate or None),
        (Field.NOTE, entry.note, row.note or None),
        (Field.OTHER_NAME, entry.other_name, row.other_name or None),
    ]
    return tuple(Change(field, old, new) for field, old, new in pairs if new is not None and new != old)


def _fate(outcome: Outcome, existing: Mapping[Key, ExistingEntry]) -> Fate:
    if isinstance(outcome, Problem):
        return Fate(outcome.number, FateKind.PROBLEM, problem=outcome)
    if isinstance(outcome, Ignored):
        return Fate(outcome.number, FateKind.IGNORED, ignored=outcome)
    entry = existing.get((outcome.cohort, outcome.address_key))
    if entry is None:
        return Fate(outcome.number, FateKind.NEW, row=outcome)
    changes = _changes(outcome, entry)
    kind = FateKind.CHANGED if changes else FateKind.UNCHANGED
    return Fate(outcome.number, kind, row=outcome, changes=changes)


def _gone(
    outcomes: tuple[Outcome, ...], existing: Mapping[Key, ExistingEntry], cohorts: frozenset[int]
) -> tuple[Gone, ...]:
    """A person whose row has a problem is not gone, in whichever cohort the row may mean."""
    people = [o for o in outcomes if not isinstance(o, Ignored)]
    named = {(o.cohort, o.address_key) for o in people if o.cohort is not None}
    anywhere = {o.address_key for o in people if o.cohort is None}
    return tuple(
        Gone(cohort, key, entry)
        for (cohort, key), entry in sorted(existing.items(), key=lambda item: item[0])
        if cohort in cohorts and (cohort, key) not in named and key not in anywhere
    )


def compare(
    outcomes: Iterable[Outcome], existing: Mapping[Key, ExistingEntry], *, whole: bool | None = True
) -> Preview:
    """Every row's fate against what is stored. Nothing is ever deleted by an import: those
    who are no longer in the file are reported as gone, for a person to decide. A file speaks only
    for cohorts of which it has a row that can be imported: one of nothing but faults says nothing.
    `whole`: whether it is all of them, or additions; None: by how many it names."""
    rows = tuple(outcomes)
    cohorts = frozenset(o.cohort for o in rows if isinstance(o, RosterRow))
    is_whole = not _are_few(rows, existing, cohorts) if whole is None else whole
    gone = _gone(rows, existing, cohorts) if is_whole else ()
    return Preview(tuple(_fate(o, existing) for o in rows), gone, cohorts, is_whole)


def _are_few(
    outcomes: tuple[Outcome, ...], existing: Mapping[Key, ExistingEntry], cohorts: frozenset[int]
) -> bool:
    """Whether the file names far fewer people than its cohorts have now."""
    people = sum(not isinstance(each, Ignored) for each in outcomes)
    listed = sum(cohort in cohorts and not entry.is_gone for (cohort, _address), entry in existing.items())
    return people * FEWER < listed
