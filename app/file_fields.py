"""What the forms have in common by which a list is taken away as a file: as what, and what for."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, Length

from app.typed_texts import no_resident_number

MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def reason_field(example: Any = "") -> StringField:
    """Why personal data leaves the server; it goes into the audit trail, which an `example` says."""
    return StringField(
        _l("What is the file for?"),
        description=example,
        validators=[DataRequired(_l("Write what the file is for.")), Length(max=500), no_resident_number],
    )


def kind_field() -> RadioField:
    """XLSX or CSV."""
    choices = [
        SelectChoice("xlsx", _l("Excel workbook (XLSX)")),
        SelectChoice("csv", _l("CSV, opens in Excel")),
    ]
    return RadioField(_l("File"), choices=choices, default="xlsx")
