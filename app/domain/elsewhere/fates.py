"""What would become of each row: registered, a list check, or nothing, with the reason."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.domain.elsewhere.rows import FormRow
from app.domain.rosters import Field, Problem
from app.domain.writing.names import name_key


class FateKind(enum.StrEnum):
    REGISTERED = "registered"
    CLAIM = "claim"  # the address is on no list: an organizer decides who they are
    ALREADY = "already"  # has a registration here, or had one: the file changes nothing about it
    DOUBLE = "double"  # the same person's earlier row counts
    NOT_COMING = "not_coming"
    GIVES_UP = "gives_up"  # has a place here, and has said since that they don't come
    NOT_ELIGIBLE = "not_eligible"  # on a list, and may not come to this meetup
    NOT_INVITED = "not_invited"  # may come once somebody invites them: the meetup is by invitation
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Known:
    """Who has an address. `cohort_id`: by which they may come, None where they may not; `registered`: here, ever; `declined`:
    it is known here that they can't come.

    `place_id`: their registration, where they have a place that they can give up; `said_at`: when they last said
    that they come; `lacks_invitation`: they need one to come, and nothing else.
    """

    person_id: int
    name: str
    address: str
    listed: bool
    cohort_id: int | None
    registered: bool
    place_id: int | None = None
    said_at: dt.datetime | None = None
    lacks_invitation: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    number: int
    kind: FateKind
    row: FormRow | None = None
    known: Known | None = None
    first: int | None = None  # of a double: the row that counts
    problem: Problem | None = None
    declines: bool = False  # it is kept that they can't come, so that no invitation goes to them

    @property
    def other_name(self) -> str:
        """The list's name where the form says another one: an address may be mistyped."""
        if not (self.row and self.known and self.row.name and self.known.listed):
            return ""
        return "" if name_key(self.row.name) == name_key(self.known.name) else self.known.name


@dataclass(frozen=True)
class Preview:
    """All rows by their number, and those that are written, in the order of their times."""

    fates: Sequence[Fate]
    counts: Mapping[FateKind, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter(fate.kind for fate in self.fates))

    @property
    def written(self) -> list[Fate]:
        kinds = {FateKind.REGISTERED, FateKind.CLAIM}
        return sorted((fate for fate in self.fates if fate.kind in kinds), key=_when)

    @property
    def given_up(self) -> list[int]:
        """The registrations whose people have said since that they don't come."""
        known = (fate.known for fate in self.fates if fate.kind is FateKind.GIVES_UP)
        return sorted(each.place_id for each in known if each and each.place_id)

    @property
    def giving_up(self) -> list[int]:
        """The people behind `given_up`, of whom no invitation says so yet."""
        known = (fate.known for fate in self.fates if fate.kind is FateKind.GIVES_UP)
        return sorted({each.person_id for each in known if each and each.cohort_id and not each.declined})

    @property
    def declining(self) -> list[int]:
        """The people of whom it is kept that they can't come."""
        known = (fate.known for fate in self.fates if fate.declines)
        return sorted({each.person_id for each in known if each})


def judge(
    outcomes: Sequence[FormRow | Problem], known: Mapping[str, Known], erased: frozenset[str] = frozenset()
) -> Preview:
    """`known`: by address key; `erased`: the keys of people who were erased at their own wish."""
    fates = [_problem(each) for each in outcomes if isinstance(each, Problem)]
    for rows in _by_person([each for each in outcomes if isinstance(each, FormRow)], known):
        fates += _of_person(rows, known, erased)
    return Preview(sorted(fates, key=lambda fate: fate.number))


def _by_person(rows: Sequence[FormRow], known: Mapping[str, Known]) -> list[list[FormRow]]:
    """Rows of one person, by whichever of their addresses, in the order of their times."""
    people: dict[int | str, list[FormRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.number)):
        person = known.get(row.address_key)
        people[person.person_id if person else row.address_key].append(row)
    return list(people.values())


def _of_person(rows: list[FormRow], known: Mapping[str, Known], erased: frozenset[str]) -> list[Fate]:
    """The earliest row by which they come counts; who said last that they don't doesn't."""
    comes = [row for row in rows if row.coming]
    if not rows[-1].coming:
        return [*(_fate(row, FateKind.NOT_COMING, known) for row in rows[:-1]), _no(rows[-1], known)]
    stays_away = [_fate(row, FateKind.NOT_COMING, known) for row in rows if not row.coming]
    first, *again = comes
    doubles = [_fate(row, FateKind.DOUBLE, known, first.number) for row in again]
    return [_first(first, known, erased), *doubles, *stays_away]


def _no(row: FormRow, known: Mapping[str, Known]) -> Fate:
    person = known.get(row.address_key)
    is_news = bool(person and (person.said_at is None or row.at > person.said_at))
    if person and person.place_id and person.said_at and is_news:
        return _fate(row, FateKind.GIVES_UP, known)
    may_be_asked = person and person.cohort_id and not person.registered and not person.declined
    return replace(_fate(row, FateKind.NOT_COMING, known), declines=bool(is_news and may_be_asked))


def _first(row: FormRow, known: Mapping[str, Known], erased: frozenset[str]) -> Fate:
    person = known.get(row.address_key)
    if person and person.registered:
        return _fate(row, FateKind.ALREADY, known)
    if person and person.lacks_invitation:
        return _fate(row, FateKind.NOT_INVITED, known)
    if person and person.listed:
        return _fate(row, FateKind.REGISTERED if person.cohort_id else FateKind.NOT_ELIGIBLE, known)
    if row.address_key in erased:
        return _problem(Problem(row.number, "erased_at_own_wish", Field.ADDRESS, row.address))
    if not row.name:
        return _problem(Problem(row.number, "missing_name", Field.NAME))
    return _fate(row, FateKind.CLAIM, known)


def _fate(row: FormRow, kind: FateKind, known: Mapping[str, Known], first: int | None = None) -> Fate:
    return Fate(row.number, kind, row, known.get(row.address_key), first)


def _problem(problem: Problem) -> Fate:
    return Fate(problem.number, FateKind.PROBLEM, problem=problem)


def _when(fate: Fate) -> tuple[object, int]:
    return (fate.row.at if fate.row else None, fate.number)
