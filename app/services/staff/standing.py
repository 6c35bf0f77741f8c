"""How somebody stands in a programme when a right is to be given or taken: read under the programme's lock."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import DomainError
from app.models import Membership, Program, Role


def require(session: Session, program_id: int, account_id: int, role: Role) -> Program:
    """Lock the programme and make sure that the account has the role in it now, not when the page was opened."""
    program = lock(session, program_id)
    member = of_account(session, program_id, account_id)
    if member is None or not member.role.includes(role):
        raise DomainError("no_longer_owner" if role is Role.OWNER else "no_longer_organizer")
    return program


def lock(session: Session, program_id: int) -> Program:
    return session.scalars(select(Program).where(Program.id == program_id).with_for_update()).one()


def of_account(session: Session, program_id: int, account_id: int) -> Membership | None:
    return session.scalars(
        select(Membership).where(Membership.program_id == program_id, Membership.account_id == account_id)
    ).one_or_none()
