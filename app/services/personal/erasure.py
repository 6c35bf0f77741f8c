"""Erasing a person from a programme: at their own wish, by the link or by an organizer's hand.

One transaction: until it ends nothing is gone, and then everything is. Places in meetups to come are given up, and go
on at once; of what was, the rows stay that counts and the door's ledger rest on, and name nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, forget_overwritten, transaction
from app.domain.erasure import Asked, is_meant
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.writing.addresses import address_key
from app.models import (
    AddressChange,
    AuditEntry,
    Meetup,
    MeetupState,
    Person,
    PersonAddress,
    Program,
    Registration,
    RosterEntry,
    Source,
)
from app.services import audit
from app.services.door import door_counts
from app.services.mails import opt_outs, outbox
from app.services.personal import erased_addresses, erasing_rows, fresh_proofs
from app.services.personal.erasing_rows import Traces
from app.services.races import LostRace, once_more
from app.services.registering import tickets
from app.services.registering.registration_changes import change
from app.services.seating import draw_entries, promotion

ACT, MAIL = "person.erased", "erased"


@dataclass(frozen=True)
class Outlook:
    """What erasing somebody would do: the places that they give up, and how many rows stay without a name."""

    ending: Sequence[Registration]
    kept: int


def outlook(person_id: int) -> Outlook:
    """Before anybody presses the button."""
    rows = db.session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .options(joinedload(Registration.meetup, innerjoin=True))
        .order_by(Registration.id)
    ).all()
    ending = [row for row in rows if _gives_up(row, row.meetup)]
    return Outlook(ending, len(rows))


def find(program_id: int, person_id: int) -> Person | None:
    """A person of the programme who is still there."""
    query = select(Person).where(
        Person.id == person_id, Person.program_id == program_id, Person.erased_at.is_(None)
    )
    return db.session.scalars(query).one_or_none()


def last_proved(person_id: int) -> str:
    """The address that they proved last, for the last mail; "" where they proved none. A roster's may be dead, or by
    now somebody else's."""
    query = select(Registration.address).where(
        Registration.person_id == person_id, Registration.source == Source.PERSON, Registration.address != ""
    )
    return db.session.scalars(query.order_by(Registration.id.desc()).limit(1)).first() or ""


def erase_by_link(registration: Registration, uid: str, *, locale: str) -> None:
    """At the personal link, with the proof of a moment ago."""
    fresh_proofs.require(registration, Purpose.ERASURE, uid)
    erase(registration.person_id, audit.PERSON, Asked.LINK, told=registration.address, locale=locale)


@once_more
def erase(person_id: int, actor: str, asked: Asked, *, told: str = "", locale: str = "ko") -> None:
    """`told`: the address that gets the last mail, and is forgotten after it. Erasing twice changes nothing."""
    with transaction() as session:
        found = held(session, person_id)
        if found is None:
            return
        traces, meetups = found
        ended = _give_up(session, traces.registrations, meetups, actor)
        for registration in traces.registrations:
            tickets.revoke(session, registration.id)
        named = [asdict(each) for each in erasing_rows.wipe(session, traces)]
        about: dict[str, Any] = {"texts": named} if named else {}
        program_id = traces.person.program_id
        erased_addresses.note(session, program_id, traces.keys)
        opt_outs.spread(session, program_id, traces.keys)
        audit.record(
            session,
            ACT,
            traces.person,
            actor,
            program_id=program_id,
            asked=asked.value,
            registrations=len(traces.registrations),
            cancelled=len(ended),
            **about,
        )
        if told:
            outbox.enqueue(session, MAIL, told, locale, program_id=program_id)
        for meetup in ended:
            promotion.promote(session, meetup)
        touched = {row.meetup_id for row in traces.registrations}
    for meetup_id in touched:
        door_counts.forget(meetup_id)
    forget_overwritten()


def log(program_id: int, limit: int) -> Sequence[AuditEntry]:
    """The deletion log: the latest erasures, who did them and what went with them."""
    query = select(AuditEntry).where(AuditEntry.program_id == program_id, AuditEntry.act == ACT)
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def texts_of(entries: Sequence[AuditEntry]) -> list[tuple[AuditEntry, Meetup, str, bool]]:
    """Texts to many that named somebody whom these erasures are about: where, of which kind, and whether they still do."""
    said = [(entry, text) for entry in entries for text in entry.details.get("texts", ())]
    query = select(Meetup).where(Meetup.id.in_({text["meetup_id"] for _entry, text in said}))
    meetups = {meetup.id: meetup for meetup in db.session.scalars(query)} if said else {}
    return [
        (entry, meetups[text["meetup_id"]], text["called"], text["stands"])
        for entry, text in said
        if text["meetup_id"] in meetups
    ]


def held(session: Session, person_id: int) -> tuple[Traces, dict[int, Meetup]] | None:
    """Everything that the decision rests on, under lock, in the order in which others take it: who registers holds
    their proof, then the meetup; who imports a roster the programme. None: erased already."""
    person = session.get_one(Person, person_id)
    erasing_rows.forget_proofs(session, person, keys_of(session, person, ()))
    meetups = {number: Meetup.locked(session, number) for number in _meetup_ids(session, person)}
    session.execute(select(Program.id).where(Program.id == person.program_id).with_for_update())
    held = select(Person).where(Person.id == person_id).with_for_update()
    person = session.scalars(held.execution_options(populate_existing=True)).one()
    if person.erased_at:
        return None
    rows = session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .order_by(Registration.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(row.meetup_id not in meetups for row in rows):
        raise LostRace
    return Traces(person, rows, keys_of(session, person, rows)), meetups


def _meetup_ids(session: Session, person: Person) -> Sequence[int]:
    """Where they have, or may get at this moment, a registration."""
    theirs = select(Registration.meetup_id).where(Registration.person_id == person.id)
    query = select(Meetup.id).where(
        Meetup.program_id == person.program_id, or_(Meetup.id.in_(theirs), Meetup.ends_at > now())
    )
    return session.scalars(query.order_by(Meetup.id)).all()


def keys_of(session: Session, person: Person, rows: Sequence[Registration]) -> frozenset[str]:
    known = select(PersonAddress.address_key).where(PersonAddress.person_id == person.id)
    listed = select(RosterEntry.address_key).where(RosterEntry.person_id == person.id)
    registered = {address_key(row.address) for row in rows if row.address}
    changes = session.scalars(select(AddressChange).where(AddressChange.person_id == person.id)).all()
    registered |= {address_key(each) for row in changes for each in (row.former, row.address)}
    return frozenset({*session.scalars(known), *session.scalars(listed)} | registered)


def _give_up(
    session: Session, rows: Sequence[Registration], meetups: dict[int, Meetup], actor: str
) -> list[Meetup]:
    """End the places in meetups to come; the meetups whose lines may move."""
    ended = []
    for row in rows:
        meetup = meetups[row.meetup_id]
        if _gives_up(row, meetup):
            draw_entries.close_if_due(session, meetup)
            change(session, [row], Status.CANCELLED, actor)
            ended.append(meetup)
    return ended


def _gives_up(row: Registration, meetup: Meetup) -> bool:
    """Who is in, or was, stays in the numbers."""
    takes_place = meetup.state is not MeetupState.CALLED_OFF and now() < meetup.ends_at
    return row.status in ACTIVE and takes_place and row.admitted_at is None


def require_named(person: Person, typed: str) -> None:
    """Refuses (`name_not_same`) unless this name was typed: nobody is erased by a slip of the thumb."""
    if not is_meant(person.name, typed):
        raise DomainError("name_not_same")
