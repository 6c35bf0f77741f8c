"""Accounts of those who sign in to the desk."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key, clean_address, is_address
from app.domain.writing.names import clean_name
from app.models import Account, Membership, Program, Role
from app.services import audit
from app.services.organizing import programs

LONGEST_NAME = 100


def named(session: Session, address: str) -> Account | None:
    """The account of an address, however it is spelled."""
    return session.scalars(select(Account).where(Account.address_key == address_key(address))).one_or_none()


def ensure(session: Session, address: str, locale: str) -> Account:
    """The account of an address, made if there is none; two at once end up with the same one."""
    if found := named(session, address):
        return found
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert if on_postgresql else sqlite.insert
    values = {
        "name": "",
        "address": clean_address(address),
        "address_key": address_key(address),
        "locale": locale,
        "is_founder": False,
        "created_at": now(),
    }
    session.execute(insert(Account).values(values).on_conflict_do_nothing())
    return session.scalars(select(Account).where(Account.address_key == address_key(address))).one()


def update(account_id: int, *, name: str, locale: str) -> None:
    """Change what an account says of itself."""
    with transaction() as session:
        account = session.get_one(Account, account_id)
        account.name, account.locale = _fitting(name), locale
        audit.record(session, "account.edited", account, f"account:{account_id}", program_id=None)


def create_owner(address: str, *, name: str = "", program: programs.Fields | None = None) -> Account:
    """Let an address create programmes and own `program`, which is made if it does not exist yet.

    For the operator: the first owner of an installation, and the way back in when owners are gone.
    """
    if not is_address(address):
        raise DomainError("bad_address")
    with transaction() as session:
        account = ensure(session, address, current_app.config["SETTINGS"].DEFAULT_LOCALE)
        account.name, account.is_founder = _fitting(name) or account.name, True
        audit.record(session, "account.founder", account, audit.COMMAND, program_id=None)
        if program:
            _own(session, account, program)
        return account


def _own(session: Session, account: Account, fields: programs.Fields) -> None:
    found = session.scalars(select(Program).where(Program.slug == fields.slug)).one_or_none()
    program = found or programs.add(session, fields, audit.COMMAND)
    membership = session.scalars(
        select(Membership).where(Membership.program_id == program.id, Membership.account_id == account.id)
    ).one_or_none()
    if membership is None:
        membership = Membership(program_id=program.id, account_id=account.id, role=Role.OWNER)
        session.add(membership)
    membership.role = Role.OWNER
    audit.record(
        session, "member.joined", membership, audit.COMMAND, program_id=program.id, role=Role.OWNER.value
    )


def _fitting(name: str) -> str:
    return clean_name(name)[:LONGEST_NAME]
