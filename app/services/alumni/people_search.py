"""The one rule by which people are found from what was typed, for every list and for the door."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, true, union_all
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.door.phones import digits_of
from app.domain.writing.cohort_words import cohort_in
from app.domain.writing.names import NameQuery, clean_name, query_key
from app.models import Cohort, Meetup, Person, PersonAddress, PersonPhone, Registration

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
    """The condition that a registration at this meetup is meant: its person by `matching`, or its own number, address, phone
    and names of companions. A cohort beside it, "2기 김하나", narrows it to those who come by that one.

    It names the registrations that are meant, whose ids are `number`, whichever the query is about: found once, from the people, and not asked of each
    registration of a large meetup. `given_only`: by names and what was given here, not by addresses and phones that the
    programme knows besides: who may not see these could guess them letter by letter.
    """
    ordinal, rest = cohort_in(text)
    meant = _meant(rest, meetup_id, number, given_only=given_only)
    if ordinal is None:
        return meant
    cohorts = select(Cohort.id).where(Cohort.program_id == _program_of(meetup_id), Cohort.ordinal == ordinal)
    return and_(Registration.cohort_id.in_(cohorts), true() if meant is None else meant)


def _meant(text: str, meetup_id: int, number: Any, *, given_only: bool) -> ColumnElement[bool] | None:
    asked = query_key(text)
    if asked.kind == "empty":
        return None
    here = select(Registration.id).where(Registration.meetup_id == meetup_id)
    program = _program_of(meetup_id)
    found = [here.where(Registration.reference == "".join(clean_name(text).split()).upper())]
    if asked.kind in {"choseong", "text"}:
        people = select(Person.id).where(
            Person.program_id == program, _has_name(Person.search_key, asked.alternatives)
        )
        found.append(_of_people(people))
        named = Registration.companion_key != literal_column("''")  # as the index says it
        found.append(here.where(named, _has_name(Registration.companion_key, asked.alternatives)))
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


def means(text: str, person: Person) -> bool:
    """Whether who searches so looks for this person, who is called so: it is no end of a phone and no 초성, and where it
    could be a part of an address, it finds nobody else of the programme. One query at most."""
    asked, found = query_key(text), people(text, person.program_id)
    if found is None or asked.kind != "text":
        return False
    if not _part_of_address(text, asked):
        return True
    others = select(Person.id).where(Person.id.in_(found), Person.id != person.id)
    return db.session.scalar(others.limit(1)) is None


def _program_of(meetup_id: int) -> Any:
    return select(Meetup.program_id).where(Meetup.id == meetup_id).scalar_subquery()


def people(text: str, program_id: int) -> Select[Any] | None:
    """The ids of those of the programme whom `text` means, as `matching`: found once, and not asked of each. None when
    nothing was asked."""
    asked = query_key(text)
    if asked.kind == "empty":
        return None
    found: list[Select[Any]] = []
    if asked.kind == "digits":
        phones = select(PersonPhone.person_id).join(Person, Person.id == PersonPhone.person_id)
        found.append(phones.where(Person.program_id == program_id, _ends(_comparable(text, asked.value))))
    elif asked.kind != "address":
        named = select(Person.id).where(Person.program_id == program_id)
        found.append(named.where(_has_name(Person.search_key, asked.alternatives)))
    if part := _part_of_address(text, asked):
        known = PersonAddress.address_key.contains(part, autoescape=True)
        found.append(select(PersonAddress.person_id).where(PersonAddress.program_id == program_id, known))
    either = union_all(*found).subquery()
    return select(either.c[0])


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
        found.append(
            exists().where(and_(known.id == person_id, _has_name(known.search_key, asked.alternatives)))
        )
    if part := _part_of_address(text, asked):
        like = PersonAddress.address_key.contains(part, autoescape=True)
        found.append(exists().where(and_(PersonAddress.person_id == person_id, like)))
    return found


def _part_of_address(text: str, asked: NameQuery) -> str:
    """What may be a part of an address; "" where nothing of the kind was typed."""
    if asked.kind == "address":
        return asked.value
    typed = clean_name(text).casefold()
    is_part = typed.isascii() and " " not in typed and len(typed) >= SHORTEST_ADDRESS
    return typed if is_part else ""


def _comparable(text: str, digits: str) -> str:
    """A whole number without its leading 0, so that 010… and +82 10… are one number."""
    national = digits_of(text) or digits
    whole = national.startswith("0") and len(national) >= _WHOLE_NUMBER
    return national[1:] if whole else digits


def _has_name(key: Any, parts: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(key.contains(part, autoescape=True) for part in parts))


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
