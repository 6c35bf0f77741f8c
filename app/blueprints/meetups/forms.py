"""The meetup form: the shape of what is typed. Rules are in app/domain/meetup_drafts.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.local_times import zone_names
from app.models import Cohort
from app.numbers import typed_number

MOST_SEATS = 100_000
TOO_LONG = _l("This is too long: %(max)d characters at most.")


class LocalTimeField(DateTimeLocalField):
    """A date and time on the wall, or nothing."""

    FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, format=list(self.FORMATS), **more)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = None
        text = " ".join(valuelist).strip()
        if not text:
            return
        for pattern in self.FORMATS:
            try:
                self.data = dt.datetime.strptime(text, pattern).replace(second=0)  # noqa: DTZ007 - its zone is another field
                return
            except ValueError:
                continue
        raise ValueError(_l("Write a date and a time, such as 2026-07-14 18:30."))


class SeatsField(IntegerField):
    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = typed_number("".join(valuelist).replace(",", ""))
        if self.data is None:
            raise ValueError(_l("Write the number of seats in digits, such as 40."))
        if self.data > MOST_SEATS:
            raise ValueError(_l("At most 100,000 seats."))


def _line(label: Any, most: int = 255, **more: Any) -> StringField:
    return StringField(label, filters=[one_line], validators=[Length(max=most, message=TOO_LONG)], **more)


def _text(label: Any, **more: Any) -> TextAreaField:
    return TextAreaField(
        label, filters=[several_lines], validators=[Length(max=20_000, message=TOO_LONG)], **more
    )


class MeetupForm(FlaskForm):
    """Everything about a meetup but its talks, which come in rows (talks.py)."""

    version = HiddenField()
    title_ko = _line(_l("Title in Korean"), 200)
    title_en = _line(_l("Title in English"), 200)
    slug = _line(_l("Address of the page"), 80)
    description_ko = _text(_l("Description in Korean"))
    description_en = _text(_l("Description in English"))
    cover = FileField(_l("Cover image"))
    cover_id = HiddenField()
    remove_cover = BooleanField(_l("Remove the cover image"))
    starts = LocalTimeField(_l("Starts"))
    ends = LocalTimeField(_l("Ends"))
    zone = SelectField(_l("Time zone"), validate_choice=False)
    later = SelectField(_l("Which of the two?"), validate_choice=False)
    place_ko = _line(_l("Place in Korean"))
    place_en = _line(_l("Place in English"))
    place_address = _line(_l("Street address"))
    map_url = _line(_l("Link to a map"), 1000)
    online_url = _line(_l("Link for joining online"), 1000)
    host_event_ko = _line(_l("Name of the larger event in Korean"))
    host_event_en = _line(_l("Name of the larger event in English"))
    host_event_url = _line(_l("Its web page"), 1000)
    host_event_closes = LocalTimeField(_l("Its registration ends"))
    host_name = _line(_l("Host"))
    contact_address = _line(_l("Contact address"))
    capacity = SeatsField(_l("Seats"))
    opens = LocalTimeField(_l("Registration opens"))
    closes = LocalTimeField(_l("Registration closes"))
    audience = RadioField(_l("Who of them"), validate_choice=False)
    cohort_ids = SelectMultipleField(
        _l("Which cohorts may come"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    asks_phone = BooleanField(_l("Ask for a phone number"))
    reminds_week = BooleanField(_l("Send a reminder a week before"))
    reminds_day = BooleanField(_l("Send a reminder a day before"))
    thanks = BooleanField(_l("Thank those who were there"))
    door_confirms = BooleanField(_l("Confirm each scan with a tap"))

    def __init__(self, cohorts: Sequence[Cohort], locale: str, **more: Any) -> None:
        super().__init__(**more)
        self.zone.choices = [(name, name.replace("_", " ")) for name in zone_names()]
        self.later.choices = [
            ("", _l("Please choose")),
            ("no", _l("The first time")),
            ("yes", _l("The second time")),
        ]
        self.audience.choices = [
            ("alumni", _l("Alumni only: those who completed")),
            ("participants", _l("All participants, completed or not")),
        ]
        self.cohort_ids.choices = [(cohort.id, _cohort_label(cohort, locale)) for cohort in cohorts]

    def complain(self, name: str, sentence: str) -> None:
        """Put a sentence at a field, or above the form where there is no such field."""
        found: Field | None = self._fields.get(name)
        if found is None or isinstance(found, HiddenField):
            self.form_errors.append(sentence)
        else:
            found.errors = [*found.errors, sentence]


def _cohort_label(cohort: Cohort, locale: str) -> str:
    name = cohort.name_ko if locale == "ko" else cohort.name_en
    label = name or str(_l("Cohort %(n)d", n=cohort.ordinal))
    return f"{label} ({cohort.year})" if cohort.year else label
