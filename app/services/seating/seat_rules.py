"""How a meetup gives its seats: its mode, how freed seats go on, and what a change of that does to people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.domain.seating.modes import IN_ORDER, Effect, InLine, Mode, without_choosing
from app.domain.seating.pools import Party
from app.domain.seating.promises import promises
from app.domain.seating.seat_rules import SeatRules
from app.models import Meetup, Registration
from app.services import audit
from app.services.organizing import meetup_times
from app.services.registering.registration_changes import change, owe
from app.services.seating import draw_entries, draws, offers, promotion, ranks, seat_counts, seat_pools
from app.services.seating.windows import require_ahead

COLUMNS = (
    "mode", "freed_seats", "offer_hours", "last_call_hours", "still_coming_hours", "release_hours", "no_shows_behind",
)  # fmt: skip
NO_LONGER_CHOSEN = "first come, first served"


def save(meetup_id: int, rules: SeatRules, actor: str) -> Meetup:
    """Keep the rules; raises `Unusable`. Seats that they let go on go on at once.

    Where nobody chooses any more, those who applied become one line with those who wait, by their ranks.
    """
    rules.require_usable()
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        held = meetup.puts_no_shows_behind
        changed = [name for name in COLUMNS if getattr(meetup, name) != getattr(rules, name)]
        for name in changed:
            setattr(meetup, name, getattr(rules, name))
        _require_quotas_in_time(meetup)
        meetup_times.follow(meetup)
        if _keep_draw(session, meetup, rules, actor):
            changed.append("draw")
        if not changed:
            return meetup
        meetup.version += 1
        audit.record(
            session, "seats.rules_changed", meetup, actor, program_id=meetup.program_id, changed=changed
        )
        if held and not meetup.puts_no_shows_behind:
            ranks.lift_all(session, meetup)
        if "mode" in changed:
            _tell_applicants(session, meetup, actor)
        offers.shorten(session, meetup, actor)
        promotion.promote(session, meetup)
        return meetup


def _require_quotas_in_time(meetup: Meetup) -> None:
    try:
        seat_pools.require_in_time(meetup)
    except DomainError as refusal:
        raise Unusable({"last_call_hours": refusal}) from refusal


def _keep_draw(session: Session, meetup: Meetup, rules: SeatRules, actor: str) -> bool:
    """Let there be the draw that the rules ask for, or none. Whether that changed something."""
    if rules.mode is Mode.DRAW:
        return draws.keep(session, meetup, rules.draw, actor)
    return draws.give_up(session, meetup)


def _tell_applicants(session: Session, meetup: Meetup, actor: str) -> None:
    """The mode is another one: those who applied get their seats, or read what they wait for now."""
    if meetup.mode in IN_ORDER:
        _line_up_applicants(session, meetup, actor)
        return
    if meetup.mode is Mode.DRAW:
        draw_entries.enter_all(session, meetup.id)
    owe(session, "registration_applied", meetup, _applied(session, meetup))


def effect_of(meetup: Meetup) -> Effect:
    """What would become of those who applied if nobody chose any more from now on."""
    reserved = seat_counts.has_reserved(Registration.meetup_id, Registration.person_id).label("reserved")
    rows = db.session.execute(
        select(Registration.status, Registration.companions, Registration.cohort_id, reserved)
        .where(
            Registration.meetup_id == meetup.id,
            Registration.status.in_((Status.APPLIED, Status.WAITLISTED)),
        )
        .order_by(Registration.rank)
    )
    line = [
        InLine(row.status is Status.APPLIED, Party(1 + row.companions, row.cohort_id, bool(row.reserved)))
        for row in rows
    ]
    kept = promises(meetup.reserved_seats, meetup.quotas, meetup.quotas_until, mode=Mode.FIRST_COME, at=now())
    seating = seat_counts.seating_of(db.session(), meetup, kept)
    return without_choosing(0 if promotion.stopped(meetup, None) else seating.free, seating.kept, line)


def _line_up_applicants(session: Session, meetup: Meetup, actor: str) -> None:
    applied = _applied(session, meetup)
    change(session, applied, Status.WAITLISTED, actor, NO_LONGER_CHOSEN)
    rows = promotion.first_in_line(session, meetup)
    for mail, some in (
        ("registration_confirmed", [row for row in rows if row in applied]),
        ("registration_promoted", [row for row in rows if row not in applied]),
    ):
        promotion.seat(session, meetup, some, actor, NO_LONGER_CHOSEN, mail=mail)
    waiting = [row for row in applied if row.status is Status.WAITLISTED]
    owe(session, "registration_waitlisted", meetup, waiting)


def _applied(session: Session, meetup: Meetup) -> list[Registration]:
    rows = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.status == Status.APPLIED
    )
    return list(session.scalars(rows.order_by(Registration.rank).with_for_update()))
