"""A form's field of which one has to be chosen, and which says so in words of its own."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import RadioField
from wtforms.validators import StopValidation

MOST_NAMED = 60  # characters


class OneOf(RadioField):
    """Without a choice it asks for one, and names those that there are while that is a sentence."""

    def pre_validate(self, form: object) -> None:
        if self.data in {value for value, *_rest in self.iter_choices()}:
            return
        names = ", ".join(str(label) for _value, label, *_rest in self.iter_choices())
        asks = _("Choose one of these: %(names)s.", names=names)
        raise StopValidation(asks if len(names) <= MOST_NAMED else _("Choose one."))
