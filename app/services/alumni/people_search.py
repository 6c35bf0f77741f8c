"""The one rule by which people are found from what was typed, for every list and for the door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlalchemy.orm import aliased

from app.domain.door.phones import digits_of
from app.domain.writing.names import clean_name, query_key
from app.models import Person, PersonAddress, PersonPhone, Registration

SHORTEST_ADDRESS = 3
_WHOLE_NUMBER = 9
_BETWEEN_DIGITS = "- .()+"


def matching(text: str, person_id: Any, *, registered: bool = False) -> ColumnElement[bool] | None:
    """The condition that the person of column `person_id` is meant by `text`; None when nothing was asked.

    Names in every way that people type them, a part of an address, the end of a phone number or the
    whole of it. With `registered`, the address and phone of the query's registration count as well.
    """
    asked = query_key(text)
    if asked.kind == "empty":
        return None
    if asked.kind == "address":
        return _address(asked.value, person_id, registered)
    if asked.kind == "digits":
        found = [_phone(_comparable(text, asked.value), person_id, registered)]
    else:
        found = [_named(asked.alternatives, person_id)]
    typed = clean_name(text).casefold()
    if typed.isascii() and len(typed) >= SHORTEST_ADDRESS:
        found.append(_address(typed, person_id, registered))
    return or_(*found)


def _comparable(text: str, digits: str) -> str:
    """A whole number without its leading 0, so that 010… and +82 10… are one number."""
    national = digits_of(text) or digits
    whole = national.startswith("0") and len(national) >= _WHOLE_NUMBER
    return national[1:] if whole else digits


def _named(parts: tuple[str, ...], person_id: Any) -> ColumnElement[bool]:
    known = aliased(Person)
    named = or_(*(known.search_key.contains(part, autoescape=True) for part in parts))
    return exists().where(and_(known.id == person_id, named))


def _address(part: str, person_id: Any, registered: bool) -> ColumnElement[bool]:
    like = PersonAddress.address_key.contains(part, autoescape=True)
    held = exists().where(and_(PersonAddress.person_id == person_id, like))
    if not registered:
        return held
    return or_(func.lower(Registration.address).contains(part, autoescape=True), held)


def _phone(digits: str, person_id: Any, registered: bool) -> ColumnElement[bool]:
    ends = PersonPhone.digits.endswith(digits, autoescape=True)
    held = exists().where(and_(PersonPhone.person_id == person_id, ends))
    if not registered:
        return held
    given: Any = Registration.phone
    for char in _BETWEEN_DIGITS:
        given = func.replace(given, char, "")
    return or_(given.endswith(digits, autoescape=True), held)
