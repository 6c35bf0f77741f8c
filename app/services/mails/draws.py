"""What the mails of somebody in a draw say about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app import i18n, links
from app.db import db
from app.models import Draw, DrawEntry, Registration


@dataclass(frozen=True)
class DrawFacts:
    """`place` in drawn order; None until then."""

    pseudonym: str
    place: int | None
    draw: Draw
    registration: Registration

    @property
    def until(self) -> str:
        """Until when one enters, in words."""
        return i18n.stamp(self.registration.meetup.local(self.draw.deadline))

    @property
    def known(self) -> str:
        """When the public value will be known, in words."""
        return i18n.stamp(self.registration.meetup.local(self.draw.known_at))

    @property
    def value(self) -> str:
        """Which public value, in the organizer's words."""
        return self.draw.rules.value

    @property
    def page(self) -> str:
        return links.external("rsvp.draw", slug=self.registration.meetup.slug)


def draw_facts(registrations: Iterable[Registration]) -> Mapping[int, DrawFacts]:
    """Of those who are in their meetup's draw, by registration; two queries, or none."""
    rows = {row.id: row for row in registrations}
    if not rows:
        return {}
    meetups = {row.meetup_id for row in rows.values()}
    current = select(Draw).where(Draw.meetup_id.in_(meetups), Draw.ended_at.is_(None))
    draws = {draw.meetup_id: draw for draw in db.session.scalars(current)}
    entries = db.session.scalars(select(DrawEntry).where(DrawEntry.registration_id.in_(rows)))
    return {
        entry.registration_id: DrawFacts(entry.pseudonym, entry.place, draw, row)
        for entry in entries
        if (row := rows[entry.registration_id]) and (draw := draws.get(row.meetup_id))
    }
