"""Sentences for the reason codes of exports."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "nothing_to_mail": _l("There is no seat and no place in line to write about."),
    "mail_on_its_way": _l("That mail is already on its way."),
    "address_taken": _l("This address belongs to somebody else of this programme. Look for them first."),
    "no_such_person": _l("This person is no longer there."),
    "no_such_address": _l("This address is no longer there."),
    "last_address": _l("This is their only address. Add another one first."),
    "address_on_roster": _l("A roster lists this person by this address, so it stays."),
}
