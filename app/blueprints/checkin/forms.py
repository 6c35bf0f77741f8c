"""The shapes of the door's forms."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import AnyOf, DataRequired, Length

from app.domain.door.doors import DoorDraft
from app.domain.meetup_drafts import Unusable
from app.domain.writing.kept_texts import one_line
from app.models import DeviceRole, Meetup
from app.refusals import explain

NAME_LIMIT = 40
REASON_LIMIT = 200  # of an undo; the desk's field takes no more


class GateForm(FlaskForm):
    """A form that asks for one of the door's `gates`, where it has any."""

    gate = SelectField(_l("Gate"), validate_choice=False)

    def __init__(self, gates: list[str], **more: Any) -> None:
        super().__init__(**more)
        named = [SelectChoice(gate, gate) for gate in gates]
        self.gate.choices = [SelectChoice("", _l("No gate in particular")), *named]
        self._gates = gates

    def chosen_gate(self) -> str | None:
        return self.gate.data if self.gate.data in self._gates else None


class EnrolForm(GateForm):
    """A phone becomes a staff phone: by what name, at which of the door's `gates`?"""

    name = StringField(
        _l("Name of this phone"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Give this phone a name, so that others know whose it is.")),
            Length(max=NAME_LIMIT, message=_l("At most %(max)d characters, please.")),
        ],
    )


class OpenDoorForm(GateForm):
    """What the next phone may do, and at which of the door's `gates` it will stand.

    Before the first phone it asks, without a ready answer, whether the list of names may lie on phones (`asks_lists`).
    """

    lists = RadioField(
        _l("List of names on the phones"),
        choices=[
            SelectChoice("yes", _l("Yes: people say their names and are found also without a network")),
            SelectChoice("no", _l("No: a phone knows a person only by their ticket")),
        ],
        validate_choice=False,
    )
    role = RadioField(
        _l("This phone may"),
        choices=[
            SelectChoice(DeviceRole.SCAN.value, _l("Scan, search and check in")),
            SelectChoice(DeviceRole.SUPERVISE.value, _l("Scan, search, check in, undo and admit walk-ins")),
        ],
        default=DeviceRole.SCAN.value,
        validators=[
            AnyOf(
                [DeviceRole.SCAN.value, DeviceRole.SUPERVISE.value],
                message=_l("Choose what the phone may do."),
            )
        ],
    )

    def __init__(self, gates: list[str], *, asks_lists: bool, **more: Any) -> None:
        super().__init__(gates, **more)
        self.asks_lists = asks_lists

    def validate_lists(self, _field: Any) -> None:
        if self.asks_lists and self.lists.data not in ("yes", "no"):
            raise ValidationError(_("Choose one of the two."))

    def allows_lists(self) -> bool | None:
        """What was answered; None where it was not asked."""
        return self.lists.data == "yes" if self.asks_lists else None


class KioskCodeForm(FlaskForm):
    """The code by which staff unlock a self check-in tablet: app/domain/door/kiosks.py says what it may be."""

    code = StringField(_l("Exit code"))


class DeskCheckInForm(FlaskForm):
    """A check-in, or its undo, by a button at the desk."""

    id = HiddenField()
    reference = StringField()
    kind = StringField()
    code = StringField()
    reason = StringField(validators=[Length(max=REASON_LIMIT)])


class WalkInForm(FlaskForm):
    """Somebody without a registration: a name, and one of the programme's `cohorts` or none."""

    id = HiddenField()
    name = StringField(_l("Name"))
    cohort = SelectField(_l("Cohort"), validate_choice=False)
    over = HiddenField()
    asks_over = False  # whether the seats are all taken, and it takes a second yes

    def __init__(self, cohorts: list[int], **more: Any) -> None:
        super().__init__(**more)
        named = [SelectChoice(str(ordinal), _l("Cohort %(n)s", n=ordinal)) for ordinal in cohorts]
        self.cohort.choices = [SelectChoice("", _l("Guest, no cohort")), *reversed(named)]

    def told(self) -> dict[str, Any]:
        """As a phone tells it. The button that says yes to one seat more sends `over`."""
        over = bool(self.over.data)
        return {"id": self.id.data, "name": self.name.data, "cohort": self.cohort.data, "over": over}


TEXTS = ("gates", "host_patterns", "host_samples", "ticks", "releases_after")
CHOICES = ("tracks_exits", "lists_people", "takes_walk_ins", "counts_walk_ins", "verifies_walk_ins")


class DoorSettingsForm(FlaskForm):
    """The door's settings, as typed. What may stand there: app/domain/door/doors.py."""

    gates = TextAreaField(_l("Gates"))
    host_patterns = TextAreaField(_l("How the host event's QR begins"))
    host_samples = TextAreaField(_l("Samples of the host event's QR"))
    ticks = TextAreaField(_l("Ticks"))
    tracks_exits = BooleanField(_l("Note who leaves"))
    lists_people = BooleanField(_l("Keep the list of names on the phones"))
    takes_walk_ins = BooleanField(_l("Take walk-ins"))
    counts_walk_ins = BooleanField(_l("Walk-ins take a seat"))
    verifies_walk_ins = BooleanField(_l("Verify walk-ins afterwards"))
    releases_after = StringField(_l("Release absent guests' seats, minutes after the start"))

    def draft(self) -> DoorDraft:
        typed: dict[str, Any] = {name: self._fields[name].data or "" for name in TEXTS}
        return DoorDraft(**typed | {name: self._fields[name].data for name in CHOICES})

    def note(self, refusal: Unusable) -> None:
        """Put what is wrong at its fields."""
        for name, problem in refusal.problems.items():
            self._fields[name].errors = [explain(problem)]


def settings_of(meetup: Meetup) -> dict[str, Any]:
    """What the form shows for a door as it is set."""
    lists = ("gates", "host_patterns", "ticks")
    after = meetup.door_releases_after
    return (
        {name: "\n".join(getattr(meetup, f"door_{name}")) for name in lists}
        | {name: getattr(meetup, f"door_{name}") for name in CHOICES}
        | {"releases_after": "" if after is None else str(after)}
    )
