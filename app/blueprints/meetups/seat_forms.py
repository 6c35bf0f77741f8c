"""Shapes of what organizers send about seats: rules, reasons, decisions. What may stand there: app/domain."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.domain.approvals import Decision, Rest, Wish
from app.domain.meetup_drafts import Unusable
from app.domain.modes import Mode
from app.domain.offers import FreedSeats
from app.domain.seat_rules import SeatRules
from app.models import Meetup
from app.numbers import number
from app.refusals import explain

from .forms import TOO_LONG, one_line, several_lines

LONGEST_REASON, LONGEST_NOTE = 200, 500


class ReasonForm(FlaskForm):
    """Why an organizer does this; kept in the history."""

    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_l("Write the reason.")), Length(max=LONGEST_REASON, message=TOO_LONG)],
    )


class MoveForm(ReasonForm):
    place = StringField(_l("New place in line"), validators=[DataRequired(_l("Write the place."))])

    @property
    def wanted(self) -> int:
        """0, which no line has, for what is no number."""
        return number((self.place.data or "").strip()) or 0


class SeatRulesForm(FlaskForm):
    """`understood`: the change of mode was read, with whom it affects."""

    mode = RadioField(
        _l("Who gets a seat"),
        choices=[
            SelectChoice(
                Mode.FIRST_COME.value, _l("Whoever comes first. When it is full, people wait in line.")
            ),
            SelectChoice(Mode.APPROVAL.value, _l("Whom you choose. People apply, and you decide.")),
        ],
    )
    freed_seats = RadioField(
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
    understood = HiddenField()

    def rules(self) -> SeatRules:
        typed = (self.last_call_hours.data or "").strip()
        return SeatRules(
            mode=Mode(self.mode.data),
            freed_seats=FreedSeats(self.freed_seats.data),
            offer_hours=number((self.offer_hours.data or "").strip()),
            last_call_hours=None if not typed else -1 if (hours := number(typed)) is None else hours,
        )

    def note(self, refusal: Unusable) -> None:
        """Put what is wrong at its fields."""
        for name, problem in refusal.problems.items():
            self._fields[name].errors = [explain(problem)]


class DecisionForm(FlaskForm):
    """One decision about the ticked people; they come as `who`, besides the form."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice(Decision.APPROVE.value, _l("Give a seat")),
            SelectChoice(Decision.WAITLIST.value, _l("Put on the waitlist")),
            SelectChoice(Decision.DECLINE.value, _l("Don't select")),
        ],
    )
    rest = RadioField(
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


def rules_of(meetup: Meetup) -> dict[str, Any]:
    """What the form shows for a meetup as it is."""
    last = meetup.last_call_hours
    return {
        "mode": meetup.mode.value,
        "freed_seats": meetup.freed_seats.value,
        "offer_hours": str(meetup.offer_hours),
        "last_call_hours": "" if last is None else str(last),
    }
