"""What no text that organizers type about people may hold."""

from __future__ import annotations

from wtforms import Field, ValidationError

from app.domain.writing.resident_numbers import holds_resident_number
from app.refusals import sentence


def no_resident_number(_form: object, field: Field) -> None:
    """A validator: the law forbids keeping a resident registration number, in a note as anywhere."""
    if isinstance(field.data, str) and holds_resident_number(field.data):
        raise ValidationError(sentence("resident_number_typed"))
