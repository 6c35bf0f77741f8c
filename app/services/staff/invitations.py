"""Invitations to a programme's office: mailed to an address, accepted once, within two weeks."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key, clean_address, is_address
from app.keys import keys
from app.models import Account, AccountInvitation, Membership, Program, Role
from app.services import audit, throttle
from app.services.mails import outbox
from app.services.staff import accounts, browser_sessions, members

LIFETIME = dt.timedelta(days=14)


def invite(program_id: int, address: str, role: Role, *, by: int, locale: str) -> AccountInvitation:
    """Owe an address an invitation. Refuses members and those who hold an open one."""
    if not is_address(address):
        raise DomainError("bad_address")
    with transaction() as session:
        program = members.require_owner(session, program_id, by)
        _require_new(session, program_id, address)
        uid = tokens.uid()
        invitation = AccountInvitation(
            program_id=program_id,
            address=clean_address(address),
            address_key=address_key(address),
            role=role,
            invited_by_id=by,
            uid=uid,
            token_hash=tokens.hashed(tokens.invitation_token(keys().link, uid)),
            expires_at=now() + LIFETIME,
        )
        session.add(invitation)
        _owe(session, program, invitation, locale)
        _record(session, "invitation.sent", invitation, by)
        return invitation


def resend(program_id: int, invitation_id: int, *, by: int, locale: str) -> None:
    """Send the same link once more and let its time start anew."""
    with transaction() as session:
        program = members.require_owner(session, program_id, by)
        invitation = _open(session, program_id, invitation_id)
        invitation.expires_at = now() + LIFETIME
        invitation.token_hash = tokens.hashed(tokens.invitation_token(keys().link, invitation.uid))
        _owe(session, program, invitation, locale)
        _record(session, "invitation.sent_again", invitation, by)


def withdraw(program_id: int, invitation_id: int, *, by: int) -> None:
    """Make the mailed link useless."""
    with transaction() as session:
        members.require_owner(session, program_id, by)
        invitation = _open(session, program_id, invitation_id)
        invitation.withdrawn_at = now()
        _record(session, "invitation.withdrawn", invitation, by)


def by_token(token: str) -> AccountInvitation:
    """The invitation behind a link, while it can be accepted. Raises `DomainError` otherwise."""
    return _usable(db.session(), token, lock=False)


def accept(token: str, *, locale: str, user_agent: str, ending: str | None) -> tuple[str, str]:
    """Join the programme and sign in: the mailed link proves the address.

    Makes the account where there is none. Somebody who already has a higher role keeps it. Returns
    the session's token and the programme's slug.
    """
    with transaction() as session:
        invitation = _usable(session, token, lock=True)
        account = accounts.ensure(session, invitation.address, locale)
        invitation.accepted_at = now()
        _join(session, invitation, account)
        session_token = browser_sessions.begin(session, account.id, user_agent, ending=ending)
        return session_token, invitation.program.slug


def _join(session: Session, invitation: AccountInvitation, account: Account) -> None:
    mine = (Membership.program_id == invitation.program_id, Membership.account_id == account.id)
    member = session.scalars(select(Membership).where(*mine)).one_or_none()
    if member is None:
        member = Membership(program_id=invitation.program_id, account_id=account.id, role=invitation.role)
        session.add(member)
    elif not member.role.includes(invitation.role):
        member.role = invitation.role
    audit.record(
        session,
        "member.joined",
        member,
        f"account:{account.id}",
        program_id=invitation.program_id,
        invitation=invitation.id,
        role=member.role.value,
    )


def _require_new(session: Session, program_id: int, address: str) -> None:
    key = address_key(address)
    if session.scalar(
        select(Membership.id)
        .join(Membership.account)
        .where(Membership.program_id == program_id, Account.address_key == key)
    ):
        raise DomainError("already_member")
    if session.scalar(
        select(AccountInvitation.id).where(
            AccountInvitation.program_id == program_id,
            AccountInvitation.address_key == key,
            AccountInvitation.accepted_at.is_(None),
            AccountInvitation.withdrawn_at.is_(None),
        )
    ):
        raise DomainError("already_invited")


def _owe(session: Session, program: Program, invitation: AccountInvitation, locale: str) -> None:
    """One more mail to that address, in its own account's language where it has one."""
    limit = current_app.config["SETTINGS"].MAILS_PER_ADDRESS_HOUR
    if throttle.hit_mails(session, invitation.address_key) > limit:
        raise DomainError("too_many_mails")
    session.flush()
    account = accounts.named(session, invitation.address)
    outbox.enqueue(
        session,
        "member_invitation",
        invitation.address,
        account.locale if account else locale,
        program_id=program.id,
        invitation=invitation.id,
    )


def _record(session: Session, act: str, invitation: AccountInvitation, by: int) -> None:
    audit.record(
        session,
        act,
        invitation,
        f"account:{by}",
        program_id=invitation.program_id,
        role=invitation.role.value,
    )


def _open(session: Session, program_id: int, invitation_id: int) -> AccountInvitation:
    found = session.scalars(
        select(AccountInvitation)
        .where(AccountInvitation.program_id == program_id, AccountInvitation.id == invitation_id)
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise DomainError("no_such_invitation")
    if found.accepted_at or found.withdrawn_at:
        raise DomainError("invitation_over")
    return found


def _usable(session: Session, token: str, *, lock: bool) -> AccountInvitation:
    query = (
        select(AccountInvitation)
        .options(joinedload(AccountInvitation.program, innerjoin=True))
        .where(AccountInvitation.token_hash == tokens.hashed(token))
    )
    if lock:
        query = query.with_for_update(of=AccountInvitation)
    invitation = session.scalars(query).one_or_none()
    if invitation is None:
        raise DomainError("invitation_unknown")
    if invitation.withdrawn_at:
        raise DomainError("invitation_withdrawn")
    if invitation.accepted_at:
        raise DomainError("invitation_used")
    if invitation.expires_at <= now():
        raise DomainError("invitation_expired")
    return invitation
