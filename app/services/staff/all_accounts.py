"""All accounts of the installation, for whoever runs it: who may do what, and taking it away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.models import Account, AccountSession, Meetup, MeetupMembership, Membership
from app.services import audit
from app.services.staff import browser_sessions, meetup_members, members, own_phones

PAGE = 100


@dataclass(frozen=True)
class Line:
    """`signed_in_at`: the last time, as far as that is kept; `browsers`: how many are signed in now; `at_meetups`:
    at how many single meetups they have a right."""

    account: Account
    memberships: Sequence[Membership]
    at_meetups: int
    signed_in_at: dt.datetime | None
    browsers: int


def page(after: str = "") -> list[Line]:
    """The next accounts by address, and one more than a page has where there are more."""
    query = select(Account).where(Account.address_key > after).order_by(Account.address_key).limit(PAGE + 1)
    accounts = db.session.scalars(query).all()
    numbers = [each.id for each in accounts]
    memberships = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.program, innerjoin=True))
        .where(Membership.account_id.in_(numbers))
        .order_by(Membership.id)
    ).all()
    sessions, at_meetups = _sessions(numbers), _at_meetups(numbers)
    return [
        Line(
            each,
            [one for one in memberships if one.account_id == each.id],
            at_meetups.get(each.id, 0),
            *sessions.get(each.id, (None, 0)),
        )
        for each in accounts
    ]


def find(account_id: int) -> Account | None:
    return db.session.get(Account, account_id)


def sign_out(account_id: int, by: int) -> None:
    """Everywhere. They can sign in again."""
    with transaction() as session:
        browser_sessions.end_all(session, account_id)
        audit.record(session, "account.signed_out", f"account:{account_id}", f"account:{by}", program_id=None)


def make_founder(account_id: int, by: int) -> None:
    """Let somebody run this installation, too: backups, mail settings, accounts, new programmes. Given twice, it stands once."""
    with transaction() as session:
        account = session.get_one(Account, account_id, with_for_update=True)
        if not account.is_founder:
            account.is_founder = True
            audit.record(session, "account.founder", account, f"account:{by}", program_id=None)


def take_all_rights(account_id: int, by: int) -> None:
    """Of every programme, and that of creating some. Raises `DomainError` for oneself and for a last owner; then
    nothing is changed."""
    if account_id == by:
        raise DomainError("own_rights")
    with transaction() as session:
        theirs = select(Membership).where(Membership.account_id == account_id).order_by(Membership.program_id)
        for member in session.scalars(theirs).all():
            members.remove_within(session, member, by)
        _take_at_meetups(session, account_id, by)
        account = session.get_one(Account, account_id, with_for_update=True)
        account.is_founder = False
        browser_sessions.end_all(session, account_id)
        audit.record(session, "account.rights_taken", account, f"account:{by}", program_id=None)


def _take_at_meetups(session: Session, account_id: int, by: int) -> None:
    """Where they have a right at single meetups and none in the programme."""
    held = select(Meetup.program_id, Meetup.id).join(
        MeetupMembership, MeetupMembership.meetup_id == Meetup.id
    )
    rows = session.execute(held.where(MeetupMembership.account_id == account_id)).all()
    own_phones.end(session, [row.id for row in rows], account_id)
    for program_id in sorted({row.program_id for row in rows}):
        meetup_members.take_all(session, program_id, account_id, by)


def _at_meetups(numbers: Sequence[int]) -> dict[int, int]:
    query = select(MeetupMembership.account_id, func.count()).group_by(MeetupMembership.account_id)
    rows = db.session.execute(query.where(MeetupMembership.account_id.in_(numbers)))
    return {row.account_id: row[1] for row in rows}


def _sessions(numbers: Sequence[int]) -> dict[int, tuple[dt.datetime, int]]:
    is_open = (AccountSession.ended_at.is_(None)) & (AccountSession.expires_at > now())
    query = (
        select(
            AccountSession.account_id,
            func.max(AccountSession.created_at),
            func.count().filter(is_open),
        )
        .where(AccountSession.account_id.in_(numbers))
        .group_by(AccountSession.account_id)
    )
    return {number: (last, browsers) for number, last, browsers in db.session.execute(query)}
