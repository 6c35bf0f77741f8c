"""Invitations to a programme's office, or to one meetup: mailed to an address, accepted once, within two weeks.

A right in the programme is an owner's to give, one at a single meetup any organizer's of the programme."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, select
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
from app.services.staff import accounts, browser_sessions, meetup_members, standing

LIFETIME = dt.timedelta(days=14)


def invite(
    program_id: int, address: str, role: Role, *, by: int, locale: str, meetup_id: int | None = None
) -> AccountInvitation:
    """Owe an address an invitation, to `meetup_id` alone where told. Refuses members and those who hold an open one."""
    if not is_address(address):
        raise DomainError("bad_address")
    if meetup_id:
        meetup_members.require_given_at_meetups(role)
    with transaction() as session:
        program = standing.require(session, program_id, by, _giver(meetup_id))
        _require_new(session, program_id, meetup_id, role, address_key(address))
        uid = tokens.uid()
        invitation = AccountInvitation(
            program_id=program_id,
            meetup_id=meetup_id,
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


def resend(
    program_id: int, invitation_id: int, *, by: int, locale: str, meetup_id: int | None = None
) -> None:
    """Send the same link once more and let its time start anew."""
    with transaction() as session:
        program = standing.require(session, program_id, by, _giver(meetup_id))
        invitation = _open(session, program_id, invitation_id, meetup_id)
        invitation.expires_at = now() + LIFETIME
        invitation.token_hash = tokens.hashed(tokens.invitation_token(keys().link, invitation.uid))
        _owe(session, program, invitation, locale)
        _record(session, "invitation.sent_again", invitation, by)


def withdraw(program_id: int, invitation_id: int, *, by: int, meetup_id: int | None = None) -> None:
    """Make the mailed link useless."""
    with transaction() as session:
        standing.require(session, program_id, by, _giver(meetup_id))
        invitation = _open(session, program_id, invitation_id, meetup_id)
        invitation.withdrawn_at = now()
        _record(session, "invitation.withdrawn", invitation, by)


def withdraw_of_leaving(session: Session, member: Membership, by: int) -> None:
    """Whoever loses a membership comes back by no open invitation: none in their mail, and none that they made, be it to
    another address of theirs."""
    key = session.get_one(Account, member.account_id).address_key
    _withdraw_all(session, member.program_id, AccountInvitation.address_key == key, by)
    withdraw_made_by(session, member, None, by)


def withdraw_made_by(session: Session, member: Membership, role: Role | None, by: int) -> None:
    """Withdraw the open invitations that the member made and may no longer make in this role; None: in none."""
    made = AccountInvitation.invited_by_id == member.account_id
    if not (role and role.includes(Role.ORGANIZER)):
        _withdraw_all(session, member.program_id, made, by)
    elif not role.includes(Role.OWNER):
        _withdraw_all(session, member.program_id, and_(made, AccountInvitation.meetup_id.is_(None)), by)


def by_token(token: str) -> AccountInvitation:
    """The invitation behind a link, while it can be accepted. Raises `DomainError` otherwise."""
    return _usable(db.session(), token, lock=False)


def still_open(program_id: int, meetup_id: int | None) -> Sequence[AccountInvitation]:
    """Neither accepted nor withdrawn: those to the programme itself, or to that meetup of it."""
    query = select(AccountInvitation).where(_is_open(program_id), AccountInvitation.meetup_id == meetup_id)
    return db.session.scalars(query.order_by(AccountInvitation.id)).all()


def open_at_meetups(program_id: int, limit: int) -> Sequence[AccountInvitation]:
    """The same at all its meetups, with these; the newest first."""
    query = (
        select(AccountInvitation)
        .options(joinedload(AccountInvitation.meetup, innerjoin=True))
        .where(_is_open(program_id), AccountInvitation.meetup_id.is_not(None))
    )
    return db.session.scalars(query.order_by(AccountInvitation.id.desc()).limit(limit)).all()


def accept(token: str, *, locale: str, user_agent: str, ending: str | None) -> tuple[str, AccountInvitation]:
    """Join and sign in: the mailed link proves the address.

    Makes the account where there is none. Somebody who already has a higher role keeps it. Returns
    the session's token and what was accepted.
    """
    with transaction() as session:
        invitation = _usable(session, token, lock=True)
        account = accounts.ensure(session, invitation.address, locale)
        invitation.accepted_at = now()
        _join(session, invitation, account)
        session_token = browser_sessions.begin(session, account.id, user_agent, ending=ending)
        return session_token, invitation


def _join(session: Session, invitation: AccountInvitation, account: Account) -> None:
    if invitation.meetup_id:
        member: Any = meetup_members.join(session, invitation.meetup_id, account.id, invitation.role)
    else:
        member = _join_program(session, invitation, account)
    audit.record(
        session,
        "member.joined",
        member,
        f"account:{account.id}",
        program_id=invitation.program_id,
        invitation=invitation.id,
        role=member.role.value,
        **_at(invitation),
    )


def _join_program(session: Session, invitation: AccountInvitation, account: Account) -> Membership:
    mine = (Membership.program_id == invitation.program_id, Membership.account_id == account.id)
    member = session.scalars(select(Membership).where(*mine)).one_or_none()
    if member is None:
        member = Membership(program_id=invitation.program_id, account_id=account.id, role=invitation.role)
        session.add(member)
    elif not member.role.includes(invitation.role):
        member.role = invitation.role
    return member


def _withdraw_all(session: Session, program_id: int, which: ColumnElement[bool], by: int) -> None:
    query = select(AccountInvitation).where(_is_open(program_id), which).order_by(AccountInvitation.id)
    for invitation in session.scalars(query.with_for_update()).all():
        invitation.withdrawn_at = now()
        _record(session, "invitation.withdrawn", invitation, by)


def _giver(meetup_id: int | None) -> Role:
    """Who in the programme may give the right."""
    return Role.ORGANIZER if meetup_id else Role.OWNER


def _at(invitation: AccountInvitation) -> dict[str, Any]:
    return {"meetup": invitation.meetup_id} if invitation.meetup_id else {}


def _require_new(session: Session, program_id: int, meetup_id: int | None, role: Role, key: str) -> None:
    """`role` is new to the address: no member has it already, be it by the programme's role, and no mail offers it."""
    in_program = session.scalar(
        select(Membership.role)
        .join(Membership.account)
        .where(Membership.program_id == program_id, Account.address_key == key)
    )
    if in_program and meetup_id and in_program.includes(role):
        raise DomainError("may_already")
    is_member = meetup_members.is_member(session, meetup_id, key) if meetup_id else bool(in_program)
    if is_member:
        raise DomainError("already_member")
    query = select(AccountInvitation.id).where(
        _is_open(program_id), AccountInvitation.meetup_id == meetup_id, AccountInvitation.address_key == key
    )
    if session.scalar(query):
        raise DomainError("already_invited")


def _is_open(program_id: int) -> ColumnElement[bool]:
    return and_(
        AccountInvitation.program_id == program_id,
        AccountInvitation.accepted_at.is_(None),
        AccountInvitation.withdrawn_at.is_(None),
    )


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
        **_at(invitation),
    )


def _open(session: Session, program_id: int, invitation_id: int, meetup_id: int | None) -> AccountInvitation:
    found = session.scalars(
        select(AccountInvitation)
        .where(
            AccountInvitation.program_id == program_id,
            AccountInvitation.meetup_id == meetup_id,
            AccountInvitation.id == invitation_id,
        )
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
        .options(joinedload(AccountInvitation.meetup))
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
