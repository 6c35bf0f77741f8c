"""A table plan: who sits at which table. The same people, tables and seed always give the same plan.

Whoever has a table keeps it: a plan is only added to. So a late registrant gets a free seat and moves nobody, and one that is made
anew starts from those whom an organizer fixed by hand.
"""

from __future__ import annotations

import enum
import hashlib
import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import DomainError

MOST_TABLES, MOST_SEATS, LONGEST_MARK = 500, 200, 20
_PART = re.compile(r"(?:(\d{1,4})\s*[x×*]\s*)?(\d{1,4})", re.IGNORECASE | re.ASCII)


class Seating(enum.StrEnum):
    """What a table is to be like."""

    MIX = "mix"  # of as many cohorts as can be
    GROUP = "group"  # of one cohort where that can be
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Party:
    """A registrant with their companions, who sit together. `beside`: whoever has the same mark wants to sit there, too."""

    key: int
    size: int = 1
    group: int | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Tables are counted from 1. `left`: parties for whom no table has room; never a party that fits somewhere."""

    tables: dict[int, int]
    left: tuple[int, ...]


def parse_sizes(text: str) -> tuple[int, ...]:
    """Read "8x6, 10, 10": eight tables of six, two of ten. Refuses `tables_unreadable`, `too_many_tables`."""
    sizes: list[int] = []
    for part in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        match = _PART.fullmatch(part)
        if match is None or not 1 <= int(match[2]) <= MOST_SEATS:
            raise DomainError("tables_unreadable", most=MOST_SEATS)
        sizes += [int(match[2])] * min(int(match[1] or 1), MOST_TABLES + 1)
        if len(sizes) > MOST_TABLES:
            raise DomainError("too_many_tables", most=MOST_TABLES)
    if not sizes:
        raise DomainError("tables_unreadable", most=MOST_SEATS)
    return tuple(sizes)


def written(sizes: Sequence[int]) -> str:
    """As `parse_sizes` reads it: neighbours of one size together."""
    runs: list[list[int]] = []
    for size in sizes:
        if runs and runs[-1][1] == size:
            runs[-1][0] += 1
        else:
            runs.append([1, size])
    return ", ".join(f"{count}x{size}" if count > 1 else str(size) for count, size in runs)


def plan(
    parties: Iterable[Party],
    sizes: Sequence[int],
    how: Seating,
    seed: str,
    seated: Mapping[int, int] | None = None,
) -> Plan:
    """Give everybody a table who has none in `seated`. A mark that can't be kept together is kept as far as it can."""
    everybody, room = list(parties), _Room(sizes, how, seed)
    already = seated or {}
    for party in everybody:
        if party.key in already:
            room.put(party, already[party.key])
    waiting = [party for party in everybody if party.key not in already]
    left: list[int] = []
    for bundle in _in_order(_bundles(waiting, how), seed):
        left += room.seat(bundle)
    return Plan(dict(sorted(room.tables.items())), tuple(sorted(left)))


Bundle = tuple[Party, ...]
Taste = tuple[float, float, str]
Queue = list[tuple[Taste, int]]


def _bundles(parties: Sequence[Party], how: Seating) -> list[tuple[object, Bundle]]:
    """Those who belong together, with the group in whose turn they come."""
    marked: defaultdict[str, list[Party]] = defaultdict(list)
    for party in parties:
        marked[party.beside or f"\0{party.key}"].append(party)
    found = [tuple(sorted(each, key=lambda party: party.key)) for each in marked.values()]
    return [(None if how is Seating.RANDOM else bundle[0].group, bundle) for bundle in found]


def _in_order(bundles: Sequence[tuple[object, Bundle]], seed: str) -> list[Bundle]:
    """Large ones first, while there is room for them; then one group after the other, the largest first."""
    members: Counter[object] = Counter()
    for group, bundle in bundles:
        members[group] += len(bundle)

    def turn(each: tuple[object, Bundle]) -> tuple[object, ...]:
        group, bundle = each
        drawn = _drawn(seed, "group", group)
        return -_people(bundle), -members[group], drawn, _drawn(seed, "party", bundle[0].key)

    return [bundle for _, bundle in sorted(bundles, key=turn)]


@dataclass
class _Room:
    sizes: Sequence[int]
    how: Seating
    seed: str
    tables: dict[int, int] = field(default_factory=dict)
    people: Counter[int] = field(default_factory=Counter)
    of_group: Counter[tuple[int, int | None]] = field(default_factory=Counter)
    marks: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    queues: dict[int | None, Queue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._order = [_drawn(self.seed, "table", table) for table in range(len(self.sizes) + 1)]

    def put(self, party: Party, table: int) -> None:
        self.tables[party.key] = table
        self.people[table] += party.size
        self.of_group[table, party.group] += 1
        if party.beside:
            self.marks[party.beside].add(table)
        if table <= len(self.sizes):
            for group, queue in self.queues.items():
                heapq.heappush(queue, (self._taste(self.of_group[table, group], table), table))

    def seat(self, bundle: Bundle) -> list[int]:
        """Put them at one table, or else each of them at one; the keys of those for whom there is none."""
        table = self._best(bundle)
        if table is not None:
            for party in bundle:
                self.put(party, table)
            return []
        if len(bundle) == 1:
            return [bundle[0].key]
        largest_first = sorted(bundle, key=lambda party: (-party.size, party.key))
        return [key for party in largest_first for key in self.seat((party,))]

    def _best(self, bundle: Bundle) -> int | None:
        groups, beside = {party.group for party in bundle}, self.marks.get(bundle[0].beside, set())
        if len(groups) == 1 and not beside:
            return self._next(bundle[0].group, _people(bundle))
        fitting = [table for table in range(1, len(self.sizes) + 1) if self._free(table) >= _people(bundle)]

        def liked(table: int) -> tuple[object, ...]:
            alike = sum(self.of_group[table, party.group] for party in bundle)
            return table not in beside, *self._taste(alike, table)

        return min(fitting, key=liked, default=None)

    def _next(self, group: int | None, wanted: int) -> int | None:
        """The same for those of one group, without looking at every table: what is there is in order already."""
        heap, small = self._queue(group), []
        found = None
        while heap and found is None:
            taste, table = heap[0]
            if self._free(table) < 1 or taste != self._taste(self.of_group[table, group], table):
                heapq.heappop(heap)  # full, or filled since: its present state is further on
            elif self._free(table) < wanted:
                small.append(heapq.heappop(heap))
            else:
                found = table
        for each in small:
            heapq.heappush(heap, each)
        return found

    def _queue(self, group: int | None) -> Queue:
        if group not in self.queues:
            tables = range(1, len(self.sizes) + 1)
            self.queues[group] = [
                (self._taste(self.of_group[table, group], table), table) for table in tables
            ]
            heapq.heapify(self.queues[group])
        return self.queues[group]

    def _free(self, table: int) -> int:
        return self.sizes[table - 1] - self.people[table]

    def _taste(self, alike: int, table: int) -> Taste:
        """What is smallest at the table that suits best; a table is filled like the others where nothing else decides."""
        size, drawn = self.sizes[table - 1], self._order[table]
        fullness = self.people[table] / size
        if self.how is Seating.MIX:
            return alike / size, fullness, drawn
        if self.how is Seating.GROUP:
            return -min(alike, 1), -fullness if alike else fullness, drawn
        return 0, fullness, drawn


def _people(bundle: Bundle) -> int:
    return sum(party.size for party in bundle)


def _drawn(seed: str, kind: str, key: object) -> str:
    """An order that only the seed decides: whoever joins later changes nobody else's place in it."""
    return hashlib.sha256(f"{seed}/{kind}/{key}".encode()).hexdigest()
