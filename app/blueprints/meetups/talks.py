"""The rows of the form that make the programme of talks: read, moved, checked. Needs no script."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask_babel import gettext as _
from markupsafe import Markup

from app.clock import now
from app.domain.errors import DomainError
from app.domain.meetup_drafts import TalkDraft
from app.domain.writing.kept_texts import one_line
from app.domain.writing.local_times import parse_clock, parse_local
from app.models import Meetup, Talk, TalkKind
from app.refusals import explain

Read = TypeVar("Read")

MOST_ROWS = 60
BLANK_ROWS = 2
LIMITS = {
    "kind": 24, "clock": 8, "title_ko": 200, "title_en": 200, "speaker": 200, "affiliation": 200, "hidden": 3,
    "announces": 19,
}  # fmt: skip
_NAME = re.compile(r"talks-(\d{1,4})-(\w+)")
_ACTION = re.compile(r"(up|down|remove)-(\d{1,4})")


@dataclass
class TalkRow:
    """One row as typed; `errors` has a sentence for each wrong field."""

    kind: str = TalkKind.TALK.value
    clock: str = ""
    title_ko: str = ""
    title_en: str = ""
    speaker: str = ""
    affiliation: str = ""
    hidden: str = ""  # "yes": to be announced
    announces: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.clock or self.title_ko or self.title_en or self.speaker or self.affiliation)


def of_meetup(meetup: Meetup) -> list[TalkRow]:
    return [
        TalkRow(
            kind=talk.kind.value,
            clock=f"{meetup.local(talk.starts_at):%H:%M}" if talk.starts_at else "",
            title_ko=talk.title_ko,
            title_en=talk.title_en,
            speaker=talk.speaker,
            affiliation=talk.affiliation,
            **_announcement(meetup, talk),
        )
        for talk in meetup.talks
    ]


def _announcement(meetup: Meetup, talk: Talk) -> dict[str, Any]:
    if talk.is_announced(now()):
        return {}
    at = talk.announces_at
    return {"hidden": "yes", "announces": f"{meetup.local(at):%Y-%m-%dT%H:%M}" if at else ""}


def of_form(given: Mapping[str, str]) -> list[TalkRow]:
    """The rows in their order, the blank ones too."""
    typed: dict[int, dict[str, str]] = {}
    for name, value in given.items():
        match = _NAME.fullmatch(name)
        if match and match[2] in LIMITS:
            typed.setdefault(int(match[1]), {})[match[2]] = one_line(value)[: LIMITS[match[2]]]
    return [_row(typed[number]) for number in sorted(typed)][:MOST_ROWS]


def rearranged(rows: list[TalkRow], action: str) -> list[TalkRow]:
    """The rows after a press on "add", "up-2", "down-2" or "remove-2"."""
    rows = list(rows)
    if action == "add" and len(rows) < MOST_ROWS:
        rows.append(TalkRow())
    match = _ACTION.fullmatch(action)
    number = int(match[2]) if match else len(rows)
    if not match or number >= len(rows):
        return rows
    row = rows.pop(number)
    if match[1] != "remove":
        rows.insert(max(0, number + (1 if match[1] == "down" else -1)), row)
    return rows


def filled(rows: list[TalkRow]) -> list[TalkRow]:
    return [row for row in rows if not row.is_blank]


def with_blanks(rows: list[TalkRow], *, at_least: int = 0) -> list[TalkRow]:
    """The rows with some blank ones at the end, to type into."""
    wanted = max(at_least - len(rows), BLANK_ROWS - sum(row.is_blank for row in rows), 0)
    return rows + [TalkRow() for _ in range(min(wanted, MOST_ROWS - len(rows)))]


def drafts(rows: list[TalkRow]) -> tuple[TalkDraft, ...]:
    """What the rows say; a time that is none is noted in its row."""
    return tuple(_draft(row) for row in rows)


def complaints(rows: list[TalkRow]) -> list[Markup]:
    """A line for the summary above the form for every wrong row, linked to its field."""
    return [
        Markup('<a href="#talks-{}-{}">{}: {}</a>').format(number, name, _("Item %(n)d", n=number + 1), text)
        for number, row in enumerate(rows)
        for name, text in row.errors.items()
    ]


def _draft(row: TalkRow) -> TalkDraft:
    return TalkDraft(
        kind=row.kind,
        clock=_read(row, "clock", parse_clock),
        title_ko=row.title_ko,
        title_en=row.title_en,
        speaker=row.speaker,
        affiliation=row.affiliation,
        hidden=row.hidden == "yes",
        announces=_read(row, "announces", parse_local),
    )


def _read(row: TalkRow, name: str, parse: Callable[[str], Read]) -> Read | None:
    try:
        return parse(getattr(row, name))
    except DomainError as refusal:
        row.errors[name] = explain(refusal)
        return None


def _row(typed: Mapping[str, str]) -> TalkRow:
    row = TalkRow()
    for name, value in typed.items():
        setattr(row, name, value)
    if row.kind not in set(TalkKind):
        row.kind = TalkKind.TALK.value
    return row
