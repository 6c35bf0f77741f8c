"""Whom and what the entries of the trail are about: names joined to ids at the moment of reading, a few queries for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.models import (
    Account,
    AccountInvitation,
    Cohort,
    Device,
    Meetup,
    MeetupInvitation,
    MeetupMembership,
    Membership,
    Person,
    Registration,
    RosterEntry,
    Ticket,
)


@dataclass(frozen=True)
class Found:
    """The rows by their subject ("registration:7"); what is gone, or has nothing to show, is missing. `registration`, `person`
    and `meetup` are what a subject hangs on, itself included."""

    rows: Mapping[str, Any]

    def registration(self, subject: str) -> Registration | None:
        row = self.rows.get(subject)
        row = row.registration if isinstance(row, Ticket) else row
        return row if isinstance(row, Registration) else None

    def person(self, subject: str) -> Person | None:
        row = self.rows.get(subject)
        held = self.registration(subject)
        if held is not None:
            return held.person
        person = row.person if isinstance(row, RosterEntry | MeetupInvitation) else row
        return person if isinstance(person, Person) else None

    def meetup(self, subject: str) -> Meetup | None:
        row = self.rows.get(subject)
        held = self.registration(subject)
        if held is not None:
            return held.meetup
        meetup = row.meetup if isinstance(row, Device | MeetupInvitation) else row
        return meetup if isinstance(meetup, Meetup) else None


_REGISTRATION = (
    joinedload(Registration.person, innerjoin=True),
    joinedload(Registration.meetup, innerjoin=True),
)
_LOADED: dict[Any, tuple[Any, ...]] = {
    Account: (),
    AccountInvitation: (joinedload(AccountInvitation.meetup),),
    Cohort: (),
    Device: (joinedload(Device.meetup, innerjoin=True),),
    Meetup: (),
    MeetupInvitation: (
        joinedload(MeetupInvitation.person, innerjoin=True),
        joinedload(MeetupInvitation.meetup, innerjoin=True),
    ),
    MeetupMembership: (
        joinedload(MeetupMembership.account, innerjoin=True),
        joinedload(MeetupMembership.meetup, innerjoin=True),
    ),
    Membership: (joinedload(Membership.account, innerjoin=True),),
    Person: (),
    Registration: _REGISTRATION,
    RosterEntry: (joinedload(RosterEntry.person, innerjoin=True),),
    Ticket: (joinedload(Ticket.registration, innerjoin=True).options(*_REGISTRATION),),
}


def of(subjects: Iterable[str]) -> Found:
    """One query for each kind that occurs."""
    split = [(subject, *subject.partition(":")[::2]) for subject in set(subjects)]
    rows: dict[str, Any] = {}
    for model, loaded in _LOADED.items():
        table = model.__tablename__
        ids = [int(number) for _, kind, number in split if kind == table and number.isdecimal()]
        if ids:
            found = db.session.scalars(select(model).where(model.id.in_(ids)).options(*loaded))
            rows |= {f"{table}:{row.id}": row for row in found}
    return Found(rows)
