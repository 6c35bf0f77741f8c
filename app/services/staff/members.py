"""Who may do what in a programme: roles are given, changed and taken under the programme's lock.

The lock puts two owners who act at once in turn, and the one who comes second is judged anew, so a
programme is never left without an owner.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.models import Membership, Program, Role
from app.services import audit
from app.services.staff import browser_sessions


def change_role(program_id: int, membership_id: int, role: Role, *, by: int) -> None:
    """Give a member another role; one who loses rights is signed out everywhere."""
    with transaction() as session:
        require_owner(session, program_id, by)
        member = _member(session, program_id, membership_id)
        before = member.role
        if role is before:
            return
        if before is Role.OWNER:
            _require_another_owner(session, program_id)
        member.role = role
        if not role.includes(before):
            _end_sessions(session, member, by)
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
        require_owner(session, program_id, by)
        member = _member(session, program_id, membership_id)
        _remove(session, member, "member.removed", by)


def leave(program_id: int, account_id: int) -> None:
    """Give up one's own role. The last owner cannot."""
    with transaction() as session:
        _lock(session, program_id)
        member = _of_account(session, program_id, account_id)
        if member is None:
            raise DomainError("no_such_member")
        _remove(session, member, "member.left", account_id)


def require_owner(session: Session, program_id: int, account_id: int) -> Program:
    """Lock the programme and make sure that the account owns it now, not when the page was opened."""
    program = _lock(session, program_id)
    member = _of_account(session, program_id, account_id)
    if member is None or member.role is not Role.OWNER:
        raise DomainError("no_longer_owner")
    return program


def _remove(session: Session, member: Membership, act: str, by: int) -> None:
    if member.role is Role.OWNER:
        _require_another_owner(session, member.program_id)
    _end_sessions(session, member, by)
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


def _lock(session: Session, program_id: int) -> Program:
    return session.scalars(select(Program).where(Program.id == program_id).with_for_update()).one()


def _member(session: Session, program_id: int, membership_id: int) -> Membership:
    found = session.scalars(
        select(Membership).where(Membership.program_id == program_id, Membership.id == membership_id)
    ).one_or_none()
    if found is None:
        raise DomainError("no_such_member")
    return found


def _of_account(session: Session, program_id: int, account_id: int) -> Membership | None:
    return session.scalars(
        select(Membership).where(Membership.program_id == program_id, Membership.account_id == account_id)
    ).one_or_none()


def _require_another_owner(session: Session, program_id: int) -> None:
    owners = session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(Membership.program_id == program_id, Membership.role == Role.OWNER)
    )
    if (owners or 0) < 2:
        raise DomainError("last_owner")
