"""One attendee's phone and address, corrected at the desk: by the writes that an edited list has for them, and with its way back.

The registration's own: what a roster says of the person stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, end_reading
from app.domain.door.phones import digits_of
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.adding import read_phone
from app.domain.registering.registrations import ENDED
from app.domain.revising.comparing import Change
from app.domain.revising.parts import Part, same
from app.domain.revising.way_back import WayBack
from app.domain.writing.addresses import address_key, clean_address, valid_key
from app.domain.writing.kept_texts import one_line
from app.domain.writing.resident_numbers import holds_resident_number
from app.models import Cohort, Meetup, MeetupState, Registration, RosterEntry
from app.services import audit
from app.services.alumni import phones, roster_uploads
from app.services.races import once_more
from app.services.revising.corrections import ACTS, Act, Attendee, carry_out
from app.services.revising.looking import present
from app.services.revising.standing import standing

ACT = "registration.contact_corrected"


@dataclass(frozen=True)
class Contact:
    """By what somebody is reached at a meetup; "" for nothing."""

    phone: str
    address: str

    def differing(self, other: Contact) -> tuple[Part, ...]:
        return tuple(part for part in PARTS if not same(part, self.of(part), other.of(part)))

    def of(self, part: Part) -> str:
        return self.phone if part is Part.PHONE else self.address


PARTS = (Part.ADDRESS, Part.PHONE)


@dataclass(frozen=True)
class Keeper:
    """For whom the way back is kept, and under which name."""

    account_id: int
    name: str


@dataclass(frozen=True)
class Said:
    """A roster's own word on somebody's phone and address; "" where it says the same."""

    cohort: Cohort
    phone: str
    address: str


def contact_of(registration: Registration) -> Contact:
    return Contact(registration.phone or "", registration.address)


def read(typed: Contact, shown: Contact) -> Contact:
    """As typed, tidied; what was left as it was `shown` stays so, however a list wrote it. Raises `Unusable` by part."""
    problems: dict[str, DomainError] = {}
    phone, address = shown.phone, shown.address
    if one_line(typed.phone) != one_line(shown.phone):
        try:
            phone = _phone_typed(typed.phone)
        except DomainError as refusal:
            problems[Part.PHONE.value] = refusal
    if one_line(typed.address) != one_line(shown.address):
        address = clean_address(typed.address)
        if address and valid_key(address) is None:
            problems[Part.ADDRESS.value] = DomainError("bad_address")
    if problems:
        raise Unusable(problems)
    return Contact(phone, address)


def _phone_typed(text: str) -> str:
    if holds_resident_number(text):
        raise DomainError("resident_number_typed")
    return read_phone(text)


def correct(
    registration: Registration,
    wanted: Contact,
    shown: Contact,
    actor: str,
    reason: str = "",
    keeper: Keeper | None = None,
) -> tuple[tuple[Part, ...], str]:
    """What changed, and the way back's reference; "" where none is kept.

    `shown`: what stood there when somebody decided on it. An address can be put in another's place, not taken away.
    """
    parts = wanted.differing(shown)
    if not parts:
        return (), ""
    if Part.ADDRESS in parts and not wanted.address:
        raise DomainError("bad_address")
    meetup, registration_id = registration.meetup, registration.id
    before = _before(meetup, registration, wanted, parts) if keeper else None
    end_reading()
    way = (
        keeper
        and before
        and roster_uploads.keep_way_back(meetup, keeper.account_id, before.data, keeper.name, 1)
    )
    try:
        _write(registration_id, wanted, shown, parts, actor, reason)
    except DomainError:
        if way:
            roster_uploads.discard(way.id, way.reference)
        raise
    return parts, way.reference if way else ""


def may_change_own(registration: Registration) -> bool:
    """While there is something for which somebody may be phoned, by a meetup that asks for it."""
    meetup = registration.meetup
    if not (meetup.asks_phone or registration.phone):
        return False
    is_ahead = meetup.state is not MeetupState.CALLED_OFF and now() < meetup.ends_at
    return is_ahead and registration.status not in ENDED


def change_own(registration: Registration, typed: str) -> bool:
    """The person's own phone, at their link; whether it is another one now. Their address is what they proved, and changes by a
    code that goes to the new one."""
    if not may_change_own(registration):
        raise DomainError("not_endable")
    shown = contact_of(registration)
    wanted = read(Contact(typed, shown.address), shown)
    return bool(correct(registration, wanted, shown, audit.PERSON)[0])


def said_otherwise(registration: Registration) -> list[Said]:
    """What the programme's rosters say of the person where it is something else than the registration has."""
    query = (
        select(RosterEntry).join(RosterEntry.cohort).where(RosterEntry.person_id == registration.person_id)
    )
    query = query.options(joinedload(RosterEntry.cohort, innerjoin=True)).order_by(Cohort.ordinal)
    key, digits = address_key(registration.address), digits_of(registration.phone or "")
    found = []
    for entry in db.session.scalars(query):
        has_other_phone = entry.phone and digits_of(entry.phone) != digits
        said = Said(
            entry.cohort,
            entry.phone if entry.phone and has_other_phone else "",
            entry.address_key if entry.address_key != key else "",
        )
        if said.phone or said.address:
            found.append(said)
    return found


@once_more
def _write(
    registration_id: int, wanted: Contact, shown: Contact, parts: tuple[Part, ...], actor: str, reason: str
) -> None:
    values = {part: wanted.of(part) for part in parts}
    was = {Part.ADDRESS: shown.address} if Part.ADDRESS in parts else {}
    acts: Mapping[Part, Act] = {**ACTS, Part.PHONE: partial(_phone, shown=shown.phone)}
    carry_out(registration_id, values, actor, reason, acts, was=was, told_as=ACT)


def _phone(session: Session, who: Attendee, value: str, *, shown: str) -> None:
    """Judged by the registration's own: a phone that lists alone know was shown beside it, and is none of its."""
    if not same(Part.PHONE, who.row.phone or "", shown):
        raise DomainError("cell_changed_meanwhile")
    ACTS[Part.PHONE](session, who, value)


def _before(meetup: Meetup, registration: Registration, wanted: Contact, parts: tuple[Part, ...]) -> WayBack:
    who = present(meetup.id, [registration.reference])[registration.reference]
    known = phones.known([registration.person_id]).get(registration.person_id, "")
    becomes = {Part.ADDRESS: wanted.address, Part.PHONE: wanted.phone or known}
    return standing([(who, [Change(part, who.values[part], becomes[part]) for part in parts])])
