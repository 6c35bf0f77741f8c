"""The shape of what a roster import is told; which choices make sense is for the reader to say."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.given_files import paste_field

BY_COLUMN = -1  # no cohort's ordinal; a programme may well have a cohort 0


class UploadForm(FlaskForm):
    cohort = SelectField(_l("Whose roster is it?"), coerce=int)
    file = FileField(_l("Roster file"))
    paste = paste_field()


class ApplyForm(FlaskForm):
    provenance = TextAreaField(
        _l("Where does this list come from?"),
        description=_l(
            "For example: exported from the school office's list on 3 March. Kept with the import."
        ),
        validators=[DataRequired(_l("Write where the list comes from.")), Length(max=1000)],
    )


class FormAnswersForm(FlaskForm):
    file = FileField(_l("File with the answers"))
    paste = paste_field(_l("Or paste the rows from the sheet"))


class BringInForm(FlaskForm):
    """`tells`: everybody who comes in gets the mail that they would get by registering here. `cancels`: places here of those
    who say no in the form since."""

    tells = BooleanField(_l("Mail them what became of their answer"))
    cancels = BooleanField(_l("Cancel the places of those who say now that they don't come"))
