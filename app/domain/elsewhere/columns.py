"""Which column of a form's answers says when, which says whether they come, and which answers a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from app.domain.elsewhere.times import read_time, writes_day_first
from app.domain.errors import DomainError
from app.domain.registering.questions import QuestionSet
from app.domain.rosters import Field, Layout, Row
from app.domain.rosters.fields import compact

_SAMPLE = 50
_TIME_WORDS = ("타임스탬프", "timestamp", "제출시간", "제출일시", "응답시간", "응답일시", "신청일시", "신청시간",
               "등록일시", "완료시간", "completiontime", "submittedat", "submitdate", "submissiontime")  # fmt: skip
_COMING_WORDS = ("참석여부", "참가여부", "참여여부", "attendance", "attending", "rsvp", "willyoucome", "willyouattend",
                 "willyoubeattending", "canyoucome")  # fmt: skip
_YES = frozenset(
    [
        "참석",
        "참석합니다",
        "참석해요",
        "참석할게요",
        "참석함",
        "참석예정",
        "참가",
        "참가합니다",
        "참여",
        "참여합니다",
        "갑니다",
        "네",
        "예",
        "넵",
        "가능",
        "o",
        "○",
        "⭕",
        "y",
        "yes",
        "yesiwillattend",
        "attending",
        "attend",
        "coming",
        "illbethere",
        "going",
        "true",
        "1",
    ]
)
_NO = frozenset(
    [
        "불참",
        "불참합니다",
        "불참해요",
        "불참함",
        "불참예정",
        "미참석",
        "참석불가",
        "참석안함",
        "참석못함",
        "못갑니다",
        "못가요",
        "안갑니다",
        "아니오",
        "아니요",
        "불가",
        "불가능",
        "x",
        "×",
        "n",
        "no",
        "notattending",
        "notcoming",
        "cantcome",
        "cannotattend",
        "cantmakeit",
        "notgoing",
        "decline",
        "false",
        "0",
    ]
)


@dataclass(frozen=True)
class Choices:
    """What the organizer chose in place of what was found. A column left out is looked for; None: there is none."""

    columns: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """Columns by number. `answers`: by the key of the question."""

    address: int
    name: int
    time: int | None
    cohort: int | None
    coming: int | None
    answers: Mapping[str, int]
    day_first: bool = False

    @property
    def lacks_time(self) -> bool:
        return self.time is None


TIME, COMING = "time", "coming"


def find_columns(
    layout: Layout, rows: Sequence[Row], questions: QuestionSet, zone: ZoneInfo, chosen: Choices
) -> Columns:
    """The columns beside those that a roster has, too; the layout has a name and an address."""
    taken = {
        layout.columns[each] for each in (Field.NAME, Field.ADDRESS, Field.COHORT) if each in layout.columns
    }
    found = {
        TIME: _time_column(layout, rows, zone, taken),
        COMING: _coming_column(layout, rows, taken),
        **{
            question.key: _titled(layout, (question.label.ko, question.label.en))
            for question in questions.asked
        },
    } | {key: column for key, column in chosen.columns.items() if key in _keys(questions)}
    _require_apart(found, taken, chosen, len(layout.header))
    time = found.pop(TIME)
    return Columns(
        address=layout.columns[Field.ADDRESS],
        name=layout.columns[Field.NAME],
        cohort=layout.columns.get(Field.COHORT),
        time=time,
        coming=found.pop(COMING),
        answers={key: column for key, column in found.items() if column is not None},
        day_first=time is not None and writes_day_first(_cells(rows, time, len(rows))),
    )


def says_coming(cell: str) -> bool | None:
    """None: the cell doesn't say clearly whether they come."""
    word = compact(cell) or cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


def _keys(questions: QuestionSet) -> set[str]:
    return {TIME, COMING, *(question.key for question in questions.asked)}


def _time_column(layout: Layout, rows: Sequence[Row], zone: ZoneInfo, taken: set[int]) -> int | None:
    """The first column whose cells are times, one with a word for it before all others."""
    free = [column for column in range(len(layout.header)) if column not in taken]
    times = [column for column in free if _are_times(_cells(rows, column), zone)]
    worded = [
        column for column in times if any(word in compact(layout.header[column]) for word in _TIME_WORDS)
    ]
    return next(iter(worded or times), None)


def _are_times(cells: Sequence[str], zone: ZoneInfo) -> bool:
    """Most are instants with a clock; a birthday or a date of arrival has none."""
    return bool(cells) and sum(":" in cell and read_time(cell, zone) is not None for cell in cells) * 2 > len(
        cells
    )


def _coming_column(layout: Layout, rows: Sequence[Row], taken: set[int]) -> int | None:
    for column, heading in enumerate(layout.header):
        if column not in taken and any(word in compact(heading) for word in _COMING_WORDS):
            cells = _cells(rows, column)
            if any(says_coming(cell) is not None for cell in cells):
                return column
    return None


def _titled(layout: Layout, titles: Sequence[str]) -> int | None:
    wanted = {compact(title) for title in titles if title}
    return next((column for column, heading in enumerate(layout.header) if compact(heading) in wanted), None)


def _cells(rows: Sequence[Row], column: int, count: int = _SAMPLE) -> list[str]:
    return [cell for row in rows[:count] if column < len(row) and (cell := row[column].strip())]


def _require_apart(found: Mapping[str, int | None], taken: set[int], chosen: Choices, width: int) -> None:
    said = [column for column in found.values() if column is not None]
    if any(column >= width for column in said):
        raise DomainError("no_such_column")
    picked = [found[key] for key in chosen.columns if found.get(key) is not None]
    if any(said.count(column or 0) > 1 or column in taken for column in picked):
        raise DomainError("column_twice")
