"""Sentences for the reason codes of registrations."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "too_many_proofs": _l("Too many requests came from this connection. Try again in an hour."),
    "too_many_codes": _l("Too many codes were tried from this connection. Try again in an hour."),
    "code_wrong": _l("That code doesn't fit. Check it once more, or have a new one sent."),
    "code_used_up": _l(
        "That was one wrong code too many, so this mail's code no longer works. Have a new one sent."
    ),
    "proof_used": _l(
        "This link was used already. Go on in the browser where you opened it, or ask for a new mail."
    ),
    "proof_unknown": _l("This link isn't complete. Open it from the mail again, or type the code."),
    "proof_expired": _l("That took a while, so please prove your address once more."),
    "not_eligible": _l("This meetup isn't for your cohort. If that is wrong, write to the organizer."),
    "bad_phone": _l("That doesn't look like a Korean phone number. Write it as 010-1234-5678."),
    "already_admitted": _l("You have checked in already, so there is nothing to cancel."),
    "not_endable": _l("This registration can't be changed any more."),
    "no_ticket_to_reissue": _l("Only a confirmed registration has a ticket."),
}
