"""What the audit trail can be asked about."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l


class Area(enum.StrEnum):
    """What organizers ask the trail about."""

    LOOKS = "looks"
    DOWNLOADS = "downloads"
    REGISTRATIONS = "registrations"
    SEATS = "seats"
    DOOR = "door"
    LISTS = "lists"
    MEETUP = "meetup"
    MAILS = "mails"
    FEE = "fee"
    PRIVACY = "privacy"
    RIGHTS = "rights"


AREAS = {
    Area.LOOKS: _l("Looked at personal data"),
    Area.DOWNLOADS: _l("Took personal data away"),
    Area.REGISTRATIONS: _l("Registrations"),
    Area.SEATS: _l("Seats and the line"),
    Area.DOOR: _l("The door"),
    Area.LISTS: _l("Lists and people"),
    Area.MEETUP: _l("The meetup and its texts"),
    Area.MAILS: _l("Invitations and mails"),
    Area.FEE: _l("Fee"),
    Area.PRIVACY: _l("Own data, erasing"),
    Area.RIGHTS: _l("Accounts and rights"),
}
