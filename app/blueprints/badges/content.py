"""A meetup's people as badges, in the words of the design's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app import hand_written
from app.blueprints.badges import words
from app.domain.door import tickets
from app.domain.printing.badges import Badge, marks
from app.domain.printing.colours import NEUTRAL
from app.domain.printing.designs import Design, Part
from app.domain.printing.marks import Mark
from app.models import ExtraBadge, Meetup
from app.printing import faces
from app.services.printing import badge_people, extra_badges
from app.services.printing.badge_people import EXTRA, Piece, Someone

AT_ONCE = 500  # people in one look at the database
INVENTED = (
    Someone("김동문", (), 1, 1, "", "", "동문이", "예시전자", None, "A" * 26, True),
    Someone("황보 선우남궁", (), 2, 2, "", "", "", "예시대학교 인공지능 연구소", None, "B" * 26, False),
    Someone("Alexandra Konstantinou", (), 3, 3, "", "", "Sasha", "Example Robotics", None, "C" * 26, True),
    Someone("金東文", (), 4, 4, "", "", "", "", None, "D" * 26, True),
)
"""Shown while nobody has a seat."""


def designs(meetup: Meetup, design: Design, pieces: Sequence[Piece]) -> Iterator[list[Mark]]:
    """One after another, in this order."""
    for part in _parts(pieces):
        people = badge_people.of(meetup, {key for key, number in part if number != EXTRA}, design.tags)
        extras = extra_badges.by_ids(meetup.id, {key for key, number in part if number == EXTRA})
        with force_locale(design.locale):
            drawn = [
                _placed(_extra(meetup, design, extras[key]), design)
                if number == EXTRA
                else _drawn(meetup, design, people[key], number)
                for key, number in part
            ]
        yield from drawn


def invented(meetup: Meetup, design: Design) -> list[list[Mark]]:
    with force_locale(design.locale):
        return [_drawn(meetup, design, someone, 0) for someone in INVENTED]


def to_be_written(meetup: Meetup) -> list[tuple[str, str, str]]:
    """Whose names have signs that no type here has: reference (none without a registration), name, and these signs."""
    seated = ((row.reference, (row.name, *row.companion_names)) for row in badge_people.seated(meetup.id))
    return hand_written.of(chain(seated, (("", (row.name,)) for row in extra_badges.of_meetup(meetup.id))))


def _parts(pieces: Sequence[Piece]) -> Iterable[Sequence[Piece]]:
    return (pieces[start : start + AT_ONCE] for start in range(0, len(pieces), AT_ONCE))


def _drawn(meetup: Meetup, design: Design, someone: Someone, number: int) -> list[Mark]:
    return _placed(_badge(meetup, design, someone, number), design)


def _placed(badge: Badge, design: Design) -> list[Mark]:
    return marks(badge, design.layout.face, faces.measure)


def _extra(meetup: Meetup, design: Design, row: ExtraBadge) -> Badge:
    """What was typed for a badge stands on it, whatever the design says of registrants. No code: there is no ticket."""
    return Badge(
        name=faces.printable(row.name),
        title=faces.printable(meetup.title(design.locale)) if Part.TITLE in design.parts else "",
        role=faces.printable(str(words.EXTRAS[row.kind])),
        affiliation=faces.printable(row.line),
    )


def _badge(meetup: Meetup, design: Design, someone: Someone, number: int) -> Badge:
    is_own, parts = number == 0, design.parts
    has_colour = is_own and someone.cohort_id is not None and Part.COHORT in parts

    def said(part: Part, text: str) -> str:
        return faces.printable(text) if part in parts else ""

    return Badge(
        name=faces.printable(someone.name if is_own else words.companion(someone, number)),
        title=said(Part.TITLE, meetup.title(design.locale)),
        cohort=said(Part.COHORT, words.cohort(someone, design.locale)) if is_own else "",
        colour=design.colour_of(someone.cohort_id or 0, someone.ordinal) if has_colour else NEUTRAL,
        role=said(Part.ROLE, words.role(someone)) if is_own else "",
        nickname=said(Part.NICKNAME, someone.nickname) if is_own else "",
        affiliation=said(Part.AFFILIATION, someone.affiliation) if is_own else "",
        with_whom="" if is_own else faces.printable(_("with %(name)s", name=someone.name)),
        no_photos=_("No photo consent") if Part.PHOTOS in parts and not someone.photos else "",
        table=said(Part.TABLE, _("Table %(n)s", n=someone.table)) if someone.table else "",
        code=_code(someone) if Part.QR in parts else "",
    )


def _code(someone: Someone) -> str:
    base = current_app.config["SETTINGS"].base_url
    return tickets.payload(base, someone.code) if someone.code else ""
