"""What each row of a list that came back would change, and what stands in its way."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.revising.cells import Vocabulary, read_cell
from app.domain.revising.parts import MAY_EMPTY, Part, Values, mark, plain, read_marks, same
from app.domain.writing.spreadsheet_cells import unguard

DECIDES: Mapping[Status, frozenset[Status]] = {
    Status.WAITLISTED: frozenset({Status.CONFIRMED, Status.OFFERED, Status.DECLINED}),
    Status.APPLIED: frozenset({Status.CONFIRMED, Status.WAITLISTED, Status.DECLINED}),
    Status.CONFIRMED: frozenset({Status.DECLINED}),
    Status.OFFERED: frozenset({Status.DECLINED}),
}
"""What organizers decide of a state, and hence a file may."""


class FateKind(enum.StrEnum):
    CHANGED = "changed"
    CONFLICT = "conflict"  # a cell was changed in the file, and here since it went out
    PROBLEM = "problem"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it came back: its cells by what they say, and its marks."""

    number: int
    reference: str
    cells: Mapping[Part, str]
    marks: str = ""
    sheet: str = ""  # of a workbook that has several such lists


@dataclass(frozen=True, slots=True)
class Present:
    """An attendee as they are here."""

    id: int
    reference: str
    name: str
    values: Values
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    part: Part
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell (None: the whole row) that can't be brought in, and why."""

    part: Part | None
    code: str
    value: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fate:
    """`conflicts` are the changes that wait for a word, as somebody else changed the same cell here."""

    line: Line
    present: Present | None = None
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def kind(self) -> FateKind:
        if self.faults:
            return FateKind.PROBLEM
        if self.conflicts:
            return FateKind.CONFLICT
        return FateKind.CHANGED if self.changes else FateKind.UNCHANGED


@dataclass(frozen=True, slots=True)
class Preview:
    """Every row's fate, in the file's order."""

    fates: tuple[Fate, ...]

    @property
    def counts(self) -> Counter[FateKind]:
        return Counter(fate.kind for fate in self.fates)

    @property
    def changed(self) -> list[Fate]:
        return [fate for fate in self.fates if fate.changes]

    @property
    def conflicting(self) -> list[Fate]:
        return [fate for fate in self.fates if fate.conflicts]

    @property
    def digest(self) -> str:
        """Of every change as it is shown: whoever sends it along has seen just these."""
        shown = hashlib.sha256()
        for fate in self.fates:
            for kind, changes in (("change", fate.changes), ("conflict", fate.conflicts)):
                for each in changes:
                    told = (kind, fate.line.reference, each.part.value, each.old, each.new)
                    shown.update(repr(told).encode())
        return shown.hexdigest()


def compare(
    lines: Iterable[Line], present: Mapping[str, Present], words: Vocabulary, secret: bytes
) -> Preview:
    """`present`: whom these rows name, by their reference."""
    seen: dict[str, int] = {}
    return Preview(tuple(_fate(line, present, seen, words, secret) for line in lines))


def _fate(
    line: Line, present: Mapping[str, Present], seen: dict[str, int], words: Vocabulary, secret: bytes
) -> Fate:
    who = present.get(line.reference)
    if not line.reference:
        return Fate(line, faults=(Fault(None, "row_without_number"),))
    if who is None:
        return Fate(line, faults=(Fault(None, "row_of_nobody", line.reference),))
    first = seen.setdefault(line.reference, line.number)
    if first != line.number:
        return Fate(line, who, faults=(Fault(None, "row_twice", params={"first_row": first}),))
    if who.is_erased:
        return Fate(line, who, faults=(Fault(None, "row_of_erased"),))
    return _cells(line, who, words, secret)


def _cells(line: Line, who: Present, words: Vocabulary, secret: bytes) -> Fate:
    marks = read_marks(line.marks)
    changes: list[Change] = []
    conflicts: list[Change] = []
    faults: list[Fault] = []
    for part, cell in line.cells.items():
        then = marks.get(part)
        try:
            change = _change(part, cell, who, words, then, secret)
        except DomainError as refusal:
            faults.append(Fault(part, refusal.code, plain(cell), refusal.params))
            continue
        if change:
            is_known = then is None or then == mark(secret, who.reference, part, change.old)
            (changes if is_known else conflicts).append(change)
    return Fate(line, who, tuple(changes), tuple(conflicts), tuple(faults))


def _change(
    part: Part, cell: str, who: Present, words: Vocabulary, then: str | None, secret: bytes
) -> Change | None:
    """What somebody edited in this cell. `then`: the mark of what it said when it went out."""
    old, text = who.values.get(part, ""), plain(cell)
    if _unedited(cell, old):
        return None
    if not text and (then is None or part not in MAY_EMPTY):
        return None
    new = read_cell(part, cell, words) if text else ""
    if then == mark(secret, who.reference, part, new):
        return None
    if part is Part.STATUS and new != old:
        new = _decided(Status(old), Status(new))
    return None if same(part, new, old) else Change(part, old, new)


def _unedited(cell: str, old: str) -> bool:
    """An apostrophe more or less before what looks like a formula is a spreadsheet's doing: a workbook of ours that was
    saved as CSV has none in front of its own."""
    return plain(old) in {plain(cell), plain(unguard(cell))} or plain(cell) == plain(unguard(old))


def _decided(before: Status, after: Status) -> Status:
    """Whoever writes "cancelled" means that the organizers cancel."""
    wanted = Status.DECLINED if after is Status.CANCELLED else after
    if wanted not in DECIDES.get(before, frozenset()) and wanted is not before:
        raise DomainError("state_not_by_file")
    return wanted


def references(lines: Sequence[Line]) -> list[str]:
    return sorted({line.reference for line in lines if line.reference})
