"""Sentences for the reason codes of draws: terms that can't be kept or would be read in two ways."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    # terms
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
    "draw_known_too_early": _l(
        "The public value must become known after the deadline. Choose a later time, or an earlier deadline."
    ),
    "draw_known_after_start": _l(
        "The meetup begins before the draw's public value is known. Choose an earlier value, or a later start."
    ),
    "draw_deadline_in_the_past": _l("This deadline has passed. Choose a later one."),
    "draw_deadline_after_closing": _l(
        "Registration closes before the draw's deadline. Let people register until the deadline, or choose an earlier one."
    ),
    "draw_without_seats": _l("No seat is free to be drawn. Add seats first."),
    "draw_seats_promised": _l(
        "The deadline of the draw has passed: its %(seats)s seats are promised. Hold the draw, then lower the seats."
    ),
    "draw_deadline_passed": _l(
        "The deadline has passed, so the terms stay as they are published. You can still give the draw up: "
        "choose another way to give seats."
    ),
    "lacks_draw": _l("The terms of the draw: until when, and which public value decides"),
    # holding it
    "draw_values_differ": _l("You typed two different values. Look at the source again."),
    "draw_value_not_known": _l("The public value isn't known yet by the terms. Come back then."),
    "draw_held_already": _l("The draw is held already. Its result stands."),
    "draw_replaced": _l("The terms changed, or the draw was given up, while this page was open. Look again."),
    "draw_secret_lost": _l(
        "The secret no longer fits its commitment: this installation's link key was changed. The draw can't be held. "
        "Choose another way to give seats; everybody in the draw is told."
    ),
    # what the draw does not allow
    "draw_decides": _l(
        "A draw decides about those who applied. Hold it first, or choose another way to give seats."
    ),
    "draw_entries_fixed": _l(
        "The entries of the draw are fixed, so they can't enter it again. They can register anew for the waitlist."
    ),
    # checking
    "draw_file_unreadable": _l("%(name)s isn't the file that was published: a part of it can't be read."),
    "draw_commitment_broken": _l("The secret and the terms aren't those that were committed to."),
    "draw_result_differs": _l("The published result isn't the one that these files lead to."),
}
