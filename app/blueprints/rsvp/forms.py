"""Shapes of what registrants send."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from app.answer_forms import AskingForm
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.claims import Statement, read_statement
from app.domain.registering.questions import NO_QUESTIONS, QuestionSet
from app.domain.writing.addresses import clean_address, is_address
from app.domain.writing.korean_phones import korean_phone
from app.i18n import current_locale
from app.models import Cohort, Meetup
from app.refusals import explain, sentence

ADDRESS_LENGTH = 254


class AddressForm(FlaskForm):
    """An address, and nothing else: also without a token (app/origins.py)."""

    class Meta:
        csrf = False

    address = StringField(
        _l("E-mail"),
        filters=[clean_address],
        validators=[DataRequired(_l("Type your e-mail address.")), Length(max=ADDRESS_LENGTH)],
    )

    def validate_address(self, field: StringField) -> None:
        if not is_address(field.data or ""):
            raise ValidationError(sentence("bad_address"))


class CodeForm(FlaskForm):
    code = StringField(_l("Code"), validators=[DataRequired(_l("Type the 8 digits from the mail."))])


class EmptyForm(FlaskForm):
    """Nothing but the press of a button."""


STATED = {"name": "name", "former_address": "former_address", "note": "more"}  # a statement's parts → fields


class ClaimForm(AskingForm):
    """What somebody says of themselves who is on no list; app/domain/registering/claims.py says what may stand there."""

    name = StringField(_l("Name"))
    cohort = SelectField(_l("Cohort"), validate_choice=False)
    former_address = StringField(_l("Address you studied with"))
    more = TextAreaField(_l("Anything that helps to find you"))

    def offer(self, meetup: Meetup) -> None:
        """The cohorts to choose from."""
        unsure = ("", _("I don't know"))
        self.cohort.choices = [unsure, *((str(each.id), _cohort(each)) for each in meetup.cohorts)]

    @property
    def cohort_id(self) -> int | None:
        offered = {value for value, _label in self.cohort.choices or ()}
        return int(self.cohort.data) if self.cohort.data and self.cohort.data in offered else None

    def statement(self) -> Statement:
        """Refuses what cannot be kept (`Unusable`)."""
        return read_statement(
            self.name.data or "", self.cohort_id, self.former_address.data or "", self.more.data or ""
        )

    def note(self, refusal: DomainError, questions: QuestionSet = NO_QUESTIONS) -> None:
        """What is wrong with a field is said at the field."""
        if isinstance(refusal, Unusable) and refusal.problems.keys() <= STATED.keys():
            for name, problem in refusal.problems.items():
                self._fields[STATED[name]].errors = [explain(problem)]
            return
        super().note(refusal, questions)


def _cohort(cohort: Cohort) -> str:
    korean = current_locale() == "ko"
    name = (cohort.name_ko if korean else cohort.name_en) or _("Cohort %(n)d", n=cohort.ordinal)
    return f"{name} ({cohort.year})" if cohort.year else str(name)


class RegistrationForm(AskingForm):
    phone = StringField(_l("Phone"), validators=[Optional(), Length(max=40)])

    def validate_phone(self, field: StringField) -> None:
        if field.data and korean_phone(field.data) is None:
            raise ValidationError(sentence("bad_phone"))

    @property
    def kept_phone(self) -> str | None:
        return korean_phone(self.phone.data) if self.phone.data else None
