"""What papers, parts, colours and roles are called: on the page, and on the badge itself."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import guest_words
from app.domain.printing.designs import ExtraKind, Paper, Part
from app.domain.registering.registrations import Status
from app.models import Cohort
from app.services.printing.badge_people import Someone

PAPERS = {
    Paper.A4_8: _l("A4 labels, 8 a sheet: 99.1 × 67.7 mm"),
    Paper.A4_10: _l("A4 labels, 10 a sheet: 99.1 × 57 mm"),
    Paper.A4_CARDS: _l("A4 cards to cut, 10 a sheet: 90 × 55 mm"),
    Paper.A4_FOLDED: _l("A4 to cut into four, each folded: 105 × 74 mm on both sides"),
    Paper.A6_FOLDED: _l("A6 folded: 105 × 74 mm on both sides"),
    Paper.LABEL: _l("Label printer, one a page: 100 × 70 mm"),
    Paper.OWN: _l("Own measures"),
}
PARTS = {
    Part.TITLE: _l("The meetup's title"),
    Part.COHORT: _l("Cohort, on its colour"),
    Part.NICKNAME: _l("Nickname from their card, of who wants it there"),
    Part.AFFILIATION: _l("Affiliation from their card, of who wants it there"),
    Part.ROLE: _l("Role: as what a seat is reserved, and chosen tags"),
    Part.PHOTOS: _l("“No photo consent”, for who has not consented"),
    Part.TABLE: _l("Table, once people see theirs"),
    Part.QR: _l("QR code of the ticket"),
}
COLOURS = {
    "teal": _l("Teal"),
    "blue": _l("Blue"),
    "orange": _l("Orange"),
    "violet": _l("Violet"),
    "green": _l("Green"),
    "red": _l("Red"),
    "sky": _l("Sky blue"),
    "pink": _l("Pink"),
    "brown": _l("Brown"),
    "navy": _l("Navy"),
    "olive": _l("Olive"),
    "slate": _l("Slate"),
}
EXTRAS = {
    ExtraKind.STAFF: _l("Staff"),
    ExtraKind.SPEAKER: _l("Speaker"),
    ExtraKind.GUEST: _l("Guest"),
}
"""On the badge, and in the list of those without a registration."""
STATUSES = {
    Status.CONFIRMED: _l("Confirmed"),
    Status.OFFERED: _l("Seat offered"),
    Status.WAITLISTED: _l("Waitlisted"),
    Status.APPLIED: _l("Applied"),
}
"""Of whom badges may be wanted."""


def role(someone: Someone) -> str:
    """As what a seat is reserved for them, and the tags that the design prints."""
    known = [str(guest_words.ROLES[someone.role])] if someone.role else []
    return " · ".join(dict.fromkeys([*known, *someone.tags]))


def cohort(someone: Someone, locale: str) -> str:
    """Its own name, else its number; empty without one."""
    if someone.cohort_id is None:
        return ""
    named = someone.cohort_ko if locale == "ko" else someone.cohort_en
    return named or _("Cohort %(n)s", n=someone.ordinal)


def cohort_of(row: Cohort, locale: str) -> str:
    return (row.name_ko if locale == "ko" else row.name_en) or _("Cohort %(n)s", n=row.ordinal)


def companion(someone: Someone, number: int) -> str:
    """The name of a companion, or what stands in its place."""
    names = someone.companion_names
    return (names[number - 1] if number <= len(names) else "") or _("Companion")
