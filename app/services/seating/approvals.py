"""Approval: organizers decide about those who applied, many at once, and can take a refusal back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.approvals import Decision, Wish, approved
from app.domain.seating.drawing import Drawing
from app.domain.seating.modes import Mode
from app.models import IS_ACTIVE, Claim, Meetup, Person, Registration, RegistrationEvent
from app.services import audit
from app.services.meeting import tables
from app.services.registering import tickets
from app.services.registering.registration_changes import change, held_with_meetup, owe
from app.services.seating import draw_entries, promotion, seat_counts, waitlist
from app.services.seating.windows import require_ahead

DECIDED = frozenset({Status.APPLIED, Status.PENDING})
"""Who stood so was refused; anybody else had a place, which was cancelled."""


@dataclass(frozen=True)
class Decided:
    """How many the decision reached. `gone`: they withdrew, or somebody else had decided already."""

    seated: int = 0
    waiting: int = 0
    declined: int = 0
    gone: int = 0


def applicants(meetup_id: int, cohort_id: int | None, *, start: int, size: int) -> Sequence[Registration]:
    """A page of those who wait for a decision, in the order in which they applied; one more than `size` when there
    is a next page."""
    rows = _applied(meetup_id).options(*_SHOWN).order_by(Registration.rank)
    if cohort_id is not None:
        rows = rows.where(Registration.cohort_id == cohort_id)
    return db.session.scalars(rows.offset(start).limit(size + 1)).all()


def counts_by_cohort(meetup_id: int) -> dict[int | None, int]:
    """How many wait for a decision, by cohort."""
    query = _applied(meetup_id).with_only_columns(Registration.cohort_id, func.count())
    return dict(db.session.execute(query.group_by(Registration.cohort_id)).all())


def not_selected(meetup_id: int, limit: int) -> Sequence[Registration]:
    """Whom the organizers did not select, the latest first; those who registered again are not among them."""
    was_applied = state_before(Registration.id) == Status.APPLIED
    declined = Registration.meetup_id == meetup_id, Registration.status == Status.DECLINED
    query = select(Registration).where(*declined, was_applied)
    newest = query.options(*_SHOWN).order_by(Registration.status_at.desc(), Registration.id.desc())
    return db.session.scalars(newest.limit(limit)).all()


def was_not_selected(registration: Registration) -> bool:
    """Declined as an applicant, not as somebody who had a place."""
    before = select(state_before(registration.id))
    return registration.status is Status.DECLINED and db.session.scalar(before) == Status.APPLIED


def chosen(meetup_id: int, references: frozenset[str]) -> Sequence[Registration]:
    """Those of the named who still wait for a decision, in their order."""
    return db.session.scalars(_named(meetup_id, references).options(*_SHOWN)).all()


def decide(meetup_id: int, wish: Wish, actor: str) -> Decided:
    """Do it for all who are named and still wait for a decision; each of them is told by mail."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_deciding(meetup)
        rows = list(session.scalars(_named(meetup_id, wish.references).with_for_update()))
        decided = _decided(session, meetup, rows, wish, actor)
        audit.record(
            session,
            f"applications.{wish.decision.value}",
            meetup,
            actor,
            program_id=meetup.program_id,
            registrations=[row.id for row in rows],
            seated=decided.seated,
            waiting=decided.waiting,
            declined=decided.declined,
        )
        promotion.promote(session, meetup)
        return decided


def require_deciding(meetup: Meetup) -> None:
    """Refuse where nobody decides about applications: it is called off or over, or a draw decides."""
    require_ahead(meetup)
    if meetup.drawing(now()) is not Drawing.NONE:
        raise DomainError("draw_decides")


def take_back(registration_id: int, actor: str) -> Registration:
    """A refusal or a cancellation by an organizer is undone.

    Who had a seat has it again, with the same ticket and table, as long as seats are free that nobody else got meanwhile;
    who had applied, or asked for a list check, waits for a decision again; anybody else waits in line where they were.
    One mail tells them how they stand.
    """
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        lost_at, after = registration.status_at, _reopened(session, meetup, registration)
        if after is Status.CONFIRMED and not waitlist.has_room(session, meetup, registration):
            after = Status.WAITLISTED
        change(session, [registration], after, actor)
        if after is Status.CONFIRMED:
            tickets.give_back(session, registration, lost_at)
            tables.sit_again(meetup.id, registration.id, session)
        if after is Status.PENDING:
            _undecide(session, registration)
        if meetup.mode is Mode.DRAW:
            draw_entries.enter_all(session, meetup.id)
        act = (
            "registration.decline_taken_back" if after in DECIDED else "registration.cancellation_taken_back"
        )
        audit.record(session, act, registration, actor, program_id=meetup.program_id)
        promotion.promote(session, meetup)
        if registration.status is after:
            owe(session, f"registration_{after.value}", meetup, [registration], reopened=True)
        return registration


def may_take_back(registration_id: int) -> bool:
    """Whether `take_back` would."""
    registration = db.session.get_one(Registration, registration_id)
    try:
        _reopened(db.session(), registration.meetup, registration)
    except DomainError:
        return False
    return True


def _reopened(session: Session, meetup: Meetup, registration: Registration) -> Status:
    """The state to which a refusal goes back, where a seat is left for it; refused where it can't."""
    require_ahead(meetup)
    if registration.status is not Status.DECLINED:
        raise DomainError("not_declined")
    if session.get_one(Person, registration.person_id).erased_at:
        raise DomainError("person_erased")
    _require_no_other(session, registration)
    before = session.scalar(select(state_before(registration.id)))
    after = before if before in DECIDED or before is Status.CONFIRMED else Status.WAITLISTED
    if after is Status.APPLIED and meetup.mode is Mode.DRAW:
        _require_entering(meetup)
    return after


def _decided(session: Session, meetup: Meetup, rows: list[Registration], wish: Wish, actor: str) -> Decided:
    gone = len(wish.references) - len(rows)
    told = {"note": wish.note} if wish.note and wish.note_in_mail else {}
    if wish.decision is Decision.DECLINE:
        change(session, rows, Status.DECLINED, actor, wish.note)
        owe(session, "registration_not_selected", meetup, rows, **told)
        return Decided(declined=len(rows), gone=gone)
    fit: list[int] = []
    if wish.decision is Decision.APPROVE:
        parties = seat_counts.parties_of(session, meetup, rows)
        fit = approved(seat_counts.seating_of(session, meetup), parties, wish.rest)
    seated = [rows[index] for index in fit]
    waiting = [row for row in rows if row not in seated]
    promotion.seat(session, meetup, seated, actor, wish.note, mail="registration_confirmed", **told)
    change(session, waiting, Status.WAITLISTED, actor, wish.note)
    owe(session, "registration_waitlisted", meetup, waiting, **told)
    return Decided(seated=len(seated), waiting=len(waiting), gone=gone)


def _require_entering(meetup: Meetup) -> None:
    """They are in the draw again, under the pseudonym that they had."""
    if meetup.drawing(now()) is not Drawing.ENTERING:
        raise DomainError("draw_entries_fixed")


def _undecide(session: Session, registration: Registration) -> None:
    """The list check is as it was before it was decided."""
    undecided = {"decided_at": None, "decided_by": "", "reason": "", "person_id": None}
    session.execute(update(Claim).where(Claim.registration_id == registration.id).values(undecided))


def _require_no_other(session: Session, registration: Registration) -> None:
    other = select(Registration.id).where(
        Registration.meetup_id == registration.meetup_id,
        Registration.person_id == registration.person_id,
        IS_ACTIVE,
    )
    if session.scalars(other).first() is not None:
        raise DomainError("registered_again")


def _applied(meetup_id: int) -> Select[Registration]:
    return select(Registration).where(
        Registration.meetup_id == meetup_id, Registration.status == Status.APPLIED
    )


def _named(meetup_id: int, references: frozenset[str]) -> Select[Registration]:
    named = _applied(meetup_id).where(Registration.reference.in_(references))
    return named.order_by(Registration.rank)


def state_before(registration_id: Any) -> ScalarSelect[Status | None]:
    """In a statement: the state before a registration's latest change."""
    return (
        select(RegistrationEvent.before)
        .where(RegistrationEvent.registration_id == registration_id)
        .order_by(RegistrationEvent.id.desc())
        .limit(1)
        .correlate(Registration)
        .scalar_subquery()
    )


_SHOWN = (joinedload(Registration.person, innerjoin=True), joinedload(Registration.cohort))
