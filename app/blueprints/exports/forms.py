"""The shape of an export's order."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from app.domain.writing.kept_texts import one_line
from app.file_fields import reason_field
from app.services.organizing import column_sets
from app.tick_boxes import TicksField
from app.typed_texts import no_resident_number


class ExportForm(FlaskForm):
    columns = TicksField(_l("Columns"), validators=[DataRequired(_l("Choose at least one column."))])
    statuses = TicksField(_l("Which registrations"))
    cohorts = TicksField(_l("Which cohorts"), coerce=int)
    consents = TicksField(_l("Only who consented to"))
    several = RadioField(_l("Questions with several answers"), default="cell")
    sheets = RadioField(_l("Sheets of the workbook"), default="one")
    kind = RadioField(_l("File"), default="xlsx")
    set_name = StringField(
        _l("Keep these columns for next time, as"), validators=[Length(max=column_sets.LONGEST)]
    )
    reason = reason_field(_l("For example: name badges for the 14th. Kept in the audit log."))


class SetNameForm(FlaskForm):
    set_name = StringField(
        filters=[one_line],
        validators=[
            DataRequired(_l("Write a name for these columns.")),
            Length(max=column_sets.LONGEST, message=_l("At most %(max)d characters, please.")),
            no_resident_number,
        ],
    )


class ColumnSetForm(SetNameForm):
    """What an export's form says of columns, to be kept."""

    columns = TicksField(validators=[DataRequired(_l("Choose at least one column."))])
    several = RadioField(default="cell")
