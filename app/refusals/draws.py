"""Sentences for the reason codes of draws: terms that can't be kept or would be read in two ways."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "draw_value_unnamed": _l(
        "Name the public value that decides, on one line: for example a stock index's close."
    ),
    "draw_value_without_digits": _l(
        "This value has no digit in it. Enter the number as its source prints it."
    ),
    "draw_weight_out_of_range": _l(
        "A cohort's weight is a whole number from 1 to %(most)s, its minimum 0 or more."
    ),
    "draw_minimum_over_seats": _l(
        "The cohorts' minimums come to %(promised)s seats, but there are %(seats)s. Lower a minimum or add seats."
    ),
}
