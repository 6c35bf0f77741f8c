"""The one rule by which people are found from what was typed, for every list and for the door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.domain.door.phones import digits_of
from app.domain.writing.names import NameQuery, clean_name, query_key
from app.models import Meetup, Person, PersonAddress, PersonPhone, Registration

SHORTEST_ADDRESS, LAST = 3, 4
_WHOLE_NUMBER = 9
_BETWEEN_DIGITS = "- .()+"


def matching(text: str, person_id: Any) -> ColumnElement[bool] | None:
    """The condition that the person of column `person_id` is meant by `text`; None when nothing was asked.

    Names in every way that people type them, a part of an address, the end of a phone number or the
    whole of it.
    """
    found = _ways(text, person_id)
    return None if found is None else or_(*found)


def registered(
    text: str, meetup_id: int, number: Any = Registration.id, *, given_only: bool = False
) -> ColumnElement[bool] | None:
    """The condition that a registration at this meetup is meant: its person by `matching`, or its own address and phone.

    It names the registrations that are meant, whose ids are `number`, whichever the query is about: found once, from the people, and not asked of each
    registration of a large meetup. `given_only`: by names and what was given here, not by addresses and phones that the
    programme knows besides: who may not see these could guess them letter by letter.
    """
    asked = query_key(text)
    if asked.kind == "empty":
        return None
    here = select(Registration.id).where(Registration.meetup_id == meetup_id)
    program = select(Meetup.program_id).where(Meetup.id == meetup_id).scalar_subquery()
    found = []
    if asked.kind in {"choseong", "text"}:
        people = select(Person.id).where(Person.program_id == program, _has_name(Person, asked.alternatives))
        found.append(_of_people(people))
    if asked.kind == "digits":
        digits = _comparable(text, asked.value)
        found.append(here.where(_given(digits)))
        if not given_only:
            found.append(_of_people(select(PersonPhone.person_id).where(_ends(digits))))
    if part := _part_of_address(text, asked):
        found.append(here.where(func.lower(Registration.address).contains(part, autoescape=True)))
        if not given_only:
            known = PersonAddress.address_key.contains(part, autoescape=True)
            people = select(PersonAddress.person_id).where(PersonAddress.program_id == program, known)
            found.append(_of_people(people))
    meant: ColumnElement[bool] = number.in_(union_all(*found) if len(found) > 1 else found[0])
    return meant


def _of_people(people: Select[int]) -> Select[int]:
    """Their registrations, wherever: by the index, since people have few."""
    row = aliased(Registration)
    return select(row.id).where(row.person_id.in_(people))


def _ways(text: str, person_id: Any) -> list[ColumnElement[bool]] | None:
    asked = query_key(text)
    if asked.kind == "empty":
        return None
    found: list[ColumnElement[bool]] = []
    if asked.kind == "digits":
        digits = _ends(_comparable(text, asked.value))
        found.append(exists().where(and_(PersonPhone.person_id == person_id, digits)))
    elif asked.kind != "address":
        known = aliased(Person)
        found.append(exists().where(and_(known.id == person_id, _has_name(known, asked.alternatives))))
    if part := _part_of_address(text, asked):
        like = PersonAddress.address_key.contains(part, autoescape=True)
        found.append(exists().where(and_(PersonAddress.person_id == person_id, like)))
    return found


def _part_of_address(text: str, asked: NameQuery) -> str:
    """What may be a part of an address; "" where nothing of the kind was typed."""
    if asked.kind == "address":
        return asked.value
    typed = clean_name(text).casefold()
    return typed if typed.isascii() and len(typed) >= SHORTEST_ADDRESS else ""


def _comparable(text: str, digits: str) -> str:
    """A whole number without its leading 0, so that 010… and +82 10… are one number."""
    national = digits_of(text) or digits
    whole = national.startswith("0") and len(national) >= _WHOLE_NUMBER
    return national[1:] if whole else digits


def _has_name(known: type[Person], parts: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(known.search_key.contains(part, autoescape=True) for part in parts))


def _ends(digits: str) -> ColumnElement[bool]:
    """Of a person's phone: the last four are in an index."""
    whole = PersonPhone.digits.endswith(digits, autoescape=True)
    return whole if len(digits) < LAST else and_(PersonPhone.last_four == digits[-LAST:], whole)


def _given(digits: str) -> ColumnElement[bool]:
    """Of a registration's phone, as it was typed. Few have these digits in this order: only of those the rest is looked at."""
    given: Any = Registration.phone
    for char in _BETWEEN_DIGITS:
        given = func.replace(given, char, "")
    in_order = Registration.phone.like(f"%{'%'.join(digits)}%")
    return and_(in_order, given.endswith(digits, autoescape=True))
