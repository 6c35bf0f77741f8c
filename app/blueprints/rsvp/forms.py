"""Shapes of what registrants send."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from app.domain.addresses import clean_address, is_address
from app.domain.korean_phones import korean_phone
from app.refusals import sentence

ADDRESS_LENGTH = 254


def _clean(text: str | None) -> str:
    return clean_address(text or "")


class AddressForm(FlaskForm):
    """An address, and nothing else: also without a token (app/origins.py)."""

    class Meta:
        csrf = False

    address = StringField(
        _l("E-mail"),
        filters=[_clean],
        validators=[DataRequired(_l("Type your e-mail address.")), Length(max=ADDRESS_LENGTH)],
    )

    def validate_address(self, field: StringField) -> None:
        if not is_address(field.data or ""):
            raise ValidationError(sentence("bad_address"))


class CodeForm(FlaskForm):
    code = StringField(_l("Code"), validators=[DataRequired(_l("Type the 8 digits from the mail."))])


class EmptyForm(FlaskForm):
    """Nothing but the press of a button."""


class RegistrationForm(FlaskForm):
    phone = StringField(_l("Phone"), validators=[Optional(), Length(max=40)])

    def validate_phone(self, field: StringField) -> None:
        if field.data and korean_phone(field.data) is None:
            raise ValidationError(sentence("bad_phone"))

    @property
    def kept_phone(self) -> str | None:
        return korean_phone(self.phone.data) if self.phone.data else None
