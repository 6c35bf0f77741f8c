"""What the mails of somebody in a draw say about it, and the mail that asks organizers for its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import i18n, links
from app.db import db
from app.models import Draw, DrawEntry, Meetup, MeetupState, OutboxMail, Registration
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import meetup_values


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


def load(mails: Sequence[OutboxMail]) -> Mapping[int, tuple[Draw, Meetup]]:
    """Draws with their meetups, in one query for the whole batch."""
    ids = {mail.params["draw"] for mail in mails}
    rows = db.session.execute(
        select(Draw, Meetup)
        .join(Meetup, Meetup.id == Draw.meetup_id)
        .where(Draw.id.in_(ids))
        .options(joinedload(Meetup.program, innerjoin=True))
        .execution_options(populate_existing=True)
    ).all()
    found = {draw.id: (draw, meetup) for draw, meetup in rows}
    return {mail.id: found[mail.params["draw"]] for mail in mails if mail.params["draw"] in found}


def write(mail: OutboxMail, facts: tuple[Draw, Meetup] | None) -> Letter | None:
    """None where somebody entered the value meanwhile, or nobody has to any more."""
    if facts is None:
        return None
    draw, meetup = facts
    if draw.held_at or draw.ended_at or meetup.state is MeetupState.CALLED_OFF:
        return None
    page = links.external("meetups.draw", program=meetup.program.slug, slug=meetup.slug)
    return Letter(mail.kind, meetup_values(meetup, mail.locale) | {"value": draw.rules.value, "link": page})


KINDS = {"draw_value_due": Kind(write, load)}
