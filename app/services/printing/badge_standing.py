"""Which printed badges hold still. One whose ticket was issued anew since, so that the code on it is dead, does not, nor one on
which something else stands by now: another name, cohort, affiliation, role or table, or whether pictures may be taken.

Of each badge the latest print counts. What stood on it is kept as a keyed digest, of that one person alone: the meetup's title, a
cohort's own name and the design are everybody's, and whoever changes them prints all anew. One printed before digests were kept
holds.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select

from app.db import db
from app.domain.printing.designs import Design, Part
from app.keys import keys
from app.models import BadgePrint, ExtraBadge, Meetup, PrintedBadge, Ticket
from app.services.printing import badge_people, extra_badges
from app.services.printing.badge_people import EXTRA, Piece, Someone

AT_ONCE = 1_000


def standing(meetup_id: int, *of_these: ColumnElement[bool]) -> frozenset[Piece]:
    """What was printed and holds; `of_these`: of these printed badges alone."""
    rows = db.session.execute(_latest(meetup_id, *of_these)).all()
    held = {piece_of(row) for row in rows if row.digest is None}
    alike = _alike(meetup_id, {row.print_id for row in rows if row.digest is not None})
    for design in {id(each): each for each in alike.values()}.values():
        told = [row for row in rows if alike.get(row.print_id) is design and row.digest is not None]
        now = digests(meetup_id, design, [piece_of(row) for row in told])
        held |= {piece for row in told if now.get(piece := piece_of(row)) == row.digest}
    return frozenset(held)


def digests(meetup_id: int, design: Design, pieces: Sequence[Piece]) -> dict[Piece, str]:
    """Of what stands now on each of these badges that is its own person's, by a design."""
    meetup, found = db.session.get_one(Meetup, meetup_id), dict[Piece, str]()
    secret = keys().link + b"|badge"
    for start in range(0, len(pieces), AT_ONCE):
        some = pieces[start : start + AT_ONCE]
        people = badge_people.of(meetup, {key for key, number in some if number != EXTRA}, design.tags)
        extras = extra_badges.by_ids(meetup_id, {key for key, number in some if number == EXTRA})
        for piece, said in _said(some, people, extras, design):
            text = json.dumps(said, ensure_ascii=False).encode()
            found[piece] = hmac.digest(secret, text, "sha256").hex()[:32]
    return found


def piece_of(row: Any) -> Piece:
    return (row.extra_id, EXTRA) if row.extra_id else (row.registration_id, row.companion)


def _said(
    pieces: Sequence[Piece], people: Mapping[int, Someone], extras: Mapping[int, ExtraBadge], design: Design
) -> Iterator[tuple[Piece, list[Any]]]:
    for key, number in pieces:
        if number == EXTRA:
            if extra := extras.get(key):
                yield (key, number), [extra.name, extra.line, extra.kind]
        elif someone := people.get(key):
            own = _own(someone, design) if number == 0 else [_companion(someone, number)]
            yield (key, number), [someone.name, *own, *_of_all(someone, design)]


def _own(someone: Someone, design: Design) -> list[Any]:
    told = {
        Part.COHORT: someone.cohort_id,
        Part.NICKNAME: someone.nickname,
        Part.AFFILIATION: someone.affiliation,
        Part.ROLE: [someone.role, *someone.tags],
    }
    return [value if part in design.parts else None for part, value in told.items()]


def _companion(someone: Someone, number: int) -> str:
    names = someone.companion_names
    return names[number - 1] if number <= len(names) else ""


def _of_all(someone: Someone, design: Design) -> list[Any]:
    told = {Part.PHOTOS: someone.photos, Part.TABLE: someone.table}
    return [value if part in design.parts else None for part, value in told.items()]


def _alike(meetup_id: int, prints: Collection[int]) -> dict[int, Design]:
    """Each print's design, one and the same for all by which the same is told of a person."""
    found, same = dict[int, Design](), dict[Any, Design]()
    query = select(BadgePrint.id, BadgePrint.design).where(BadgePrint.meetup_id == meetup_id)
    for row in db.session.execute(query):
        if row.id in prints:
            design = Design.of(row.design)
            found[row.id] = same.setdefault((design.parts, design.tags), design)
    return found


def _latest(meetup_id: int, *of_these: ColumnElement[bool]) -> Any:
    """The latest print of each badge, if no newer ticket made it void."""
    here = select(BadgePrint.id).where(BadgePrint.meetup_id == meetup_id)
    each = PrintedBadge.registration_id, PrintedBadge.extra_id, PrintedBadge.companion
    latest = select(func.max(PrintedBadge.id)).where(PrintedBadge.print_id.in_(here), *of_these)
    columns: tuple[Any, ...] = (*each, PrintedBadge.print_id, PrintedBadge.digest)
    query = select(*columns).join(BadgePrint, BadgePrint.id == PrintedBadge.print_id)
    return query.where(PrintedBadge.id.in_(latest.group_by(*each)), _has_no_newer_ticket())


def _has_no_newer_ticket() -> ColumnElement[bool]:
    """Of a printed badge: that it has no code, or that no ticket was issued since."""
    newer = select(Ticket.id).where(
        Ticket.registration_id == PrintedBadge.registration_id,
        Ticket.revoked_at.is_(None),
        Ticket.issued_at > PrintedBadge.at,
    )
    has_code = BadgePrint.design["parts"].as_string().contains(f'"{Part.QR}"')
    return not_(and_(has_code, newer.correlate(PrintedBadge).exists()))
