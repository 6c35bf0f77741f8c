"""What became of a meetup's mails: the backlog, what failed, and the look-up of one address ("I got no mail").

Mails to addresses that anybody may have typed (codes) are counted, and shown to whoever asks for that very address;
nobody turns pages of them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.clock import now
from app.db import db, transaction
from app.domain.writing.addresses import address_key
from app.models import (
    AddressProof,
    Cohort,
    MailState,
    Meetup,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
    RosterEntry,
)
from app.services import audit
from app.services.alumni import people_search
from app.services.mails import outbox

LATE = dt.timedelta(minutes=3)
FOUND_AT_MOST = 20
AT_MOST = 50  # mails, askings and registrations of one address
_named = (
    select(OutboxMail, Person.name, Registration.reference, Registration.address)
    .outerjoin(Registration, Registration.id == OutboxMail.registration_id)
    .outerjoin(Person, Person.id == Registration.person_id)
    .order_by(OutboxMail.id.desc())
)
# A mail, its person's name, the registration's number and address; three Nones where it is about nobody registered.
Named: TypeAlias = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Health:
    """How many mails are in each state; since when the oldest one waits that should have gone out, and what the
    mail server said to it."""

    states: dict[MailState, int] = field(default_factory=dict)
    waiting_since: dt.datetime | None = None
    error: str | None = None
    strangers_failed: int = 0

    @property
    def waiting(self) -> int:
        return self.states.get(MailState.QUEUED, 0)

    @property
    def failed(self) -> int:
        """Of mails to people, as the page lists them: a code to an address that somebody mistyped is nobody's to mend."""
        return self.states.get(MailState.FAILED, 0) - self.strangers_failed

    @property
    def is_late(self) -> bool:
        return self.waiting_since is not None and self.waiting_since < now() - LATE


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address: whose it is, on which lists they are, what was asked and sent, the latest first."""

    person: Person | None
    entries: Sequence[RosterEntry]
    registrations: Sequence[Registration]
    askings: Sequence[AddressProof]
    mails: Sequence[Named]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a name or a phone means, with every address that is known of them."""

    person_id: int
    name: str
    cohorts: Sequence[int]
    addresses: Sequence[str]


def health(meetup_id: int) -> Health:
    """Of all mails of the meetup, codes too."""
    rows = db.session.execute(
        select(OutboxMail.state, func.count().label("number"))
        .where(OutboxMail.meetup_id == meetup_id)
        .group_by(OutboxMail.state)
    ).all()
    states = {row.state: row.number for row in rows}
    strangers = _strangers_failed(meetup_id) if states.get(MailState.FAILED) else 0
    if not states.get(MailState.QUEUED):
        return Health(states, strangers_failed=strangers)
    due = or_(OutboxMail.due_at <= now(), OutboxMail.last_error.is_not(None))
    oldest = db.session.execute(
        select(OutboxMail.created_at, OutboxMail.last_error)
        .where(OutboxMail.meetup_id == meetup_id, OutboxMail.state == MailState.QUEUED, due)
        .order_by(OutboxMail.id)
        .limit(1)
    ).one_or_none()
    since, error = (oldest.created_at, oldest.last_error) if oldest else (None, None)
    return Health(states, since, error, strangers)


def _strangers_failed(meetup_id: int) -> int:
    query = select(func.count()).where(
        OutboxMail.meetup_id == meetup_id,
        OutboxMail.state == MailState.FAILED,
        OutboxMail.kind.in_(outbox.TO_STRANGERS),
    )
    return db.session.scalar(query) or 0


def listed(meetup_id: int, state: MailState | None, *, start: int, size: int) -> Sequence[Named]:
    """A page of mails to people of the meetup, the latest first, and one more where there are more."""
    about = _named.where(OutboxMail.meetup_id == meetup_id, OutboxMail.kind.not_in(outbox.TO_STRANGERS))
    if state:
        about = about.where(OutboxMail.state == state)
    return db.session.execute(about.offset(start).limit(size + 1)).all()


def of_address(meetup: Meetup, address: str) -> Known:
    """Everything about one address at this meetup, in as many queries however much it is.

    A mail is found by each way in which the address was written: on a roster, by whoever asked, here.
    """
    key = address_key(address)
    person = db.session.scalars(
        select(Person)
        .join(PersonAddress)
        .where(PersonAddress.program_id == meetup.program_id, PersonAddress.address_key == key)
    ).one_or_none()
    of_the_address = (AddressProof.meetup_id == meetup.id, AddressProof.address_key == key)
    askings = db.session.scalars(
        select(AddressProof).where(*of_the_address).order_by(AddressProof.id.desc()).limit(AT_MOST)
    ).all()
    known = person.addresses if person else []
    typed = {asking.address for asking in askings} | {
        each.address for each in known if each.address_key == key
    }
    mails = _named.where(OutboxMail.meetup_id == meetup.id, OutboxMail.address.in_({address, key, *typed}))
    return Known(
        person,
        _entries(person) if person else (),
        _registrations(meetup, person) if person else (),
        askings,
        db.session.execute(mails.limit(AT_MOST)).all(),
    )


def people(meetup: Meetup, text: str) -> tuple[list[Found], bool]:
    """Whom of the programme, or of who is registered here, a caller's name or phone means, by name, and whether there are
    more than are shown; four queries at most."""
    known = people_search.people(text, meetup.program_id)
    if known is None:
        return [], False
    here = people_search.registered(text, meetup.id)
    registered = select(Registration.person_id).where(Registration.meetup_id == meetup.id)
    meant = (
        Person.id.in_(known)
        if here is None
        else or_(Person.id.in_(known), Person.id.in_(registered.where(here)))
    )
    query = select(Person).where(Person.program_id == meetup.program_id, Person.erased_at.is_(None), meant)
    query = query.options(selectinload(Person.addresses)).order_by(Person.name, Person.id)
    found = db.session.scalars(query.limit(FOUND_AT_MOST + 1)).all()
    shown = found[:FOUND_AT_MOST]
    ids = [each.id for each in shown]
    cohorts: dict[int, list[int]] = defaultdict(list)
    listed = select(RosterEntry.person_id, Cohort.ordinal).join(Cohort, Cohort.id == RosterEntry.cohort_id)
    for person, ordinal in db.session.execute(
        listed.where(RosterEntry.person_id.in_(ids)).order_by(Cohort.ordinal)
    ):
        cohorts[person].append(ordinal)
    addresses = {each.id: {known.address_key: known.address for known in each.addresses} for each in shown}
    given = select(Registration.person_id, Registration.address).where(
        Registration.meetup_id == meetup.id, Registration.person_id.in_(ids), Registration.address != ""
    )
    for person, address in db.session.execute(given):
        addresses[person].setdefault(address_key(address), address)
    told = [
        Found(each.id, each.name, cohorts[each.id], sorted(addresses[each.id].values())) for each in shown
    ]
    return told, len(found) > FOUND_AT_MOST


def try_again(meetup: Meetup, mail_id: int | None, actor: str) -> int:
    """Owe what failed anew, all of it or the one named; how many."""
    failed = [OutboxMail.meetup_id == meetup.id]
    if mail_id is not None:
        failed.append(OutboxMail.id == mail_id)
    with transaction() as session:
        number = outbox.owe_anew(session, *failed)
        if number:
            act = "mails.tried_again"
            audit.record(session, act, meetup, actor, program_id=meetup.program_id, number=number)
    return number


def _entries(person: Person) -> Sequence[RosterEntry]:
    entries = select(RosterEntry).where(RosterEntry.person_id == person.id)
    return db.session.scalars(entries.options(joinedload(RosterEntry.cohort))).all()


def _registrations(meetup: Meetup, person: Person) -> Sequence[Registration]:
    theirs = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.person_id == person.id
    )
    return db.session.scalars(theirs.order_by(Registration.id.desc()).limit(AT_MOST)).all()
