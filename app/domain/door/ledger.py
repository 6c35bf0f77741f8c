"""The door's ledger as plain values: which scan let a person in.

Scans arrive late, twice and in any order, from phones whose clocks are wrong. What follows from them
must not depend on that order, so it is derived from all of them: by corrected time, then scan id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

EVERYONE = 21  # a party's largest size: lets in whoever of it is not in yet


@dataclass(frozen=True, slots=True)
class Entry:
    """A scan of somebody who might come in: answered green, or "already in".

    `admits`: how many of the people on the ticket it lets in, at most; none where a self check-in tablet sent them to
    the staff, as no late green reaches its screen. `phone`: who made it, None where that does not
    matter. `let_in`: how many came in by it as that phone says, which may have judged alone or been corrected;
    `answered`: how many the server let in by it, had the phone waited for its word. None: not known.
    """

    scan_id: str
    at: dt.datetime
    admits: int = EVERYONE
    phone: int | None = None
    let_in: int | None = None
    answered: int | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """A scan of somebody who goes out; `releases`: how many of the people on the ticket, at most."""

    scan_id: str
    at: dt.datetime
    releases: int = EVERYONE
    phone: int | None = None


Passage = Entry | Exit


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry by which more people may have come in than the ticket had left to let in.

    `first`: the entry by which those who were in then had begun to come. `room`: how many more might come in.
    """

    entry: Entry
    first: Entry | None
    room: int = 0

    @property
    def let_in(self) -> bool:
        """Whether somebody may have come in by it, as far as anybody can tell."""
        known = _known_in(self.entry)
        return known is None or known > self.room

    @property
    def over(self) -> int:
        """How many people came in beyond the ticket, as far as anybody says."""
        return max(0, (_known_in(self.entry) or 0) - self.room)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person's scans come to: which let them in first, and which others let in too many.

    `taken`: how many people came in, or went out, by each of the scans that count.
    `came`: how many of the ticket's people have been in, as far as anybody can tell: the most at one time.
    `brought`: how many of these came by which entry; whoever left and came back came by their first.
    `left`: the exit by which the last of those who are out went.
    """

    admitting: Entry | None
    conflicts: tuple[Conflict, ...]
    taken: Mapping[str, int] = field(default_factory=dict)
    people: int = 0  # who are in now
    came: int = 0
    left: Exit | None = None
    brought: Mapping[str, int] = field(default_factory=dict)


def standing(
    passages: Iterable[Passage], undone: Mapping[str, dt.datetime] | None = None, size: int = 1
) -> Standing:
    """Live through a person's scans as they happened; `undone` says when which was taken back.

    The first entry lets them in, of a party of `size` as many as it admits; the next one lets in the rest. While
    all are in, every further entry is a conflict: one ticket shown once more than it is good for, whatever the
    phone said to it. None is one by a phone that knew, having let all of them in itself: somebody held their ticket
    to it twice. An entry that let in more people than were left is a conflict as well. An exit lets out those who
    are in; after it, and after an entry was taken back, the ticket lets in again. So the order in which phones upload
    decides nothing. An entry that its phone refused (`let_in` 0) lets in whoever is not in, as the server's late green
    may have reached its screen; not where an `overtaking` one follows, so of several refused ones it is the last.
    """
    passages, taken_back = list(passages), undone or {}
    evening = _Evening(size, idle=overtaking(passages, taken_back).keys())
    for _, is_undo, _, passage in sorted(_steps(passages, taken_back), key=lambda step: step[:3]):
        if is_undo:
            evening.take_back(passage)
        else:
            evening.live(passage)
    conflicts = tuple(each for each in evening.conflicts if each.entry.scan_id not in taken_back)
    return evening.standing(conflicts)


def before(
    scan: Passage, passages: Iterable[Passage], undone: Mapping[str, dt.datetime] | None = None, size: int = 1
) -> Standing:
    """How the person, and whoever comes with them, stood when `scan` happened."""
    earlier = [each for each in passages if _happened(each) < _happened(scan)]
    past = {scan_id: at for scan_id, at in (undone or {}).items() if at < scan.at}
    return standing(earlier, past, size)


def overtaking(
    passages: Iterable[Passage], undone: Mapping[str, dt.datetime] | None = None
) -> dict[str, Entry]:
    """For each entry that its phone refused, the next one that may have let in, unless the people went out between them.

    They came in by that one. Also one that was taken back: whoever took it back knows of nobody who is in. Where no
    phone let anybody in before they went out, it is the last of those that refused, but for a tablet's.
    """
    found: dict[str, Entry] = {}
    following: Entry | None = None
    for each in sorted(passages, key=_happened, reverse=True):
        if isinstance(each, Exit):
            following = following if each.scan_id in (undone or {}) else None
        elif each.let_in != 0:
            following = each
        elif following:
            found[each.scan_id] = following
        elif each.admits:
            following = each
    return found


def beside(
    entry: Entry, passages: Iterable[Passage], undone: Mapping[str, dt.datetime] | None = None
) -> list[Passage]:
    """What speaks against letting somebody in by `entry`: not that a phone refused them in the same stay, from one exit
    to the next."""
    passages = list(passages)
    exits = [
        _happened(each) for each in passages if isinstance(each, Exit) and each.scan_id not in (undone or {})
    ]

    def same_stay(other: Passage) -> bool:
        first, last = sorted([_happened(entry), _happened(other)])
        return not any(first < went < last for went in exits)

    return [each for each in passages if isinstance(each, Exit) or each.let_in != 0 or not same_stay(each)]


class _Evening:
    """One ticket's passages that count, with how many people went by each."""

    def __init__(self, size: int, *, idle: Collection[str]) -> None:
        self.size, self.inside, self.came = size, 0, 0
        self.idle = idle  # entries by which nobody came in
        self.counting: dict[str, tuple[Passage, int]] = {}
        self.brought: dict[str, int] = {}
        self.conflicts: list[Conflict] = []

    def live(self, passage: Passage) -> None:
        room = self.size - self.inside
        if isinstance(passage, Exit):
            people = min(passage.releases, self.inside)
        else:
            people = 0 if passage.scan_id in self.idle else min(passage.admits, room)
            self._note_conflict(passage, room)
        if people:
            self.counting[passage.scan_id] = passage, people
            self._move(passage, people)

    def _note_conflict(self, entry: Entry, room: int) -> None:
        all_in = room == 0
        if all_in and not entry.let_in and self._knew(entry.phone):
            return
        if all_in or (_known_in(entry) or 0) > room:
            self.conflicts.append(Conflict(entry, self._began(), room))

    def take_back(self, passage: Passage) -> None:
        """From now on as if it had not been. What others did in the meantime stays as it was."""
        if self.counting.pop(passage.scan_id, None):
            self.inside, self.came, self.brought = 0, 0, {}
            for each, people in self.counting.values():
                self._move(each, people)

    def _began(self) -> Entry | None:
        """The entry by which those who are in now began to come; who was in before that is out again."""
        began, inside = None, 0
        for passage, people in self.counting.values():
            if isinstance(passage, Entry):
                began = passage if inside == 0 else began
                inside = min(inside + people, self.size)
            else:
                inside = max(0, inside - people)
        return began if inside else None

    def _knew(self, phone: int | None) -> bool:
        """Whether by this phone's own passages all of the people are in."""
        inside = 0
        for passage, people in self.counting.values():
            if passage.phone == phone:
                inside += -people if isinstance(passage, Exit) else people
        return phone is not None and inside >= self.size

    def standing(self, conflicts: tuple[Conflict, ...]) -> Standing:
        passages = [passage for passage, _ in self.counting.values()]
        first = next((each for each in passages if isinstance(each, Entry)), None)
        last = next((each for each in reversed(passages) if isinstance(each, Exit)), None)
        taken = {scan_id: people for scan_id, (_, people) in self.counting.items()}
        left = last if self.inside < self.came else None
        return Standing(first, conflicts, taken, self.inside, self.came, left, self.brought)

    def _move(self, passage: Passage, people: int) -> None:
        step = -people if isinstance(passage, Exit) else people
        self.inside = max(0, min(self.inside + step, self.size))
        if self.inside > self.came:
            self.brought[passage.scan_id] = self.inside - self.came
            self.came = self.inside


def _happened(passage: Passage) -> tuple[dt.datetime, str]:
    return passage.at, passage.scan_id


def _known_in(entry: Entry) -> int | None:
    return entry.answered if entry.let_in is None else entry.let_in


def _steps(
    passages: Iterable[Passage], undone: Mapping[str, dt.datetime]
) -> Iterator[tuple[dt.datetime, bool, str, Passage]]:
    """Scans and their undos with what orders them. At one instant scans go first, by id."""
    for passage in passages:
        yield passage.at, False, passage.scan_id, passage
        if passage.scan_id in undone:
            yield max(passage.at, undone[passage.scan_id]), True, passage.scan_id, passage
