"""Sentences for the reason codes of a meetup's fee."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "fee_none": _l("This meetup is free. Set a fee first."),
    "fee_amount_unusable": _l("Write the amount in whole won, such as 30,000; %(most)s at the most."),
    "fee_account_missing": _l("Without it nobody can transfer anything. Fill it in."),
    "fee_days_unusable": _l("Write 1 to %(most)s days, or leave it empty."),
    "fee_until_too_late": _l("The date has to be before the meetup starts."),
    "fee_without_deadline": _l("Seats can only go on at a deadline. Write the days or a date."),
    "fee_depositor_unusable": _l("Write a name of at most %(most)s letters, as the bank shows it."),
    "fee_refund_account_unusable": _l("Write bank, number and holder, in at most %(most)s letters."),
    "fee_without_seat": _l("There is nothing to pay without a seat."),
    "fee_refunded": _l("This money was given back. Take that back first."),
    "fee_nothing_to_refund": _l("There is nothing to give back to this person."),
}
