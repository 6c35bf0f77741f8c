"""Tickets: issued with a seat, revoked with its loss, found by the code that is shown at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, Select, select, update
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain import tokens
from app.domain.door import tickets
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.keys import keys
from app.models import Registration, Ticket
from app.prepared import Appending
from app.services import audit
from app.services.mails import outbox

_ISSUE = Appending(Ticket.__table__)


def issue(unit: Session | Connection, registrations: Sequence[Registration]) -> None:
    """Give each of these newly confirmed registrations its first ticket, in one statement."""
    at = now()
    rows = [_row(tokens.uid(), registration.id, 1) | {"issued_at": at} for registration in registrations]
    _ISSUE.add_all(connection_of(unit), rows)


def ensure(session: Session, registrations: Sequence[Registration]) -> None:
    """Give each of these who has no valid ticket one: the first, or the next after one that was revoked.

    Whoever lost a seat at the door kept theirs.
    """
    ids, at = [registration.id for registration in registrations], now()
    known = session.scalars(select(Ticket).where(Ticket.registration_id.in_(ids)).order_by(Ticket.revision))
    last = {ticket.registration_id: ticket for ticket in known}
    issue(session, [registration for registration in registrations if registration.id not in last])
    again = [ticket for ticket in last.values() if ticket.revoked_at]
    rows = [_row(ticket.uid, ticket.registration_id, ticket.revision + 1) for ticket in again]
    _ISSUE.add_all(session.connection(), [row | {"issued_at": at} for row in rows])


def give_back(session: Session, registration: Registration, lost_at: dt.datetime) -> None:
    """The ticket that was void from then on is good again: the one on their phone, in their mail, on paper."""
    last = session.scalars(_of(registration.id).order_by(Ticket.revision.desc()).limit(1)).one_or_none()
    if last and last.revoked_at and last.revoked_at >= lost_at:
        last.revoked_at = None
        session.flush()
    ensure(session, [registration])


def reissue(registration_id: int, actor: str, reason: str = "") -> Ticket:
    """A new code for a confirmed registration; the old one is refused at the door from now on.

    The new ticket goes out by mail, where there is an address.
    """
    with transaction() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        if registration.status is not Status.CONFIRMED:
            raise DomainError("no_ticket_to_reissue")
        ticket = replace(session, registration_id)
        program = registration.meetup.program_id
        if registration.address:
            outbox.enqueue(
                session,
                "registration_confirmed",
                registration.address,
                registration.locale,
                program_id=program,
                meetup_id=registration.meetup_id,
                registration_id=registration_id,
            )
        audit.record(session, "ticket.reissued", ticket, actor, program_id=program, reason=reason)
        return ticket


def replace(session: Session, registration_id: int) -> Ticket:
    """The next issue of a ticket that there is; the one before is void. In the caller's transaction."""
    last = session.scalars(_of(registration_id).order_by(Ticket.revision.desc()).limit(1)).one()
    revoke(session, registration_id)
    ticket = Ticket(**_row(last.uid, registration_id, last.revision + 1))
    session.add(ticket)
    session.flush()
    return ticket


def revoke(session: Session, *registration_ids: int) -> None:
    """Void whatever tickets these registrations have."""
    session.execute(
        update(Ticket)
        .where(Ticket.registration_id.in_(registration_ids), Ticket.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def current(registration_id: int) -> Ticket | None:
    """The registration's valid ticket."""
    return db.session.scalars(_of(registration_id).where(Ticket.revoked_at.is_(None))).one_or_none()


def find_by_code(code: str) -> Ticket | None:
    """The ticket of this code, valid or not, with its registration, person and meetup."""
    registration = joinedload(Ticket.registration, innerjoin=True)
    return db.session.scalars(
        select(Ticket)
        .where(Ticket.digest == tickets.digest(code))
        .options(
            registration.joinedload(Registration.person, innerjoin=True),
            registration.joinedload(Registration.meetup, innerjoin=True),
        )
    ).one_or_none()


def code_of(ticket: Ticket) -> str:
    """The code that the ticket's QR carries, derived anew."""
    return tickets.derive_code(keys().ticket, ticket.uid, ticket.revision)


def _of(registration_id: int) -> Select[Ticket]:
    return select(Ticket).where(Ticket.registration_id == registration_id)


def _row(uid: str, registration_id: int, revision: int) -> dict[str, object]:
    code = tickets.derive_code(keys().ticket, uid, revision)
    return {
        "uid": uid,
        "registration_id": registration_id,
        "revision": revision,
        "digest": tickets.digest(code),
    }
