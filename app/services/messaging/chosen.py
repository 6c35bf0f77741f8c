"""Whom a message is for: those of a meetup's list that its filter finds, and of these whom a mail can and may reach."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.domain.registering.notices import ConsentKind
from app.domain.registering.registrations import Status
from app.domain.writing.messages import Kind, LeftOut, left_out
from app.models import (
    MailState,
    Meetup,
    Message,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
)
from app.services.alumni.phones import Phones
from app.services.mails import opt_outs
from app.services.organizing import attendees, notices
from app.services.organizing.conditions import unreached
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import restored
from app.services.registering import consents

CHUNK = 1_000
NAMED, LISTED = 12, 20  # of whom it goes to, and of whom it leaves out
SHOWN = 3  # as a preview


@dataclass(frozen=True)
class Choice:
    """`repeats`: the message that those who got it, or will, need not get again."""

    kind: Kind
    wanted: Filter
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """`address`: where it goes, which is another of theirs where no mail arrives at the one of the registration."""

    registration_id: int
    reference: str
    name: str
    cohort_id: int | None
    address: str
    phone: str
    locale: str
    left_out: LeftOut | None
    status: Status
    offered_until: dt.datetime | None
    is_reached: bool  # by mails of this meetup, so far


@dataclass
class Audience:
    """`first` has some whom it reaches, `missed` the first of those who are left out, by reason; `shown` some to look at the message with."""

    number: int = 0
    first: list[Reader] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    missed: dict[LeftOut, list[Reader]] = field(default_factory=dict)
    shown: list[Reader] = field(default_factory=list)


def choice_of(message: Message) -> Choice:
    return Choice(message.kind, restored(message.chosen), message.repeats_id)


def audience(session: Session, meetup: Meetup, choice: Choice) -> Audience:
    """To whom it would go now."""
    found = Audience()
    for page in pages(session, meetup, choice):
        for reader in page:
            _count(found, reader)
    return found


def pages(
    session: Session, meetup: Meetup, choice: Choice, *, listed_phones: bool = False
) -> Iterator[list[Reader]]:
    """All who are chosen, also who is left out, a thousand at a time; no query is open in between.

    `listed_phones`: also phones that only the programme's lists know.
    """
    out = opt_outs.people(meetup.program_id) if choice.kind is Kind.NEWS else set()
    phones = Phones(of_lists=listed_phones)
    query, last = _query(meetup, choice), 0
    while rows := session.execute(query.where(Registration.id > last).limit(CHUNK)).all():
        last = rows[-1].id
        phones.prepare(rows)
        yield [_reader(row, phones.of(row), out) for row in rows]


def may_be_sent_news(meetup: Meetup) -> ColumnElement[bool]:
    """In a statement about registrations of this meetup: whether the separate consent to news stands."""
    asked = notices.current(meetup).consents
    keys = [consent.key for consent in asked if consent.kind is ConsentKind.MARKETING]
    return or_(false(), *(consents.consented(key) for key in keys))


def _reader(row: Any, phone: str | None, out: set[int]) -> Reader:
    why = left_out(
        consents=bool(row.consents),
        opted_out=row.person_id in out,
        has_address=bool(row.address),
        is_dead=bool(row.is_dead) and not row.other,
    )
    address = row.other if row.is_dead and row.other else row.address
    return Reader(
        row.id,
        row.reference,
        row.name,
        row.cohort_id,
        address,
        phone or "",
        row.locale,
        why,
        row.status,
        row.offered_until,
        not row.unreached,
    )


def _query(meetup: Meetup, choice: Choice) -> Select[Any]:
    theirs = PersonAddress.person_id == Registration.person_id
    dead = select(PersonAddress.id).where(
        theirs,
        PersonAddress.address_key == func.lower(Registration.address),
        PersonAddress.dead_since.is_not(None),
    )
    works = (
        select(PersonAddress.address)
        .where(theirs, PersonAddress.dead_since.is_(None))
        .order_by(PersonAddress.id.desc())
        .limit(1)
        .correlate(Registration)
        .scalar_subquery()
    )
    columns: Sequence[Any] = (
        Registration.id,
        Registration.reference,
        Registration.person_id,
        Registration.cohort_id,
        Registration.address,
        Registration.locale,
        Registration.status,
        Registration.offered_until,
        unreached(meetup.id).label("unreached"),
        Registration.phone,
        Person.name,
        dead.exists().label("is_dead"),
        works.label("other"),
        (may_be_sent_news(meetup) if choice.kind is Kind.NEWS else true()).label("consents"),
    )
    return (
        select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.id.in_(attendees.ids(meetup.id, choice.wanted)), Person.erased_at.is_(None))
        .where(*([_unreached(choice.repeats)] if choice.repeats else []))
        .order_by(Registration.id)
    )


def _unreached(message_id: int) -> ColumnElement[bool]:
    """Neither the message nor one that repeated it has reached them, or is on its way."""
    family = select(Message.id).where(or_(Message.id == message_id, Message.repeats_id == message_id))
    reached = and_(
        OutboxMail.registration_id == Registration.id,
        OutboxMail.of_message.in_(family),
        OutboxMail.state.in_((MailState.SENT, MailState.QUEUED)),
    )
    return ~select(OutboxMail.id).where(reached).correlate(Registration).exists()


def _count(found: Audience, reader: Reader) -> None:
    if reader.left_out is not None:
        found.left_out[reader.left_out] += 1
        listed = found.missed.setdefault(reader.left_out, [])
        if len(listed) < LISTED:
            listed.append(reader)
        return
    found.number += 1
    if len(found.first) < NAMED:
        found.first.append(reader)
    new_language = reader.locale not in {each.locale for each in found.shown}
    if len(found.shown) < SHOWN:
        found.shown.append(reader)
    elif new_language:
        found.shown[-1] = reader
