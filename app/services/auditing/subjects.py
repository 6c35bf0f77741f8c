"""Whom and what the entries of the trail are about: names joined to ids at the moment of reading, a few queries for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.models import (
    Account,
    AccountInvitation,
    CheckIn,
    Cohort,
    ColumnSet,
    Device,
    Meetup,
    MeetupInvitation,
    MeetupMembership,
    Membership,
    Message,
    OutboxMail,
    Person,
    Registration,
    RosterEntry,
    RosterImport,
    SavedView,
    TextTemplate,
    Ticket,
)


@dataclass(frozen=True)
class Found:
    """The rows by their subject ("registration:7"); what is gone, or has nothing to show, is missing. `registration` and
    `person` are what a subject hangs on, itself included; `meetups` by id, those that entries belong to; `cohorts`: in which
    cohort's list a person is found, by its ordinal."""

    rows: Mapping[str, Any]
    held: Mapping[int, Registration]
    meetups: Mapping[int, Meetup]
    cohorts: Mapping[int, int]

    def registration(self, subject: str) -> Registration | None:
        row = self.rows.get(subject)
        if isinstance(row, CheckIn | OutboxMail):
            return self.held.get(row.registration_id or 0)
        row = row.registration if isinstance(row, Ticket) else row
        return row if isinstance(row, Registration) else None

    def person(self, subject: str) -> Person | None:
        row = self.rows.get(subject)
        held = self.registration(subject)
        if held is not None:
            return held.person
        person = row.person if isinstance(row, RosterEntry | MeetupInvitation) else row
        return person if isinstance(person, Person) else None


_REGISTRATION = (
    joinedload(Registration.person, innerjoin=True),
    joinedload(Registration.meetup, innerjoin=True),
)
_LOADED: dict[Any, tuple[Any, ...]] = {
    Account: (),
    AccountInvitation: (),
    CheckIn: (),
    Cohort: (),
    ColumnSet: (),
    Device: (),
    MeetupInvitation: (joinedload(MeetupInvitation.person, innerjoin=True),),
    MeetupMembership: (joinedload(MeetupMembership.account, innerjoin=True),),
    Membership: (joinedload(Membership.account, innerjoin=True),),
    Message: (),
    OutboxMail: (),
    Person: (),
    Registration: _REGISTRATION,
    RosterEntry: (joinedload(RosterEntry.person, innerjoin=True),),
    RosterImport: (),
    SavedView: (),
    TextTemplate: (),
    Ticket: (joinedload(Ticket.registration, innerjoin=True).options(*_REGISTRATION),),
}


def of(entries: Iterable[Any]) -> Found:
    """What these entries are about; one query for each kind that occurs, and three more."""
    seen = list(entries)
    split = [(entry.subject, *entry.subject.partition(":")[::2]) for entry in seen]
    rows: dict[str, Any] = {}
    for model, loaded in _LOADED.items():
        table = model.__tablename__
        ids = {int(number) for _, kind, number in split if kind == table and number.isdecimal()}
        if ids:
            found = db.session.scalars(select(model).where(model.id.in_(ids)).options(*loaded))
            rows |= {f"{table}:{row.id}": row for row in found}
    hanging = {row.registration_id for row in rows.values() if isinstance(row, CheckIn | OutboxMail)}
    held = _by_id(select(Registration).where(Registration.id.in_(hanging)).options(*_REGISTRATION), hanging)
    wanted = {entry.meetup_id for entry in seen if entry.meetup_id}
    meetups = _by_id(select(Meetup).where(Meetup.id.in_(wanted)), wanted)
    return Found(rows, held, meetups, _cohorts(rows.values()))


def _by_id(query: Any, wanted: set[Any]) -> dict[int, Any]:
    return {row.id: row for row in db.session.scalars(query)} if wanted else {}


def _cohorts(rows: Iterable[Any]) -> dict[int, int]:
    people = {row.id if isinstance(row, Person) else getattr(row, "person_id", None) for row in rows} - {None}
    listed = (
        select(RosterEntry.person_id, func.min(Cohort.ordinal))
        .join(RosterEntry.cohort)
        .where(RosterEntry.person_id.in_(people))
        .group_by(RosterEntry.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(listed)} if people else {}
