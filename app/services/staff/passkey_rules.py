"""A programme that asks its people for a passkey: from a day on, so that everybody can add one in time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.models import AccountSession, Passkey, Program, Role
from app.services import audit
from app.services.staff import passkey_checks, rights, standing

GRACE = dt.timedelta(days=14)


def ask_for(program_id: int, *, by: int, session_token: str) -> None:
    """Ask for passkeys after the grace. Whoever decides it has proved their own in this browser: nobody shuts themselves out."""
    if not passkey_checks.are_possible():
        raise DomainError("passkeys_impossible")
    with transaction() as session:
        program = standing.require(session, program_id, by, Role.OWNER)
        query = select(AccountSession.passkey_at).where(
            AccountSession.account_id == by, AccountSession.token_hash == tokens.hashed(session_token)
        )
        if session.scalar(query) is None:
            raise DomainError("passkey_first")
        program.passkeys_from = program.passkeys_from or now() + GRACE
        audit.record(session, "program.passkeys_asked", program, f"account:{by}", program_id=program_id)


def lift(program_id: int, *, by: int) -> None:
    """Ask for them no more."""
    with transaction() as session:
        program = standing.require(session, program_id, by, Role.OWNER)
        program.passkeys_from = None
        audit.record(session, "program.passkeys_lifted", program, f"account:{by}", program_id=program_id)


def lift_by_command(slug: str) -> None:
    """For the operator, where nobody can get in: as after a change of BASE_URL, which makes every passkey useless."""
    with transaction() as session:
        program = session.scalars(select(Program).where(Program.slug == slug).with_for_update()).one_or_none()
        if program is None:
            raise DomainError("no_such_program")
        program.passkeys_from = None
        audit.record(session, "program.passkeys_lifted", program, audit.COMMAND, program_id=program.id)


def binds(account_id: int) -> bool:
    """Whether a mailed link alone doesn't reach what lies above all programmes: the account has a passkey, or a programme in
    which it has a right asks for one by now."""
    held = select(Passkey.id).where(Passkey.account_id == account_id)
    asked = select(Program.id).where(rights.programs_of(account_id), Program.passkeys_from <= now())
    return bool(db.session.scalar(select(or_(held.exists(), asked.exists()))))


def holders(account_ids: list[int]) -> set[int]:
    """Which of them have a passkey. One query."""
    query = select(Passkey.account_id).where(Passkey.account_id.in_(account_ids)).distinct()
    return set(db.session.scalars(query))
