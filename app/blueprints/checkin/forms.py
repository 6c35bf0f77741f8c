"""The shapes of the door's forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from app.models import DeviceRole

NAME_LIMIT = 40
REASON_LIMIT = 200  # of an undo; the desk's field takes no more


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


class EnrolForm(FlaskForm):
    """A phone becomes a staff phone: by what name?"""

    name = StringField(
        _l("Name of this phone"),
        filters=[_tidy],
        validators=[
            DataRequired(_l("Give this phone a name, so that others know whose it is.")),
            Length(max=NAME_LIMIT, message=_l("At most %(max)d characters, please.")),
        ],
    )


class OpenDoorForm(FlaskForm):
    """What the next phone may do."""

    role = RadioField(
        _l("This phone may"),
        choices=[
            SelectChoice(DeviceRole.SCAN.value, _l("Scan, search and check in")),
            SelectChoice(DeviceRole.SUPERVISE.value, _l("Scan, search, check in and undo")),
        ],
        default=DeviceRole.SCAN.value,
        validators=[AnyOf([role.value for role in DeviceRole], message=_l("Choose what the phone may do."))],
    )


class DeskCheckInForm(FlaskForm):
    """A check-in, or its undo, by a button at the desk."""

    id = HiddenField()
    reference = StringField()
    code = StringField()
    reason = StringField(validators=[Length(max=REASON_LIMIT)])
