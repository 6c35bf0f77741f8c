"""Shapes of what organizers send about badges. What may stand there: app/domain/printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from app.blueprints.badges import words
from app.domain.errors import DomainError
from app.domain.printing.designs import OWN, Design, ExtraKind, Paper, Part
from app.domain.printing.papers import Layout
from app.domain.writing.names import clean_name
from app.file_fields import reason_field
from app.models import Cohort, Tag
from app.numbers import number
from app.services.printing import extra_badges
from app.services.printing.extra_badges import Typed
from app.tick_boxes import TicksField
from app.typed_texts import no_resident_number

MEASURES = ("page_width", "page_height", "width", "height", "left", "top", "gap_x", "gap_y")
COUNTS = ("columns", "rows")
LONGEST = 8


class DesignForm(FlaskForm):
    """The design but its cohorts' colours, which are as many as there are cohorts: `colour-<id>`."""

    paper = RadioField(_l("Paper"))
    page_width = StringField(_l("Page, width"))
    page_height = StringField(_l("Page, height"))
    width = StringField(_l("Label, width"))
    height = StringField(_l("Label, height"))
    columns = StringField(_l("Labels in a row"))
    rows = StringField(_l("Labels in a column"))
    left = StringField(_l("Left margin"))
    top = StringField(_l("Top margin"))
    gap_x = StringField(_l("Gap between columns"))
    gap_y = StringField(_l("Gap between rows"))
    folds = BooleanField(_l("Each label is folded in the middle"))
    parts = TicksField(_l("What stands on a badge"))
    tags = TicksField(_l("Tags that stand on the badge"), coerce=int)
    companions = BooleanField(_l("Badges for companions, too"))
    locale = RadioField(_l("Language on the badge"))

    def __init__(self, tags: Sequence[Tag], **more: Any) -> None:
        super().__init__(**more)
        self.tags.choices = [(tag.id, tag.name) for tag in tags]
        self.paper.choices = [(key.value, name) for key, name in words.PAPERS.items()]
        self.parts.choices = [(key.value, name) for key, name in words.PARTS.items()]
        self.locale.choices = [("ko", "한국어"), ("en", "English")]

    def design(self, sent: Mapping[str, str], cohorts: Sequence[Cohort]) -> Design:
        """As typed; raises `DomainError` for measures that are none."""
        colours = {each.id: key for each in cohorts if (key := sent.get(f"colour-{each.id}", ""))}
        paper = Paper(self.paper.data)
        return Design(
            paper=paper,
            own=self._own() if paper is Paper.OWN else self._own_if_any(),
            parts=frozenset(Part(part) for part in self.parts.data or ()),
            tags=frozenset(self.tags.data or ()),
            companions=self.companions.data,
            locale=self.locale.data,
            colours=colours,
        )

    def _own_if_any(self) -> Layout:
        try:
            return self._own()
        except DomainError:
            return OWN

    def _own(self) -> Layout:
        found = {name: _millimetres(self._fields[name].data) for name in MEASURES}
        counts = {name: number((self._fields[name].data or "").strip()) for name in COUNTS}
        if None in found.values() or None in counts.values():
            raise DomainError("badge_measures")
        measures: dict[str, Any] = found | counts
        page = measures.pop("page_width"), measures.pop("page_height")
        label = measures.pop("width"), measures.pop("height")
        return Layout(page=page, label=label, folds=self.folds.data, **measures)


class StartForm(FlaskForm):
    """Where the badges begin."""

    start = StringField(_l("Labels of the first sheet that are used up"))

    def first(self) -> int:
        """How many places of the first sheet are taken; raises `DomainError` for what is no number."""
        text = (self.start.data or "").strip() or "0"
        found = number(text)
        if found is None:
            raise DomainError("badge_start", most=1_600)
        return found


class PrintForm(StartForm):
    """Which badges, and why: the file has everybody's names."""

    which = StringField()
    statuses = TicksField(_l("Which registrations"))
    cohorts = TicksField(_l("Which cohorts"), coerce=int)
    reason = reason_field(_l("For example: badges for the door on the 14th. Kept in the audit log."))


class ExtraForm(FlaskForm):
    """What stands on the badge of somebody without a registration."""

    name = StringField(
        _l("Name"),
        validators=[
            DataRequired(_l("Write the name.")),
            Length(max=extra_badges.LONGEST_NAME),
            no_resident_number,
        ],
    )
    line = StringField(
        _l("Line beneath the name"),
        description=_l("Role or affiliation, for example: registration desk, Example Electronics."),
        validators=[Length(max=extra_badges.LONGEST_LINE), no_resident_number],
    )
    kind = RadioField(_l("As what"), default=ExtraKind.STAFF.value)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = [(key.value, name) for key, name in words.EXTRAS.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """A name of nothing that is seen is none."""
        self.name.data = clean_name(self.name.data or "")
        return bool(super().validate(extra_validators))

    def typed(self) -> Typed:
        return Typed(self.name.data or "", clean_name(self.line.data or ""), ExtraKind(self.kind.data))


def shown(design: Design) -> dict[str, Any]:
    """What the form shows for a design as it is."""
    own = design.own
    measures = (*own.page, *own.label, own.left, own.top, own.gap_x, own.gap_y)
    return {
        "paper": design.paper.value,
        "parts": [part.value for part in design.parts],
        "tags": sorted(design.tags),
        "companions": design.companions,
        "locale": design.locale,
        "columns": str(own.columns),
        "rows": str(own.rows),
        "folds": own.folds,
        **{name: f"{value:g}" for name, value in zip(MEASURES, measures, strict=True)},
    }


def _millimetres(text: str | None) -> float | None:
    plain = (text or "").strip().replace(",", ".")
    is_number = plain.isascii() and plain.replace(".", "", 1).isdigit() and len(plain) <= LONGEST
    return float(plain) if is_number else None
