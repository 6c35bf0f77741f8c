"""An edited list in words: by which headings it is known, and every row's fate as the page tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.blueprints.exports import columns
from app.domain.registering.registrations import Status
from app.domain.revising.cells import folded
from app.domain.revising.comparing import Change, Fate, FateKind, Fault
from app.domain.revising.parts import Part
from app.i18n import LOCALES
from app.models import Meetup
from app.refusals import sentence
from app.services.revising.looking import Draft, Words


def headings(meetup: Meetup) -> dict[str, str]:
    """How files in the reader's language head these columns, by key."""
    offered = columns.offered(meetup, of_lists=True)
    return {key: offered[key].heading for key in ("reference", "mark", *Part)}


def words(meetup: Meetup) -> Words:
    """A file may have been made in either language, whoever brings it back."""
    reference, marks, parts, states = set(), set(), dict[str, Part](), dict[str, Status]()
    for locale in LOCALES:
        with force_locale(locale):
            found = {key: folded(heading) for key, heading in headings(meetup).items()}
            states |= {folded(name): status for status, name in columns.status_names().items()}
        reference.add(found["reference"])
        marks.add(found["mark"])
        parts |= {found[part]: part for part in Part}
    return Words(frozenset(reference), frozenset(marks), parts, states)


def fate_names() -> dict[FateKind, str]:
    return {
        FateKind.PROBLEM: _("Problems"),
        FateKind.CONFLICT: _("Changed here meanwhile"),
        FateKind.CHANGED: _("To be changed"),
        FateKind.UNCHANGED: _("Unchanged"),
    }


def kinds(seen: Draft) -> list[tuple[str, str, int]]:
    """The fates that occur, with how many rows have each."""
    counts, names = seen.preview.counts, fate_names()
    return [(kind.value, names[kind], counts[kind]) for kind in names if counts[kind]]


def listed(seen: Draft, kind: str) -> Sequence[Fate]:
    """Unless somebody asks for them, without the rows that change nothing."""
    if not kind:
        return [fate for fate in seen.preview.fates if fate.kind is not FateKind.UNCHANGED]
    return [fate for fate in seen.preview.fates if fate.kind.value == kind]


def line(fate: Fate, titles: Mapping[str, str]) -> dict[str, Any]:
    """One row of the preview."""
    return {
        "number": fate.line.number,
        "sheet": fate.line.sheet,
        "name": fate.present.name if fate.present and not fate.present.is_erased else "",
        "reference": fate.present.reference if fate.present else "",
        "kind": fate.kind.value,
        "changes": [_change(each, titles) for each in fate.changes],
        "conflicts": [_change(each, titles) for each in fate.conflicts],
        "faults": [_fault(each, titles) for each in fate.faults],
    }


def _change(change: Change, titles: Mapping[str, str]) -> dict[str, str]:
    old, new = (value_in_words(change.part, value) for value in (change.old, change.new))
    return {"title": titles[change.part], "old": old or _("nothing"), "new": new or _("nothing")}


def _fault(fault: Fault, titles: Mapping[str, str]) -> dict[str, str]:
    shown = "" if fault.code == "resident_number" else fault.value[:120]
    title = titles[fault.part] if fault.part else ""
    return {"title": title, "value": shown, "why": sentence(fault.code, **fault.params)}


def value_in_words(part: Part, value: str) -> str:
    if part is Part.STATUS and value:
        return columns.status_names()[Status(value)]
    if part is Part.COHORT and value:
        return columns.cohort_name(int(value))
    return value
