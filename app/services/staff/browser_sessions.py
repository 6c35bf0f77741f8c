"""Signed-in browsers: a row each, so that ending it here ends it everywhere, whatever a cookie says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import now
from app.db import UtcDateTime, db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.models import Account, AccountSession, Meetup, MeetupMembership, Membership, Role
from app.services import audit
from app.services.staff import standing

LIFETIME = dt.timedelta(days=14)
SEEN_AGAIN = dt.timedelta(minutes=10)  # who works at the desk writes no row with every page


@dataclass(frozen=True)
class Activity:
    """`seen_at`: None for whoever was never seen. `browsers`: in how many they are signed in now."""

    seen_at: dt.datetime | None = None
    browsers: int = 0


def begin(
    session: Session,
    account_id: int,
    user_agent: str,
    *,
    ending: str | None,
    passkey_at: dt.datetime | None = None,
) -> str:
    """A new session in the caller's transaction; `ending` is the token that this browser held before.

    `passkey_at`: when a passkey was shown for it, if one was.
    """
    if ending:
        _end(session, AccountSession.token_hash == tokens.hashed(ending))
    token = tokens.mint(tokens.SESSION)
    session.add(
        AccountSession(
            account_id=account_id,
            token_hash=tokens.hashed(token),
            user_agent=user_agent[:255],
            last_seen_at=now(),
            passkey_at=passkey_at,
            expires_at=now() + LIFETIME,
        )
    )
    return token


def of_token(token: str) -> tuple[Account, AccountSession] | None:
    """Who is signed in by this token, as long as the session lasts."""
    row = db.session.execute(
        select(Account, AccountSession)
        .join(AccountSession, AccountSession.account_id == Account.id)
        .where(AccountSession.token_hash == tokens.hashed(token), _live())
    ).one_or_none()
    return (row[0], row[1]) if row else None


def live_of(account_id: int) -> Sequence[AccountSession]:
    """The account's signed-in browsers, the newest first."""
    query = select(AccountSession).where(AccountSession.account_id == account_id, _live())
    return db.session.scalars(query.order_by(AccountSession.id.desc())).all()


def activity(account_ids: Collection[int]) -> dict[int, Activity]:
    """When each account was last seen, and in how many browsers it is signed in. One query."""
    live = case((and_(*_live_parts()), AccountSession.id))
    rows = db.session.execute(
        select(
            AccountSession.account_id,
            func.max(AccountSession.last_seen_at, type_=UtcDateTime()),
            func.count(live),
        )
        .where(AccountSession.account_id.in_(account_ids))
        .group_by(AccountSession.account_id)
    )
    return {row[0]: Activity(row[1], row[2]) for row in rows}


def note_seen(seen: AccountSession) -> None:
    """Remember that the browser is in use, where the last time is a while ago."""
    if seen.last_seen_at and seen.last_seen_at > now() - SEEN_AGAIN:
        return
    session_id = seen.id
    with suppress(DBAPIError), transaction() as session:  # a full disk shuts nobody out of reading
        session.execute(
            update(AccountSession).where(AccountSession.id == session_id).values(last_seen_at=now())
        )


def end_of_member(program_id: int, membership_id: int, *, by: int) -> None:
    """Sign a member of the programme out everywhere; their rights stay."""
    with transaction() as session:
        standing.require(session, program_id, by, Role.OWNER)
        member = session.scalars(
            select(Membership).where(Membership.program_id == program_id, Membership.id == membership_id)
        ).one_or_none()
        _end_by_owner(session, program_id, member, by)


def end_of_helper(program_id: int, meetup_membership_id: int, *, by: int) -> None:
    """The same for somebody with a right at one of its meetups."""
    with transaction() as session:
        standing.require(session, program_id, by, Role.OWNER)
        helper = session.scalars(
            select(MeetupMembership)
            .join(MeetupMembership.meetup)
            .where(Meetup.program_id == program_id, MeetupMembership.id == meetup_membership_id)
        ).one_or_none()
        _end_by_owner(session, program_id, helper, by)


def sign_out(token: str) -> None:
    """End the session of this token. Harmless when it has ended already."""
    with transaction() as session:
        _end(session, AccountSession.token_hash == tokens.hashed(token))


def end(account_id: int, session_id: int) -> None:
    """End one of the account's own sessions. Raises `DomainError` where it has no such session."""
    with transaction() as session:
        found = session.scalars(
            select(AccountSession).where(
                AccountSession.id == session_id, AccountSession.account_id == account_id
            )
        ).one_or_none()
        if found is None:
            raise DomainError("no_such_session")
        _end(session, AccountSession.id == session_id)
        audit.record(session, "session.ended", found, f"account:{account_id}", program_id=None)


def end_others(account_id: int, keep: str) -> None:
    """End every session of the account but the one of the token `keep`."""
    with transaction() as session:
        end_all_but(session, account_id, keep)
        actor = f"account:{account_id}"
        audit.record(session, "session.others_ended", actor, actor, program_id=None)


def end_all_but(session: Session, account_id: int, keep: str) -> None:
    """End every session of the account but the one of the token `keep`, in the caller's transaction."""
    others = AccountSession.token_hash != tokens.hashed(keep)
    _end(session, AccountSession.account_id == account_id, others)


def end_all(session: Session, account_id: int) -> None:
    """End every session of the account, in the caller's transaction."""
    _end(session, AccountSession.account_id == account_id)


def _end_by_owner(
    session: Session, program_id: int, member: Membership | MeetupMembership | None, by: int
) -> None:
    if member is None:
        raise DomainError("no_such_member")
    end_all(session, member.account_id)
    audit.record(
        session,
        "session.ended_by_owner",
        member,
        f"account:{by}",
        program_id=program_id,
        account=member.account_id,
    )


def _live_parts() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AccountSession.ended_at.is_(None), AccountSession.expires_at > now()


def _live() -> ColumnElement[bool]:
    return and_(*_live_parts())


def _end(session: Session, *which: object) -> None:
    session.execute(
        update(AccountSession)
        .where(*which, AccountSession.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=now())
    )
