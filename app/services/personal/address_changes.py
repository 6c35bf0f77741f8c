"""Where one's mails and tickets go: changed by whoever reads both addresses, put back by whoever reads the former one.

The personal link alone changes nothing, since it may have been forwarded. The address on the roster stays the person's,
so that they can always prove that one instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.domain.writing.addresses import address_key, clean_address, is_address
from app.keys import keys
from app.models import (
    IS_ACTIVE,
    AddressChange,
    AddressProof,
    Meetup,
    MeetupState,
    Person,
    PersonAddress,
    Registration,
    RosterEntry,
)
from app.services import audit
from app.services.mails import outbox
from app.services.mails.meetup_values import contact_of
from app.services.personal import fresh_proofs, own_links
from app.services.races import once_more
from app.services.seating.windows import require_ahead

MAIL, MAIL_OBJECTED = "address_changed", "address_objected"
MAY_OBJECT, KEPT = dt.timedelta(hours=72), dt.timedelta(days=7)


def ask(registration: Registration, old_uid: str, address: str, *, client: str, locale: str) -> str:
    """Owe the new address a code; the present one has been proved a moment ago. The uid of the new proof."""
    fresh_proofs.require(registration, Purpose.ADDRESS, old_uid)
    require_ahead(registration.meetup)
    if not is_address(address):
        raise DomainError("bad_address")
    if address_key(address) == address_key(registration.address):
        raise DomainError("address_same")
    new = clean_address(address)
    return fresh_proofs.ask(registration, Purpose.NEW_ADDRESS, client=client, locale=locale, new=new)


@once_more
def change(registration: Registration, old_uid: str, new_uid: str) -> None:
    """Let everything that went to the present address of this person go to the new one: links and tickets are new ones.

    Refused where the address is somebody else's: whoever proved that they read it may be told.
    """
    fresh_proofs.require(registration, Purpose.ADDRESS, old_uid)
    address, former = (
        fresh_proofs.require(registration, Purpose.NEW_ADDRESS, new_uid).address,
        registration.address,
    )
    require_ahead(registration.meetup)
    registration_id, person_id = registration.id, registration.person_id
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if person.erased_at:
            raise DomainError("proof_expired")
        added = _known(session, person, address)
        rows = _rows(session, person, {address_key(former)})
        _send_to(session, rows, address)
        made = AddressChange(
            uid=tokens.uid(),
            person_id=person.id,
            registration_id=registration_id,
            former=former,
            address=address,
            added=added,
        )
        session.add(made)
        row = session.get_one(Registration, registration_id)
        _owe(session, MAIL, former, row.locale, row, change=made.uid)
        audit.record(
            session,
            "registration.address_changed",
            row,
            audit.PERSON,
            program_id=person.program_id,
            registrations=len(rows),
        )


def find(uid: str, secret: str) -> AddressChange | None:
    """The change to which this mailed link objects."""
    if not tokens.same(tokens.objection_secret(keys().link, uid), secret):
        return None
    return db.session.scalars(select(AddressChange).where(AddressChange.uid == uid)).one_or_none()


def require_open(made: AddressChange) -> None:
    """Refuses where nobody can object any more, or has to."""
    if made.objected_at:
        raise DomainError("objection_done")
    if now() - made.at > MAY_OBJECT:
        raise DomainError("objection_over")


@once_more
def put_back(change_id: int) -> None:
    """It wasn't the person: everything goes to the former address again, also what was changed once more since then,
    and the addresses that came with it are forgotten. The organizers are told."""
    with transaction() as session:
        made = session.get_one(AddressChange, change_id, with_for_update=True)
        require_open(made)
        person = session.get_one(Person, made.person_id, with_for_update=True)
        since = session.scalars(
            select(AddressChange).where(AddressChange.person_id == person.id, AddressChange.id >= made.id)
        ).all()
        rows = _rows(session, person, {address_key(each.address) for each in since})
        _forget(session, person, {address_key(each.address) for each in since if each.added})
        _send_to(session, rows, made.former)
        for each in since:
            each.objected_at = now()
        row = session.get_one(Registration, made.registration_id)
        if contact := contact_of(row.meetup):
            locale = current_app.config["SETTINGS"].DEFAULT_LOCALE
            _owe(session, MAIL_OBJECTED, contact, locale, row)
        audit.record(
            session,
            "registration.address_put_back",
            row,
            audit.PERSON,
            program_id=person.program_id,
            registrations=len(rows),
        )


def discard_old() -> int:
    """Delete those to which nobody can object any more; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(AddressChange).where(AddressChange.at < now() - KEPT))
        return int(result.rowcount)


def _known(session: Session, person: Person, address: str) -> bool:
    """Make the address one of the person's; whether it is new to the programme."""
    key = address_key(address)
    owner = session.scalars(
        select(PersonAddress.person_id).where(
            PersonAddress.program_id == person.program_id, PersonAddress.address_key == key
        )
    ).one_or_none()
    if owner not in (None, person.id):
        raise DomainError("address_of_another")
    if owner is None:
        session.add(
            PersonAddress(program_id=person.program_id, person_id=person.id, address=address, address_key=key)
        )
        session.flush()
    return owner is None


def _rows(session: Session, person: Person, address_keys: set[str]) -> Sequence[Registration]:
    """Their places at meetups to come whose mails go to one of these."""
    ahead = Meetup.ends_at > now(), Meetup.state != MeetupState.CALLED_OFF
    rows = session.scalars(
        select(Registration)
        .join(Meetup, Meetup.id == Registration.meetup_id)
        .where(Registration.person_id == person.id, IS_ACTIVE, *ahead)
        .order_by(Registration.id)
        .with_for_update(of=Registration)
    ).all()
    return [row for row in rows if address_key(row.address) in address_keys]


def _send_to(session: Session, rows: Sequence[Registration], address: str) -> None:
    for row in rows:
        row.address = address
        own_links.replace(session, row)


def _forget(session: Session, person: Person, address_keys: set[str]) -> None:
    """Addresses that the person never had, unless a roster names them by now, and whatever was proved with them."""
    listed = set(session.scalars(select(RosterEntry.address_key).where(RosterEntry.person_id == person.id)))
    gone = address_keys - listed
    session.execute(
        delete(PersonAddress).where(PersonAddress.person_id == person.id, PersonAddress.address_key.in_(gone))
    )
    session.execute(
        delete(AddressProof)
        .where(AddressProof.person_id == person.id, AddressProof.address_key.in_(gone))
        .execution_options(synchronize_session=False)
    )


def _owe(session: Session, kind: str, address: str, locale: str, row: Registration, **params: Any) -> None:
    outbox.enqueue(
        session,
        kind,
        address,
        locale,
        program_id=row.meetup.program_id,
        meetup_id=row.meetup_id,
        registration_id=row.id,
        **params,
    )
