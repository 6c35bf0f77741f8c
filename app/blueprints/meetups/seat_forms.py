"""Shapes of what organizers send about seats: rules, reasons, decisions. What may stand there: app/domain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.still_coming import USUAL_HOURS, USUAL_RELEASE_HOURS
from app.domain.seating.approvals import Decision, Rest, Wish
from app.domain.seating.draw import LONGEST_VALUE, Share
from app.domain.seating.draw_rules import DrawRules
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.seating.seat_rules import SeatRules
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.local_times import instant
from app.models import Cohort, Meetup
from app.numbers import number
from app.one_of import OneOf
from app.refusals import explain

from .forms import TOO_LONG, LocalTimeField

LONGEST_REASON, LONGEST_NOTE = 200, 500


class ReasonForm(FlaskForm):
    """Why an organizer does this; kept in the history."""

    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )


class LinkForm(FlaskForm):
    """Whom on the list a list check means. The reason may be left out: the match says it."""

    person = HiddenField()
    reason = StringField(
        _l("Reason"), filters=[one_line], validators=[Length(max=LONGEST_REASON, message=TOO_LONG)]
    )

    @property
    def person_id(self) -> int:
        """0, whom no list has, for what is no number."""
        return number((self.person.data or "").strip()) or 0


class AddToListForm(ReasonForm):
    """Somebody whom the roster of their cohort lacks."""

    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the name.")), Length(max=200, message=TOO_LONG)],
    )
    cohort = StringField(_l("Cohort"), validators=[DataRequired(_l("Choose a cohort."))])

    @property
    def cohort_id(self) -> int:
        return number((self.cohort.data or "").strip()) or 0


class MoveForm(ReasonForm):
    place = StringField(_l("New place in line"), validators=[DataRequired(_l("Write the place."))])

    @property
    def wanted(self) -> int:
        """0, which no line has, for what is no number."""
        return number((self.place.data or "").strip()) or 0


class SeatRulesForm(FlaskForm):
    """`understood`: the change of mode was read, with whom it affects."""

    mode = OneOf(
        _l("Who gets a seat"),
        choices=[
            SelectChoice(
                Mode.FIRST_COME.value, _l("Whoever comes first. When it is full, people wait in line.")
            ),
            SelectChoice(
                Mode.INVITATION.value,
                _l("Whoever comes first of those whom you invite. Nobody else can register."),
            ),
            SelectChoice(Mode.APPROVAL.value, _l("Whom you choose. People apply, and you decide.")),
            SelectChoice(
                Mode.DRAW.value,
                _l("Whoever is drawn. People enter until a deadline, and anybody can check the draw."),
            ),
        ],
    )
    freed_seats = OneOf(
        _l("When a seat is freed"),
        choices=[
            SelectChoice(FreedSeats.CONFIRM.value, _l("The first in line gets it at once")),
            SelectChoice(
                FreedSeats.OFFER.value,
                _l("It is offered to the first in line, who accepts it in time or loses it"),
            ),
        ],
    )
    offer_hours = StringField(_l("Hours to accept an offer"))
    last_call_hours = StringField(_l("Last call, hours before the start"))
    asks_still_coming = BooleanField(_l("Ask those who have a seat whether they still come"))
    still_coming_hours = StringField(_l("Hours before the start"))
    releases_seats = BooleanField(_l("Release the seats of those who don't answer"))
    release_hours = StringField(_l("Release, hours before the start"))
    no_shows_behind = BooleanField(_l("Put no-shows of the last meetup behind the others in line"))
    draw_deadline = LocalTimeField(_l("People can enter until"), validators=[Optional()])
    draw_value = StringField(
        _l("Public value that decides"),
        filters=[one_line],
        validators=[Length(max=LONGEST_VALUE, message=TOO_LONG)],
    )
    draw_known = LocalTimeField(_l("When it is known"), validators=[Optional()])
    understood = HiddenField()

    def rules(self, meetup: Meetup) -> SeatRules:
        """As typed; raises `Unusable` where a time of the draw is none."""
        typed = (self.last_call_hours.data or "").strip()
        return SeatRules(
            mode=Mode(self.mode.data),
            freed_seats=FreedSeats(self.freed_seats.data),
            offer_hours=number((self.offer_hours.data or "").strip()),
            last_call_hours=None if not typed else -1 if (hours := number(typed)) is None else hours,
            still_coming_hours=_hours(self.still_coming_hours) if self.asks_still_coming.data else None,
            release_hours=(
                _hours(self.release_hours)
                if self.asks_still_coming.data and self.releases_seats.data
                else None
            ),
            no_shows_behind=self.no_shows_behind.data,
            draw=self._draw(meetup) if self.mode.data == Mode.DRAW else None,
        )

    def _draw(self, meetup: Meetup) -> DrawRules | None:
        """None: the page asked for no terms, since they stay as they are."""
        if self.draw_value.name not in request.form:
            return None
        return DrawRules(
            deadline=_instant(meetup, self.draw_deadline),
            known=_instant(meetup, self.draw_known),
            value=self.draw_value.data or "",
            shares={cohort.id: _share(cohort.id) for cohort in meetup.cohorts},
        )

    def note(self, refusal: Unusable) -> None:
        """Put what is wrong at its fields."""
        for name, problem in refusal.problems.items():
            if name in self._fields:
                self._fields[name].errors = [explain(problem)]
            else:
                self.form_errors.append(explain(problem))


class DecisionForm(FlaskForm):
    """One decision about the ticked people; they come as `who`, besides the form."""

    decision = OneOf(
        _l("Decision"),
        choices=[
            SelectChoice(Decision.APPROVE.value, _l("Give a seat")),
            SelectChoice(Decision.WAITLIST.value, _l("Put on the waitlist")),
            SelectChoice(Decision.DECLINE.value, _l("Don't select")),
        ],
    )
    rest = OneOf(
        _l("If there are more people than seats"),
        choices=[
            SelectChoice(Rest.REFUSE.value, _l("Decide nothing, and say so")),
            SelectChoice(Rest.WAITLIST.value, _l("The first get a seat, the rest goes on the waitlist")),
        ],
        default=Rest.REFUSE.value,
    )
    note = TextAreaField(
        _l("Note"), filters=[several_lines], validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)]
    )
    note_in_mail = BooleanField(_l("Put the note into the mail"))

    def wish(self, references: list[str]) -> Wish:
        return Wish(
            decision=Decision(self.decision.data),
            references=frozenset(references),
            note=self.note.data or "",
            note_in_mail=self.note_in_mail.data,
            rest=Rest(self.rest.data),
        )


class DrawValueForm(FlaskForm):
    value = StringField(
        _l("Public value"),
        filters=[one_line],
        validators=[DataRequired(_l("Type the value.")), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )
    again = StringField(
        _l("The same value once more"),
        filters=[one_line],
        validators=[DataRequired(_l("Type the value.")), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )


def _hours(field: StringField) -> int:
    """0, which is refused, for what is no number."""
    return number((field.data or "").strip()) or 0


def shares_of(draw: DrawRules | None, cohorts: Sequence[Cohort]) -> list[tuple[Cohort, str, str]]:
    """Weight and minimum of each cohort: as typed, as the draw has them, or the usual ones."""
    known = draw.shares if draw else {}
    return [
        (
            cohort,
            request.form.get(f"weight-{cohort.id}", str(known.get(cohort.id, Share()).weight)),
            request.form.get(f"minimum-{cohort.id}", str(known.get(cohort.id, Share()).minimum)),
        )
        for cohort in cohorts
    ]


def _share(cohort_id: int) -> Share:
    """What is no number is refused as a weight of 0 is."""
    weight, minimum = (request.form.get(f"{name}-{cohort_id}", "").strip() for name in ("weight", "minimum"))
    least = number(minimum or "0")
    return Share(number(weight or "1") or 0, -1 if least is None else least)


def _instant(meetup: Meetup, field: LocalTimeField) -> dt.datetime | None:
    """The instant that is meant on the meetup's clock; of a time that comes twice, the first."""
    try:
        return instant(field.data, meetup.timezone, later=False) if field.data else None
    except DomainError as refusal:
        raise Unusable({field.name: refusal}) from refusal


def rules_of(meetup: Meetup, draw: DrawRules | None) -> dict[str, Any]:
    """What the form shows for a meetup as it is."""
    last = meetup.last_call_hours
    return {
        "draw_deadline": _local(meetup, draw.deadline if draw else None),
        "draw_known": _local(meetup, draw.known if draw else None),
        "draw_value": draw.value if draw else "",
        "mode": meetup.mode.value,
        "freed_seats": meetup.freed_seats.value,
        "offer_hours": str(meetup.offer_hours),
        "asks_still_coming": meetup.still_coming_hours is not None,
        "still_coming_hours": str(meetup.still_coming_hours or USUAL_HOURS),
        "no_shows_behind": meetup.no_shows_behind,
        "releases_seats": meetup.release_hours is not None,
        "release_hours": str(meetup.release_hours or USUAL_RELEASE_HOURS),
        "last_call_hours": "" if last is None else str(last),
    }


def _local(meetup: Meetup, at: dt.datetime | None) -> dt.datetime | None:
    return meetup.local(at).replace(tzinfo=None) if at else None
