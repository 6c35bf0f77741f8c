"""The shape of what the pages about accounts are told."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from app.domain.writing.addresses import clean_address, is_address
from app.domain.writing.kept_texts import one_line
from app.models import Role
from app.one_of import OneOf


def _address(form: FlaskForm, field: EmailField) -> None:
    if not is_address(field.data or ""):
        raise ValidationError(_l("This doesn't look like an e-mail address. Check it for typos."))


def address_field(label: object) -> EmailField:
    checks = [DataRequired(_l("Write an e-mail address.")), Length(max=254), _address]
    return EmailField(label, filters=[clean_address], validators=checks)


class SignInForm(FlaskForm):
    address = address_field(_l("E-mail address"))
    next = HiddenField()


class InviteForm(FlaskForm):
    address = address_field(_l("E-mail address"))
    role = OneOf(
        _l("Role"),
        choices=[
            SelectChoice(
                Role.ORGANIZER.value, _l("Organizer: cohorts, rosters, meetups, attendees and the door")
            ),
            SelectChoice(
                Role.DOOR.value, _l("Door staff: numbers, and scanning at the door with their own phone")
            ),
            SelectChoice(Role.VIEWER.value, _l("Viewer: numbers only, no names or addresses")),
            SelectChoice(Role.OWNER.value, _l("Owner: everything, also settings, people and rights")),
        ],
        default=Role.ORGANIZER.value,
        validators=[DataRequired(_l("Choose a role."))],
    )


class InviteToMeetupForm(FlaskForm):
    address = address_field(_l("E-mail address"))
    role = OneOf(
        _l("Role"),
        choices=[
            SelectChoice(
                Role.ORGANIZER.value, _l("Organizer: this meetup's pages, attendees, mails and the door")
            ),
            SelectChoice(
                Role.DOOR.value, _l("Door staff: numbers, and scanning at the door with their own phone")
            ),
            SelectChoice(Role.VIEWER.value, _l("Viewer: numbers only, no names or addresses")),
        ],
        default=Role.DOOR.value,
        validators=[DataRequired(_l("Choose a role."))],
    )


class AccountForm(FlaskForm):
    name = StringField(
        _l("Name"),
        filters=[one_line],
        description=_l("How colleagues see you in lists and histories."),
        validators=[Length(max=100, message=_l("Use at most 100 characters."))],
    )
    locale = OneOf(
        _l("Language of mails to you"), choices=[SelectChoice("ko", "한국어"), SelectChoice("en", "English")]
    )
