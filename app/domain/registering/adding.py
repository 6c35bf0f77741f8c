"""Somebody whom an organizer registers: who they are, as what they come, and what if there is no seat."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.door.phones import digits_of
from app.domain.errors import DomainError
from app.domain.seating.pools import GuestRole
from app.domain.seating.seats import MOST_COMPANIONS
from app.domain.writing.addresses import clean_address, valid_key
from app.domain.writing.korean_phones import korean_phone
from app.domain.writing.typed_names import read_name

PHONE_LIMIT = 40
_FEWEST_DIGITS, _MOST_DIGITS = 7, 15


class Kind(enum.StrEnum):
    """As what somebody comes, in words that organizers share as tags."""

    SPEAKER = "speaker"
    SPECIAL_GUEST = "special_guest"
    STAFF = "staff"


# Whose seat may be one of those that are reserved without a name.
ROLES: Mapping[Kind, GuestRole] = {
    Kind.SPEAKER: GuestRole.SPEAKER,
    Kind.SPECIAL_GUEST: GuestRole.GUEST_OF_HONOUR,
}


@dataclass(frozen=True)
class Guest:
    """Somebody who is not among the programme's people yet; "" for what is not known."""

    name: str
    address: str = ""
    address_key: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Wish:
    """`person_id` or `guest`. `token`: of the form, so that two presses are one. `tags`: words for the kinds."""

    token: str
    person_id: int | None = None
    guest: Guest | None = None
    kinds: Sequence[Kind] = ()
    tags: Sequence[str] = ()
    companions: int = 0
    tells: bool = True
    locale: str = "ko"
    reason: str = ""
    waits_if_full: bool = False  # like everybody who comes then

    @property
    def role(self) -> GuestRole | None:
        return next((ROLES[kind] for kind in self.kinds if kind in ROLES), None)

    def require_usable(self) -> None:
        if not 0 <= self.companions <= MOST_COMPANIONS:
            raise DomainError("companions_too_many", limit=MOST_COMPANIONS)

    @property
    def identity(self) -> str:
        """Who is meant: another person by the same form is another wish."""
        who = self.guest
        return f"{self.person_id}" if who is None else f"{who.name}|{who.address_key}|{digits_of(who.phone)}"


def read_guest(name: str, address: str, phone: str) -> Guest:
    """As typed, tidied; refused where it has no name, or an address or a phone that can't be one."""
    tidy = read_name(name)
    if not address.strip():
        return Guest(tidy, phone=read_phone(phone))
    key = valid_key(address)
    if key is None:
        raise DomainError("bad_address")
    return Guest(tidy, clean_address(address), key, read_phone(phone))


def read_phone(text: str) -> str:
    """A Korean number as everybody writes it; guests may have one of elsewhere."""
    typed = " ".join(text.split())
    if not typed:
        return ""
    known = korean_phone(typed)
    if known is None and not _FEWEST_DIGITS <= len(digits_of(typed)) <= _MOST_DIGITS:
        raise DomainError("bad_phone")
    return (known or typed)[:PHONE_LIMIT]
