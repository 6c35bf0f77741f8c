"""Organizers' accounts, what they may do in which programme, and how they are signed in."""

from __future__ import annotations

import enum

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import EnumText
from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short, link
from app.models.meetups import Meetup
from app.models.programs import Program


class Role(enum.StrEnum):
    """What a member may do in a programme, or at one meetup; a later one includes the earlier."""

    VIEWER = "viewer"  # numbers only, no personal data
    DOOR = "door"  # the same, and work the door with their own phone
    ORGANIZER = "organizer"
    OWNER = "owner"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)

    @classmethod
    def larger(cls, *roles: Role | None) -> Role | None:
        """The one that includes the others; None where there is none."""
        return max(filter(None, roles), key=list(cls).index, default=None)


MEETUP_ROLES = (
    Role.VIEWER,
    Role.DOOR,
    Role.ORGANIZER,
)  # what can be given at one meetup; a programme has owners


class Account(Model):
    """Somebody who signs in to the desk."""

    __tablename__ = "account"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[Line]
    address_key: Mapped[Line] = mapped_column(unique=True)
    locale: Mapped[str] = mapped_column(String(8), default="ko")
    # May create programmes: the first owner of the installation, and whom the operator names.
    is_founder: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]

    memberships: Mapped[list[Membership]] = relationship(back_populates="account")


class Membership(Model):
    """An account's role in one programme."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("program_id", "account_id"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    account_id: Mapped[int] = link("account.id")
    role: Mapped[Role] = mapped_column(EnumText(Role))
    created_at: Mapped[CreatedAt]

    account: Mapped[Account] = relationship(back_populates="memberships")
    program: Mapped[Program] = relationship()


class MeetupMembership(Model):
    """An account's role at one meetup, beside what it may do in the programme."""

    __tablename__ = "meetup_membership"
    __table_args__ = (UniqueConstraint("meetup_id", "account_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    account_id: Mapped[int] = link("account.id")
    role: Mapped[Role] = mapped_column(EnumText(Role))
    created_at: Mapped[CreatedAt]

    account: Mapped[Account] = relationship()
    meetup: Mapped[Meetup] = relationship()


class AccountInvitation(Model):
    """A mailed invitation to a programme's office, or to one meetup of it; accepted once, within its time."""

    __tablename__ = "account_invitation"

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id")
    meetup_id: Mapped[int | None] = link("meetup.id")  # where the right is of one meetup only
    address: Mapped[Line]
    address_key: Mapped[Line]
    role: Mapped[Role] = mapped_column(EnumText(Role))
    invited_by_id: Mapped[int | None] = link("account.id")
    # The mailed secret is derived from `uid` by the worker; only its hash is stored.
    uid: Mapped[Short] = mapped_column(unique=True)
    token_hash: Mapped[Short] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[MaybeInstant]
    withdrawn_at: Mapped[MaybeInstant]

    program: Mapped[Program] = relationship()
    meetup: Mapped[Meetup | None] = relationship()


class SignInLink(Model):
    """A one-time link that signs an account in; stored only as a hash."""

    __tablename__ = "sign_in_link"

    id: Mapped[Id]
    account_id: Mapped[int] = link("account.id", ondelete="CASCADE")
    token_hash: Mapped[Short] = mapped_column(unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    used_at: Mapped[MaybeInstant]

    account: Mapped[Account] = relationship()


class AccountSession(Model):
    """One signed-in browser. Ending it here ends it everywhere, whatever the cookie says."""

    __tablename__ = "account_session"

    id: Mapped[Id]
    account_id: Mapped[int] = link("account.id", ondelete="CASCADE")
    token_hash: Mapped[Short] = mapped_column(unique=True)
    user_agent: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[MaybeInstant]  # coarsely: see browser_sessions.SEEN_AGAIN
    passkey_at: Mapped[MaybeInstant]  # a passkey was shown in it, not only a mailed link
    expires_at: Mapped[Instant]
    ended_at: Mapped[MaybeInstant]

    account: Mapped[Account] = relationship()
