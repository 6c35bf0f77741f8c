"""What an account may do in a programme, and at one meetup of it: read anew for every request."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from app.db import db
from app.models import Account, Meetup, MeetupMembership, Membership, Program, Role


@dataclass(frozen=True)
class Rights:
    """An account's rights where a request is. `has_meetups`: it has a right at some meetup of the programme."""

    program: Program
    of_program: Role | None
    of_meetup: Role | None
    has_meetups: bool

    @property
    def role(self) -> Role | None:
        """The larger of the two."""
        return Role.larger(self.of_program, self.of_meetup)

    @property
    def of_some_meetup(self) -> Role | None:
        return Role.VIEWER if self.has_meetups else None


def of(account_id: int, program: str, slug: str | None) -> Rights | None:
    """The account's rights in the programme of that slug, and at its meetup `slug`; None where there is no such programme."""
    here = and_(Meetup.program_id == Program.id, Meetup.slug == slug) if slug else false()
    row = db.session.execute(
        select(Program, Membership.role, MeetupMembership.role, _has_meetups(account_id))
        .outerjoin(Membership, and_(Membership.program_id == Program.id, Membership.account_id == account_id))
        .outerjoin(Meetup, here)
        .outerjoin(
            MeetupMembership,
            and_(MeetupMembership.meetup_id == Meetup.id, MeetupMembership.account_id == account_id),
        )
        .where(Program.slug == program)
    ).one_or_none()
    return Rights(*row) if row else None


def at(account_id: int, meetup: Meetup) -> Role | None:
    """The larger of the account's roles at the meetup and in its programme."""
    roles = db.session.execute(
        select(
            select(Membership.role)
            .where(Membership.program_id == meetup.program_id, Membership.account_id == account_id)
            .scalar_subquery(),
            select(MeetupMembership.role)
            .where(MeetupMembership.meetup_id == meetup.id, MeetupMembership.account_id == account_id)
            .scalar_subquery(),
        )
    ).one()
    return Role.larger(*roles)


def runs_program(account_id: int, program_id: int) -> bool:
    """Whether what reaches over the whole programme is the account's to see; for where no request says it."""
    role = db.session.scalar(
        select(Membership.role).where(
            Membership.program_id == program_id, Membership.account_id == account_id
        )
    )
    return role is not None and role.includes(Role.ORGANIZER)


def programs_of(account_id: int) -> ColumnElement[bool]:
    """Programmes in which the account has any right, be it at one meetup."""
    member = select(Membership.program_id).where(Membership.account_id == account_id)
    return or_(Program.id.in_(member), _has_meetups(account_id))


def meetups_of(account_id: int) -> Select[int]:
    """The meetups at which the account has a right of its own."""
    return select(MeetupMembership.meetup_id).where(MeetupMembership.account_id == account_id)


def organizers_of(meetup: Meetup) -> ColumnElement[bool]:
    """Accounts that organize the meetup, whether all of its programme's or this one."""
    of_program = select(Membership.account_id).where(
        Membership.program_id == meetup.program_id, Membership.role.in_((Role.ORGANIZER, Role.OWNER))
    )
    of_meetup = select(MeetupMembership.account_id).where(
        MeetupMembership.meetup_id == meetup.id, MeetupMembership.role == Role.ORGANIZER
    )
    return or_(Account.id.in_(of_program), Account.id.in_(of_meetup))


def _has_meetups(account_id: int) -> ColumnElement[bool]:
    mine = select(MeetupMembership.id).join(MeetupMembership.meetup)
    return exists(
        mine.where(MeetupMembership.account_id == account_id, Meetup.program_id == Program.id).correlate(
            Program
        )
    )
