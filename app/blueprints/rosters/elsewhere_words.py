"""What the pages about a form's answers show: choices of columns, and every row's fate in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.blueprints.rosters import faults, hints, pages
from app.domain.elsewhere.answering import answers_of
from app.domain.elsewhere.columns import COMING, TIME, Choices
from app.domain.elsewhere.fates import Fate, FateKind
from app.domain.registering.answers import Answering
from app.domain.rosters import Field, Hints
from app.domain.seating.modes import Mode
from app.i18n import clock, day
from app.models import Meetup
from app.numbers import number
from app.refusals import sentence
from app.services.elsewhere.looking import Draft, keeps_its_order

PLAIN = ("encoding", "delimiter", "sheet", "header_row", "basis")
OURS = (Field.NAME, Field.ADDRESS, Field.COHORT)
_ANSWER = "col_answer_"


def columns_chosen(query: Mapping[str, str]) -> dict[str, str]:
    """Only the choices of a page's address, for links and hidden fields."""
    return {
        name: value for name, value in query.items() if value and (name in PLAIN or name.startswith("col_"))
    }


def chosen_columns(query: Mapping[str, str], said: Hints) -> Choices:
    """The columns that a roster doesn't have; like the others they are dropped with another sheet or header row."""
    if not said.columns:
        return Choices()
    names = {f"col_{TIME}": TIME, f"col_{COMING}": COMING}
    names |= {name: name.removeprefix(_ANSWER) for name in query if name.startswith(_ANSWER)}
    return Choices({key: number(query[name]) for name, key in names.items() if query.get(name)})


def open_questions(seen: Draft) -> list[str]:
    """What must be answered before the rows can be read."""
    layout = seen.taken.layout
    asked = [code for code in layout.questions if code != "missing_cohort_column"]
    if seen.taken.columns and seen.taken.columns.lacks_time:
        asked.append("missing_form_time")
    return [sentence(code) for code in asked]


def column_choices(seen: Draft) -> list[dict[str, Any]]:
    """One select a column that matters here; those for questions where their title is the question's."""
    layout, columns = seen.taken.layout, seen.taken.columns
    roster = {item["name"]: item for item in pages.column_choices(layout, seen.taken.workbook)}
    offered = roster[f"col_{Field.NAME}"]["choices"]
    found = [roster[f"col_{field}"] for field in OURS]
    if columns is None:
        return found
    ours = [
        (f"col_{TIME}", _("When it was sent"), columns.time),
        (f"col_{COMING}", _("Whether they come"), columns.coming),
    ]
    locale = str(get_locale())
    ours += [
        (f"{_ANSWER}{question.key}", question.label.read(locale), columns.answers.get(question.key))
        for question in seen.taken.questions.asked
    ]
    return found + [
        {
            "name": name,
            "label": label,
            "choices": offered,
            "value": hints.NONE if column is None else str(column),
        }
        for name, label, column in ours
    ]


def kinds(seen: Draft) -> list[tuple[str, str, int]]:
    """The fates that occur, with how many rows have each."""
    if seen.preview is None:
        return []
    counts, names = seen.preview.counts, fate_names()
    return [(kind.value, names[kind], counts[kind]) for kind in names if counts[kind]]


def listed(seen: Draft, kind: str) -> Sequence[Fate]:
    if seen.preview is None:
        return []
    return [fate for fate in seen.preview.fates if not kind or fate.kind.value == kind]


def fate_names() -> dict[FateKind, str]:
    return {
        FateKind.PROBLEM: _("Problems"),
        FateKind.REGISTERED: _("To be registered"),
        FateKind.CLAIM: _("List checks"),
        FateKind.ALREADY: _("Registered already"),
        FateKind.DOUBLE: _("Double"),
        FateKind.GIVES_UP: _("Have a place, say no now"),
        FateKind.NOT_COMING: _("Can't come"),
        FateKind.NOT_INVITED: _("Not invited yet"),
        FateKind.NOT_ELIGIBLE: _("May not come"),
    }


def line(fate: Fate, seen: Draft, meetup: Meetup) -> dict[str, Any]:
    """One row of the preview in words."""
    row = fate.row
    return {
        "number": fate.number,
        "kind": fate.kind.value,
        "at": _stamp(meetup, row.at) if row else "",
        "name": row.name if row else _cell(fate, seen, Field.NAME),
        "address": row.address if row else _cell(fate, seen, Field.ADDRESS),
        "cohort": _("Cohort %(n)s", n=row.cohort) if row and row.cohort is not None else "",
        "details": _details(fate, seen, meetup),
    }


def _details(fate: Fate, seen: Draft, meetup: Meetup) -> list[str]:
    if fate.problem:
        said = [sentence(fate.problem.code, **fate.problem.params)]
        return said + ([fate.problem.value] if fate.problem.value else [])
    told = {
        FateKind.CLAIM: _(
            "The address is on no list. You decide under List checks; until then they hold a place in line."
        ),
        FateKind.ALREADY: _("They have a registration here, or had one. The file changes nothing about it."),
        FateKind.DOUBLE: _("The same person as row %(row)s, which is earlier and counts.", row=fate.first),
        FateKind.NOT_ELIGIBLE: _("They are on a list, but not on one whose people may come to this meetup."),
        FateKind.NOT_INVITED: _(
            "The meetup is by invitation, and they aren't invited yet. Invite them first, then bring the file in again."
        ),
        FateKind.NOT_COMING: _(
            "They said that they can't come. That is kept, so that no invitation goes to them."
        )
        if fate.declines
        else _("They said that they can't come."),
        FateKind.GIVES_UP: _(
            "They have a place here and have said since that they don't come. They keep it unless you cancel these places."
        ),
    }
    if fate.kind is not FateKind.REGISTERED:
        return [told[fate.kind], *_names(fate)]
    return [_place(fate, seen, meetup), *_names(fate), *_left_out(fate, seen)]


def applied(meetup: Meetup, number: int) -> str:
    if meetup.mode is Mode.DRAW:
        return str(ngettext("%(num)s is in the draw", "%(num)s are in the draw", number))
    return str(ngettext("%(num)s awaits your decision", "%(num)s await your decision", number))


def _place(fate: Fate, seen: Draft, meetup: Meetup) -> str:
    if fate.number in seen.seated:
        return str(_("Gets a seat"))
    if fate.number in seen.applying:
        by_draw = meetup.mode is Mode.DRAW
        return str(_("Takes part in the draw") if by_draw else _("Applies: you decide who gets a seat"))
    if keeps_its_order(meetup):
        return str(_("Waits, behind everybody in line"))
    return str(_("Waits, in the order of the times"))


def _names(fate: Fate) -> list[str]:
    return [_("The list knows this address as %(name)s.", name=fate.other_name)] if fate.other_name else []


def _left_out(fate: Fate, seen: Draft) -> list[str]:
    questions, row = seen.taken.questions, fate.row
    who = Answering(cohort=fate.known.cohort_id if fate.known else None)
    _answers, left = answers_of(questions, row.cells if row else {}, who)
    labels = [question.label.read(str(get_locale())) for key in left if (question := questions.question(key))]
    return [
        _("Left out, as it is none of the answers or needs a consent: %(what)s", what=label)
        for label in labels
    ]


def _cell(fate: Fate, seen: Draft, field: Field) -> str:
    if fate.problem is None:
        return ""
    return faults.cell(seen.taken.workbook, seen.taken.layout, fate.problem, field)


def _stamp(meetup: Meetup, at: dt.datetime) -> str:
    local = meetup.local(at)
    return f"{day(local, year=True)} {clock(local)}"
