"""Draws before their deadline: a secret is fixed and its commitment published with the terms; other terms are
another commitment. Entries: draw_entries.py; the draw itself: draw_holding.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating import draw as rules_of_draws
from app.domain.seating.draw import Share, Terms
from app.domain.seating.draw_rules import DrawRules
from app.domain.seating.drawing import Drawing
from app.domain.seating.modes import Mode
from app.domain.seating.promises import Promises
from app.keys import keys
from app.models import Draw, DrawEntry, Meetup, Registration
from app.services.seating import draw_entries, promotion, seat_counts
from app.services.seating.draw_entries import current


@dataclass(frozen=True)
class Drawn:
    """Somebody in a draw. `total`: how many entered, once that is published."""

    draw: Draw
    entry: DrawEntry
    total: int


def all_of(meetup_id: int) -> Sequence[Draw]:
    """Every commitment of the meetup, the latest first."""
    return db.session.scalars(select(Draw).where(Draw.meetup_id == meetup_id).order_by(Draw.id.desc())).all()


def committed(meetup: Meetup | None) -> Draw | None:
    """The draw that the meetup is to hold, or held; None where there is none."""
    return current(db.session(), meetup.id) if meetup and meetup.mode is Mode.DRAW else None


def latest_of(meetup: Meetup) -> Draw | None:
    """What the public page tells of a draw: of the one that there is, or that one was given up."""
    return db.session.scalars(
        select(Draw).where(Draw.meetup_id == meetup.id).order_by(Draw.id.desc()).limit(1)
    ).one_or_none()


def of_registration(registration: Registration) -> Drawn | None:
    """What somebody's own page tells of the draw; None for who is in none."""
    draw = current(db.session(), registration.meetup_id)
    entry = draw_entries.of_registration(registration.id)
    if draw is None or entry is None:
        return None
    return Drawn(draw, entry, max(0, (draw.entries or "").count("\n") - 1))


def secret_of(draw: Draw) -> str:
    """Not to be told to anybody before the draw is held."""
    return tokens.draw_secret(keys().link, draw.uid)


def rules_as_typed(draw: Draw) -> DrawRules:
    """The terms, as the form that asks for them has them."""
    shares = draw.rules.shares
    return DrawRules(
        deadline=draw.deadline,
        known=draw.known_at,
        value=draw.rules.value,
        shares={int(cohort): shares.get(ordinal, Share()) for cohort, ordinal in draw.cohorts.items()},
    )


def typed_of(meetup_id: int) -> DrawRules | None:
    """The terms of the meetup's draw, as the form has them; None where it has none."""
    draw = current(db.session(), meetup_id)
    return rules_as_typed(draw) if draw else None


def terms_stay(meetup: Meetup) -> bool:
    """Whether nothing about the draw can be changed any more."""
    draw = committed(meetup)
    return draw is not None and (draw.held_at is not None or meetup.drawing(now()) is Drawing.CLOSED)


def preview(meetup: Meetup, wanted: DrawRules) -> Terms | None:
    """The terms that these would be published as; None where they are those of now. Refuses what `keep` does."""
    draw = current(db.session(), meetup.id)
    if not _differs(meetup, draw, wanted):
        return None
    return _terms(db.session(), meetup, draw, wanted)[0]


def keep(session: Session, meetup: Meetup, wanted: DrawRules | None, actor: str) -> bool:
    """Under the seat lock, of a meetup whose seats are drawn from now on: open its draw, or commit to other terms.

    None keeps the draw that there is. Whether anything changed. Nothing does once the deadline has passed.
    """
    draw = current(session, meetup.id)
    if wanted is None:
        if draw is None:
            raise Unusable({"draw_deadline": DomainError("time_missing")})
        return False
    if not _differs(meetup, draw, wanted):
        return False
    _commit(session, meetup, wanted, actor)
    return True


def follow(session: Session, meetup: Meetup, seats_before: int, actor: str) -> None:
    """The meetup was revised: other seats or cohorts are other terms. Raises `Unusable` where the draw can't
    be held any more as it was promised. `seats_before`: those that weren't reserved."""
    stands, draw = meetup.drawing(now()), current(session, meetup.id)
    if draw is None or stands is Drawing.NONE:
        return
    if draw.known_at >= meetup.starts_at:
        raise Unusable({"starts": DomainError("draw_known_after_start")})
    if stands is Drawing.ENTERING and meetup.closes_at and meetup.closes_at < draw.deadline:
        raise Unusable({"closes": DomainError("draw_deadline_after_closing")})
    if stands is Drawing.CLOSED:
        seating = seat_counts.seating_of(session, meetup)
        lacking = seating.over_by or seating.free < seating.kept.reserved.unused
        if _seats(meetup) < seats_before and lacking:
            raise Unusable({"capacity": DomainError("draw_seats_promised", seats=meetup.draw_seats)})
        return
    if _seats(meetup) == seats_before and _ordinals(meetup, draw) == _named(draw):
        return
    meetup.draw_seats = 0
    session.flush()
    promotion.promote(session, meetup)  # whoever waited before there was a draw goes first
    try:
        _commit(session, meetup, rules_as_typed(draw), actor)
    except Unusable as refusal:
        raise Unusable({"capacity": next(iter(refusal.problems.values()))}) from refusal


def _seats(meetup: Meetup) -> int:
    return meetup.capacity - meetup.reserved_seats


def give_up(session: Session, meetup: Meetup) -> bool:
    """Seats are given in another way from now on; what was committed to stays published, and that it ended.

    Whether there was a draw.
    """
    if current(session, meetup.id) is None:
        return False
    _end(session, meetup)
    return True


def _differs(meetup: Meetup, draw: Draw | None, wanted: DrawRules) -> bool:
    """Whether these are other terms than those of now. Refuses ones that come too late."""
    if draw and _same(wanted, draw):
        return False
    if draw and (draw.held_at or meetup.drawing(now()) is Drawing.CLOSED):
        raise DomainError("draw_held_already" if draw.held_at else "draw_deadline_passed")
    wanted.require_usable()
    wanted.require_in_time(now(), starts_at=meetup.starts_at, closes_at=meetup.closes_at)
    return True


def _terms(
    session: Session, meetup: Meetup, before: Draw | None, wanted: DrawRules
) -> tuple[Terms, dict[int, int]]:
    """The terms, and the ordinals by which they name the cohorts."""
    ordinals = _ordinals(meetup, before) if before else {c.id: c.ordinal for c in meetup.cohorts}
    return wanted.terms(_free(session, meetup), ordinals), ordinals


def _commit(session: Session, meetup: Meetup, wanted: DrawRules, actor: str) -> None:
    terms, ordinals = _terms(session, meetup, current(session, meetup.id), wanted)
    _end(session, meetup)
    session.add(_committed(meetup, wanted, terms, ordinals, actor))
    meetup.draw_until, meetup.draw_seats = wanted.deadline, terms.seats
    session.flush()


def _committed(meetup: Meetup, wanted: DrawRules, terms: Terms, ordinals: dict[int, int], actor: str) -> Draw:
    draw = Draw(
        meetup_id=meetup.id,
        uid=tokens.uid(),
        terms=terms.text(),
        cohorts={str(cohort): ordinal for cohort, ordinal in ordinals.items()},
        deadline=wanted.deadline,
        known_at=wanted.known,
        actor=actor,
    )
    draw.commitment = rules_of_draws.commitment(secret_of(draw), draw.terms)
    return draw


def _end(session: Session, meetup: Meetup) -> None:
    if draw := current(session, meetup.id):
        draw.ended_at = now()
    meetup.draw_until, meetup.draw_closed, meetup.draw_seats = None, False, 0
    session.flush()


def _free(session: Session, meetup: Meetup) -> int:
    """The seats that a draw can give: those that are free and not reserved, apart from what a draw was promised before."""
    seating = replace(seat_counts.seating_of(session, meetup, Promises(meetup.reserved_seats)), promised=0)
    free = seating.common
    if not free:
        raise Unusable({"draw_shares": DomainError("draw_without_seats")})
    return free


def _same(wanted: DrawRules, draw: Draw) -> bool:
    """Whether these are the terms as they stand."""
    before = rules_as_typed(draw)
    shares = {cohort: wanted.shares.get(cohort, Share()) for cohort in before.shares}
    plain = (wanted.deadline, wanted.known, wanted.value.strip())
    return plain == (before.deadline, before.known, before.value) and shares == before.shares


def _ordinals(meetup: Meetup, draw: Draw) -> dict[int, int]:
    """The cohorts that the terms name: those that may come, and those that could when somebody entered."""
    return _named(draw) | {c.id: _named(draw).get(c.id, c.ordinal) for c in meetup.cohorts}


def _named(draw: Draw) -> dict[int, int]:
    return {int(cohort): ordinal for cohort, ordinal in draw.cohorts.items()}
