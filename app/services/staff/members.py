"""Who may do what in a programme: roles are given, changed and taken under the programme's lock.

The lock puts two owners who act at once in turn, and the one who comes second is judged anew, so a
programme is never left without an owner.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.models import Meetup, Membership, Role
from app.services import audit
from app.services.staff import browser_sessions, invitations, meetup_members, own_phones, standing


def change_role(program_id: int, membership_id: int, role: Role, *, by: int) -> None:
    """Give a member another role; one who loses rights is signed out everywhere."""
    with transaction() as session:
        standing.require(session, program_id, by, Role.OWNER)
        member = _member(session, program_id, membership_id)
        before = member.role
        if role is before:
            return
        if before is Role.OWNER:
            _require_another_owner(session, program_id)
        member.role = role
        if not role.includes(before):
            _end_sessions(session, member, by)
            invitations.withdraw_made_by(session, member, role, by)
        if not role.includes(Role.DOOR):
            _end_phones(session, member)
        audit.record(
            session,
            "member.role_changed",
            member,
            f"account:{by}",
            program_id=program_id,
            account=member.account_id,
            before=before.value,
            after=role.value,
        )


def remove(program_id: int, membership_id: int, *, by: int) -> None:
    """Take a member's role away; they are signed out everywhere."""
    with transaction() as session:
        standing.require(session, program_id, by, Role.OWNER)
        member = _member(session, program_id, membership_id)
        _remove(session, member, "member.removed", by)


def remove_within(session: Session, member: Membership, by: int) -> None:
    """The same in the caller's transaction, for whoever runs the installation and needn't own the programme."""
    standing.lock(session, member.program_id)
    _remove(session, member, "member.removed", by)


def leave(program_id: int, account_id: int) -> None:
    """Give up one's own role. The last owner cannot."""
    with transaction() as session:
        standing.lock(session, program_id)
        member = standing.of_account(session, program_id, account_id)
        if member is None:
            raise DomainError("no_such_member")
        _remove(session, member, "member.left", account_id)


def _remove(session: Session, member: Membership, act: str, by: int) -> None:
    if member.role is Role.OWNER:
        _require_another_owner(session, member.program_id)
    _end_sessions(session, member, by)
    _end_phones(session, member)
    meetup_members.take_all(session, member.program_id, member.account_id, by)
    invitations.withdraw_of_leaving(session, member, by)
    audit.record(
        session,
        act,
        member,
        f"account:{by}",
        program_id=member.program_id,
        account=member.account_id,
        role=member.role.value,
    )
    session.delete(member)


def _end_sessions(session: Session, member: Membership, by: int) -> None:
    """Whoever gives up rights themselves stays signed in: every request asks for the role anyway."""
    if member.account_id != by:
        browser_sessions.end_all(session, member.account_id)


def _end_phones(session: Session, member: Membership) -> None:
    meetups = session.scalars(select(Meetup.id).where(Meetup.program_id == member.program_id)).all()
    own_phones.end(session, meetups, member.account_id)


def _member(session: Session, program_id: int, membership_id: int) -> Membership:
    found = session.scalars(
        select(Membership).where(Membership.program_id == program_id, Membership.id == membership_id)
    ).one_or_none()
    if found is None:
        raise DomainError("no_such_member")
    return found


def _require_another_owner(session: Session, program_id: int) -> None:
    owners = session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.program_id == program_id, Membership.role == Role.OWNER)
    )
    if (owners or 0) < 2:
        raise DomainError("last_owner")
