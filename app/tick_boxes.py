"""A form's field of several tick boxes."""

from __future__ import annotations

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class TicksField(SelectMultipleField):
    """Several of several."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
