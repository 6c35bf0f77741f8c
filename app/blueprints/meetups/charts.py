"""What the pictures of a meetup's numbers show, in the reader's language: each also as a table, and as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.blueprints.meetups.numbers import Count, Numbers
from app.domain.charts import scales
from app.domain.charts.counted import Tally
from app.domain.charts.over_time import Point, area, labels, step_line
from app.domain.door.arrivals import Chart as Arrivals
from app.domain.surveys import FEWEST
from app.models import Cohort, Meetup

Cell = str | int | dt.date


@dataclass(frozen=True)
class Table:
    """The same as the picture: headings, and rows that begin with what they are about."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    @property
    def columns(self) -> list[dict[str, object]]:
        """As components/table.html wants them: figures stand to the right."""
        return [{"label": words, "num": number > 0} for number, words in enumerate(self.headings)]


@dataclass(frozen=True)
class Place:
    """A word below the picture, so many per cent from its left; the outermost stay inside."""

    text: str
    percent: float
    anchor: str


@dataclass(frozen=True)
class Over:
    """A picture with a scale: `paths` by what they show (a line, or what is below it), or bars."""

    ticks: Sequence[int]
    places: Sequence[Place]
    paths: Sequence[tuple[str, str]] = ()
    bars: Sequence[tuple[int, int, int]] = ()  # x, width, height

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The scale from above: how far down in the box, and what it says there."""
        top = self.ticks[-1]
        return [(scales.BOX - scales.BOX * tick // top, i18n.number(tick)) for tick in reversed(self.ticks)]


@dataclass(frozen=True)
class Row:
    """A bar with its label: parts of the box by what they show (x, width), and what it says at its end."""

    label: str
    parts: Sequence[tuple[str, int, int]]
    said: str


@dataclass(frozen=True)
class Picture:
    """`name` is that of its file; `key`: what each kind of mark means."""

    id: str
    name: str
    title: str
    said: str
    table: Table
    key: Sequence[tuple[str, str]] = ()
    over: Over | None = None
    rows: Sequence[Row] = ()


def registrations(points: Sequence[Point]) -> Picture:
    """How many were registered, and of these confirmed, day by day."""
    registered, confirmed = [p.registered for p in points], [p.confirmed for p in points]
    ticks = scales.ticks(max(registered, default=0))
    over = Over(
        ticks,
        _places([i18n.short_day(point.day) for point in points]),
        [
            ("area", area(confirmed, ticks[-1])),
            ("line", step_line(confirmed, ticks[-1])),
            ("other", step_line(registered, ticks[-1])),
        ],
    )
    said = _("By now %(registered)s are registered, %(confirmed)s of them confirmed.",
             registered=i18n.number(registered[-1]), confirmed=i18n.number(confirmed[-1])) if points else ""  # fmt: skip
    rows = [(point.day, point.registered, point.confirmed) for point in points]
    return Picture(
        "registrations",
        "registrations",
        _("Registrations over time"),
        said,
        Table([_("Until the end of"), _("Registered"), _("Confirmed")], rows),
        [("line", _("Confirmed")), ("other", _("Registered"))],
        over if points else None,
    )


def cohorts(numbers: Numbers, confirmed: Mapping[int, int]) -> Picture:
    """Of those who may come, who is confirmed (`confirmed` by cohort) and who is not yet; guests apart."""
    total, of_list = numbers.total, sum(confirmed.values())
    top = max((max(count.eligible, count.registered) for _cohort, count in numbers.cohorts), default=0)
    said = (
        _("%(part)s of those who may come (%(all)s) are confirmed.",
          part=_percent(of_list, total.eligible), all=i18n.number(total.eligible))
        if total.eligible else ""
    )  # fmt: skip
    if total.eligible and (guests := total.confirmed - of_list) > 0:
        said += " " + ngettext("%(num)d guest who is not on the list is confirmed, too.",
                               "%(num)d guests who are not on the list are confirmed, too.", guests)  # fmt: skip
    return Picture(
        "cohorts",
        "cohorts",
        _("By cohort"),
        said,
        _cohort_table(numbers),
        [("line", _("Confirmed")), ("other", _("Not confirmed so far")), ("room", _("May come"))],
        rows=[
            _cohort_row(cohort_name(cohort), count, confirmed.get(cohort.id, 0) if cohort else 0, top)
            for cohort, count in numbers.cohorts
        ],
    )


def arrivals(meetup: Meetup, found: Arrivals) -> Picture:
    """How many came in, by spans of equal length."""
    people = [bar.people for bar in found.bars]
    ticks, starts = scales.ticks(max(people, default=0)), [meetup.local(bar.start) for bar in found.bars]
    several_days = len({start.date() for start in starts}) > 1
    words = [i18n.stamp(start) if several_days else i18n.clock(start) for start in starts]
    peak = found.peak
    said = (
        ngettext("Most came from %(time)s on: %(num)d person within %(minutes)d minutes.",
                 "Most came from %(time)s on: %(num)d people within %(minutes)d minutes.", peak.people,
                 time=i18n.clock(meetup.local(peak.start)), minutes=found.minutes)
        if peak else ""
    )  # fmt: skip
    rows = list(zip(starts, people, strict=True))
    return Picture(
        "arrivals",
        "arrivals",
        _("Arrivals"),
        said,
        Table([_("Came in from"), _("People")], rows),
        over=Over(ticks, _places(words), bars=_bars(people, ticks[-1])) if people else None,
    )


def answers(number: int, found: Tally) -> Picture:
    """How often each option was chosen."""
    locale = i18n.current_locale()
    top = max((chosen.all for chosen in found.options), default=0)
    labelled = [(chosen.option.label.read(locale), chosen) for chosen in found.options]
    rows = [(label, chosen.confirmed, chosen.others) for label, chosen in labelled]
    return Picture(
        f"answers-{number}",
        "answers",
        found.question.label.read(locale),
        _told_of(found),
        Table([_("Choice"), _("Confirmed"), _("Not confirmed so far")], rows),
        [("line", _("Confirmed")), ("other", _("Not confirmed so far"))],
        rows=[
            Row(
                label,
                _stacked(top, ("line", chosen.confirmed), ("other", chosen.others)),
                i18n.number(chosen.all)
                if found.hides
                else f"{i18n.number(chosen.all)} ({_percent(chosen.all, found.answered)})",
            )
            for label, chosen in labelled
        ],
    )


def _told_of(found: Tally) -> str:
    if found.hides:
        return str(_("Sensitive: what fewer than %(least)d people chose is not shown.", least=FEWEST))
    return str(ngettext("%(num)d answer", "%(num)d answers", found.answered))


def together(pictures: Iterable[Picture]) -> Table:
    """The tables of several questions as one, with the question in front."""
    rows, headings = [], [_("Question"), _("Choice"), _("Confirmed"), _("Not confirmed so far")]
    for picture in pictures:
        rows += [(picture.title, *row) for row in picture.table.rows]
    return Table(headings, rows)


def told(cell: Cell) -> str:
    """A cell as people read it."""
    if isinstance(cell, dt.datetime):
        return i18n.stamp(cell)
    if isinstance(cell, dt.date):
        return i18n.day(_noon(cell), year=True)
    return i18n.number(cell) if isinstance(cell, int) else cell


def cohort_name(cohort: Cohort | None) -> str:
    if cohort is None:
        return str(_("No cohort"))
    named = cohort.name_ko if i18n.current_locale() == "ko" else cohort.name_en
    return named or str(_("Cohort %(n)d", n=cohort.ordinal))


def _cohort_table(numbers: Numbers) -> Table:
    """Registrations, and their companions beside them."""
    headings = [
        _("Cohort"),
        _("May come"),
        _("Confirmed"),
        _("Their companions"),
        _("Seat offered"),
        _("Companions, seat offered"),
        _("Without a seat yet"),
        _("Cancelled"),
        _("Came in"),
        _("Companions who came in"),
    ]
    rows = [
        (
            cohort_name(cohort),
            c.eligible,
            c.confirmed,
            c.companions,
            c.offered,
            c.companions_offered,
            c.registered - c.confirmed - c.offered,
            c.cancelled,
            c.came,
            c.companions_came,
        )
        for cohort, c in numbers.cohorts
    ]
    return Table(headings, rows)


def _cohort_row(label: str, count: Count, of_list: int, top: int) -> Row:
    """How many of the cohort are confirmed, of how many that may come; whoever else is behind a plus."""
    guests = count.confirmed - of_list
    said = f"{i18n.number(of_list)} / {i18n.number(count.eligible)}"
    if guests > 0:
        said = f"{said} +{i18n.number(guests)}" if count.eligible else i18n.number(guests)
    parts = _stacked(top, ("line", count.confirmed), ("other", count.registered - count.confirmed))
    return Row(label, [("room", 0, scales.share(count.eligible, top)), *parts], said)


def _stacked(top: int, *parts: tuple[str, int]) -> list[tuple[str, int, int]]:
    found, x = [], 0
    for kind, value in parts:
        width = min(scales.share(value, top), scales.BOX - x)
        found.append((kind, x, width))
        x += width
    return found


def _bars(values: Sequence[int], top: int) -> list[tuple[int, int, int]]:
    edges = [scales.BOX * number // len(values) for number in range(len(values) + 1)]
    gap = max((edges[1] - edges[0]) // 6, 1)
    return [
        (left + gap // 2, right - left - gap, scales.share(value, top))
        for value, left, right in zip(values, edges, edges[1:], strict=False)
    ]


def _places(words: Sequence[str]) -> list[Place]:
    count = len(words)
    found = []
    for number in labels(count):
        percent, anchor = 100 * (number + 0.5) / count, "middle"
        if number == 0:
            percent, anchor = 0.0, "start"
        elif number == count - 1:
            percent, anchor = 100.0, "end"
        found.append(Place(words[number], round(percent, 2), anchor))
    return found


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "–"


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12))
