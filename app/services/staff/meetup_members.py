"""Who may do what at one meetup: whoever organizes its whole programme gives, changes and takes these rights.

They are beside what somebody may do in the programme; the larger counts. Taking one away never leaves a programme without
an owner: owners are the programme's.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.models import MEETUP_ROLES, Account, Meetup, MeetupMembership, Role
from app.services import audit
from app.services.staff import browser_sessions, own_phones, standing


def change_role(meetup: Meetup, membership_id: int, role: Role, *, by: int) -> None:
    """Give another right; whoever loses some is signed out everywhere."""
    require_given_at_meetups(role)
    with transaction() as session:
        standing.require(session, meetup.program_id, by, Role.ORGANIZER)
        held = _held(session, meetup.id, MeetupMembership.id == membership_id)
        before = held.role
        if role is before:
            return
        held.role = role
        if not role.includes(before):
            _lose(session, held, by)
        audit.record(
            session,
            "member.role_changed",
            held,
            f"account:{by}",
            program_id=meetup.program_id,
            meetup=meetup.id,
            account=held.account_id,
            before=before.value,
            after=role.value,
        )


def remove(meetup: Meetup, membership_id: int, *, by: int) -> None:
    """Take the right away; they are signed out everywhere."""
    with transaction() as session:
        standing.require(session, meetup.program_id, by, Role.ORGANIZER)
        held = _held(session, meetup.id, MeetupMembership.id == membership_id)
        _lose(session, held, by)
        _take(session, held, meetup.program_id, "member.removed", by)


def leave(meetup: Meetup, account_id: int) -> None:
    """Give up one's own right at the meetup."""
    with transaction() as session:
        held = _held(session, meetup.id, MeetupMembership.account_id == account_id)
        own_phones.end(session, [held.meetup_id], account_id)
        _take(session, held, meetup.program_id, "member.left", account_id)


def take_all(session: Session, program_id: int, account_id: int, by: int) -> None:
    """With a membership go the rights at the programme's single meetups; in the caller's transaction."""
    query = (
        select(MeetupMembership)
        .join(MeetupMembership.meetup)
        .where(MeetupMembership.account_id == account_id, Meetup.program_id == program_id)
    )
    act = "member.left" if account_id == by else "member.removed"
    for held in session.scalars(query).all():
        _take(session, held, program_id, act, by)


def is_member(session: Session, meetup_id: int, key: str) -> bool:
    """Whether the account of that address has a right at the meetup."""
    query = (
        select(MeetupMembership.id)
        .join(MeetupMembership.account)
        .where(MeetupMembership.meetup_id == meetup_id, Account.address_key == key)
    )
    return session.scalar(query) is not None


def join(session: Session, meetup_id: int, account_id: int, role: Role) -> MeetupMembership:
    """Give the account the role at the meetup; a larger one that it has stays."""
    query = select(MeetupMembership).where(
        MeetupMembership.meetup_id == meetup_id, MeetupMembership.account_id == account_id
    )
    held = session.scalars(query).one_or_none()
    if held is None:
        held = MeetupMembership(meetup_id=meetup_id, account_id=account_id, role=role)
        session.add(held)
    elif not held.role.includes(role):
        held.role = role
    return held


def require_given_at_meetups(role: Role) -> None:
    """Raises `DomainError` for a role that only a programme has."""
    if role not in MEETUP_ROLES:
        raise DomainError("role_of_programs")


def _lose(session: Session, held: MeetupMembership, by: int) -> None:
    own_phones.end(session, [held.meetup_id], held.account_id)
    if held.account_id != by:
        browser_sessions.end_all(session, held.account_id)


def _take(session: Session, held: MeetupMembership, program_id: int, act: str, by: int) -> None:
    audit.record(
        session,
        act,
        held,
        f"account:{by}",
        program_id=program_id,
        meetup=held.meetup_id,
        account=held.account_id,
        role=held.role.value,
    )
    session.delete(held)


def _held(session: Session, meetup_id: int, which: object) -> MeetupMembership:
    query = select(MeetupMembership).where(MeetupMembership.meetup_id == meetup_id, which)  # type: ignore[arg-type]
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise DomainError("no_such_member")
    return found
