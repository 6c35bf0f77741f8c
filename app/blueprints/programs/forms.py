"""The shape of what is told about programmes and cohorts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.domain.rosters.correcting import CORRECTED, YES, Facts
from app.domain.writing.addresses import clean_address
from app.domain.writing.kept_texts import one_line
from app.models import AlumniTerm
from app.services.organizing.programs import Fields

LONG = Length(max=200, message=_l("Use at most 200 characters."))
ORDINAL = NumberRange(0, 999, message=_l("Write a number from 0 to 999."))
YEAR = NumberRange(1900, 2200, message=_l("Write a year with four digits."))
NUMBER_NEEDED = InputRequired(_l("Write a number."))


class CorrectionForm(FlaskForm):
    """What a roster says of somebody. `was_…`: what it said when the form was filled."""

    was_name = HiddenField()
    was_other_name = HiddenField()
    was_phone = HiddenField()
    was_certificate = HiddenField()
    was_completed = HiddenField()
    name = StringField(_l("Name"))
    other_name = StringField(
        _l("Other name"), description=_l("In Latin letters or Hanja, for example. They are found by it, too.")
    )
    phone = StringField(_l("Phone"))
    certificate = StringField(_l("Certificate or student number"))
    completed = BooleanField(_l("Completed the cohort"))

    @classmethod
    def about(cls, facts: Facts) -> CorrectionForm:
        return cls(
            formdata=None, obj=facts, data={f"was_{field.value}": facts.told(field) for field in CORRECTED}
        )

    @property
    def shown(self) -> Facts:
        was = {field.value: self[f"was_{field.value}"].data or "" for field in CORRECTED}
        return Facts(**was | {"completed": was["completed"] == YES})

    def catch_up(self, typed: Facts, now: Facts) -> None:
        """To what stands now, all but what was typed."""
        kept = typed.differing(self.shown)
        for field in CORRECTED:
            if field not in kept:
                self[field.value].data = getattr(now, field.value)
            self[f"was_{field.value}"].data = now.told(field)


class ProgramForm(FlaskForm):
    name_ko = StringField(_l("Name in Korean"), filters=[one_line], validators=[LONG])
    name_en = StringField(
        _l("Name in English"),
        filters=[one_line],
        description=_l("One of the two names is enough."),
        validators=[LONG],
    )
    slug = StringField(
        _l("Web address"),
        filters=[one_line],
        description=_l(
            "The last part of the desk's address: small Latin letters, digits, hyphens. Empty: made of the name."
        ),
    )
    alumni_term = RadioField(
        _l("Korean word for alumni"),
        choices=[SelectChoice(term.value, term.value) for term in AlumniTerm],
        default=AlumniTerm.COMPLETER.value,
        validators=[DataRequired(_l("Choose one."))],
    )
    contact_address = EmailField(
        _l("Contact address"),
        filters=[clean_address],
        description=_l("Where people ask you; shown on meetup pages and in mails."),
        validators=[Length(max=254)],
    )

    def fields(self) -> Fields:
        return Fields(
            slug=self.slug.data or "",
            name_ko=self.name_ko.data or "",
            name_en=self.name_en.data or "",
            alumni_term=AlumniTerm(self.alumni_term.data),
            contact_address=self.contact_address.data or None,
        )


class AddCohortsForm(FlaskForm):
    first = IntegerField(_l("From number"), validators=[NUMBER_NEEDED, ORDINAL])
    last = IntegerField(_l("To number"), validators=[NUMBER_NEEDED, ORDINAL])
    first_year = IntegerField(_l("Year of the first"), validators=[Optional(), YEAR])


class CohortForm(FlaskForm):
    ordinal = IntegerField(_l("Number"), validators=[NUMBER_NEEDED, ORDINAL])
    year = IntegerField(_l("Year"), validators=[Optional(), YEAR])
    name_ko = StringField(_l("Name in Korean"), filters=[one_line], validators=[LONG, Optional()])
    name_en = StringField(_l("Name in English"), filters=[one_line], validators=[LONG, Optional()])
