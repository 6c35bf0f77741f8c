"""Who could register for a meetup and has not: what its overview counts as "not yet", by name."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.inviting import Mailing, Stand
from app.domain.registering.registrations import Status
from app.domain.writing.cohort_words import cohort_in
from app.models import (
    IS_ACTIVE,
    Cohort,
    Meetup,
    MeetupInvitation,
    Person,
    PersonAddress,
    PersonPhone,
    Registration,
    RosterEntry,
)
from app.reading import among, in_chunks, planned_anew
from app.services.alumni import people_search
from app.services.inviting import invitation_fates
from app.services.mails import opt_outs
from app.services.registering import eligibility

COUNTED = 1_000


class Invited(enum.StrEnum):
    NO = "no"
    YES = "yes"
    UNREACHED = "unreached"  # no mail with it arrived, or none went out
    SILENT = "silent"  # said nothing to it


class Reach(enum.StrEnum):
    """By what somebody can be written to, the best first; and who can't by SMS."""

    MAIL = "mail"
    PHONE = "phone"
    NOTHING = "nothing"
    NO_PHONE = "no_phone"  # whether mail arrives or not


MAILINGS = {Invited.UNREACHED: {Mailing.FAILED, Mailing.NONE}, Invited.SILENT: {Mailing.SENT}}


@dataclass(frozen=True)
class Wanted:
    """`cohorts`: by their ordinals, any of them; empty: all."""

    cohorts: frozenset[int] = frozenset()
    invited: Invited | None = None
    reach: Reach | None = None
    search: str = ""


@dataclass(frozen=True)
class Unregistered:
    """One of them. `cohorts`: the ordinals by which they may come. `ended`: what became of the registration that they had here."""

    person_id: int
    name: str
    cohorts: Sequence[int]
    addresses: Sequence[str]  # those where mail arrives, as far as is known
    dead: Sequence[str]
    phones: Sequence[str]
    opted_out: bool
    invitation: Stand | None
    ended: Status | None


@dataclass(frozen=True)
class Page:
    """`total`: of all pages; None: more than `COUNTED`."""

    people: Sequence[Unregistered]
    earlier: bool
    later: bool
    total: int | None


def page(
    meetup: Meetup, wanted: Wanted, *, size: int, after: int | None = None, before: int | None = None
) -> Page:
    """By name, after that person or before that one; from the start where they are gone.

    Who is meant is looked for once where they are few; of many nobody is counted, and the names are walked along.
    """
    with planned_anew():
        few = db.session.scalars(ids(meetup, wanted).limit(COUNTED + 1)).all()
        total = len(few) if len(few) <= COUNTED else None
        meant = among(Person.id, few) if total is not None else _walked(meetup, wanted)
        edge = _edge(meetup.program_id, before if after is None else after)
        backwards = edge is not None and after is None
        query = select(Person.id).where(Person.program_id == meetup.program_id, meant)
        name, number = Person.name, Person.id
        if edge is not None:
            here, bound = tuple_(name, number), tuple_(edge.name, edge.id)
            query = query.where(here < bound if backwards else here > bound)
        order = (name.desc(), number.desc()) if backwards else (name, number)
        found = db.session.scalars(query.order_by(*order).limit(size + 1)).all()
    shown, more = found[:size], len(found) > size
    people = of_people(meetup, shown[::-1] if backwards else shown)
    return Page(people, more if backwards else edge is not None, backwards or more, total)


def ids(meetup: Meetup, wanted: Wanted) -> Select[int]:
    """A query for the people, each once."""
    entries = eligibility.may_come(meetup, _cohort_ids(meetup, wanted))
    query = select(RosterEntry.person_id).where(entries, *_restricted(meetup, wanted, RosterEntry.person_id))
    return query.distinct()


def chunks(meetup: Meetup, wanted: Wanted) -> Iterator[list[Unregistered]]:
    """All of them by cohort, then by name, a thousand at a time."""
    for people in in_chunks(_in_order(meetup, wanted)):
        yield of_people(meetup, people)


def some(meetup: Meetup, wanted: Wanted, most: int) -> tuple[list[Unregistered], bool]:
    """So many of them, those longest known, and whether there are more. For many it asks as often as for one."""
    with planned_anew():
        few = ids(meetup, wanted).order_by(RosterEntry.person_id).limit(most + 1)
        found = db.session.scalars(few).all()
    return of_people(meetup, found[:most]), len(found) > most


def of_people(meetup: Meetup, people: Sequence[int]) -> list[Unregistered]:
    """In this order; seven queries."""
    session = db.session()
    named = select(Person.id, Person.name).where(among(Person.id, people))
    names = {row.id: row.name for row in session.execute(named)}
    out = opt_outs.among_people(session, meetup.program_id, people)
    cohorts = _cohorts(meetup, people)
    addresses: dict[tuple[int, bool], list[str]] = defaultdict(list)
    theirs = among(PersonAddress.person_id, people)
    known = select(PersonAddress.person_id, PersonAddress.address, PersonAddress.dead_since)
    for row in session.execute(known.where(theirs).order_by(PersonAddress.id.desc())):
        addresses[row.person_id, row.dead_since is None].append(row.address)
    phones: dict[int, list[str]] = defaultdict(list)
    numbers = select(PersonPhone.person_id, PersonPhone.number).where(among(PersonPhone.person_id, people))
    for person, number in session.execute(numbers.order_by(PersonPhone.id.desc())):
        phones[person].append(number)
    here = among(Registration.person_id, people), Registration.meetup_id == meetup.id, ~IS_ACTIVE
    before = select(Registration.person_id, Registration.status, Registration.status_at).where(*here)
    ended, cancelled = {}, {}
    for person, status, when in session.execute(before.order_by(Registration.status_at, Registration.id)):
        ended[person] = status
        if status is Status.CANCELLED:
            cancelled[person] = when
    reachable = {person for person, works in addresses if works}
    known_of = invitation_fates.Standing(out, reachable, cancelled)
    invitations = invitation_fates.of_unregistered(session, meetup, people, known_of)
    return [
        Unregistered(
            each,
            names[each],
            cohorts[each],
            addresses[each, True],
            addresses[each, False],
            phones[each],
            each in out,
            invitations.get(each),
            ended.get(each),
        )
        for each in people
        if each in names
    ]


def _walked(meetup: Meetup, wanted: Wanted) -> ColumnElement[bool]:
    """A condition that is asked of one person after the other, until a page is full."""
    entry = exists(RosterEntry.id).where(
        RosterEntry.person_id == Person.id, eligibility.may_come(meetup, _cohort_ids(meetup, wanted))
    )
    named = people_search.matching(cohort_in(wanted.search)[1], Person.id)
    others = _restricted(meetup, replace(wanted, search=""), Person.id)
    return and_(entry.correlate(Person), *others, *([] if named is None else [named]))


def _restricted(meetup: Meetup, wanted: Wanted, person: Any) -> list[ColumnElement[bool]]:
    has = exists(Registration.id).where(
        Registration.meetup_id == meetup.id, Registration.person_id == person, IS_ACTIVE
    )
    found = [~has]
    if wanted.invited in MAILINGS:
        found.append(invitation_fates.by_mail(meetup, person, MAILINGS[wanted.invited]))
    elif wanted.invited is not None:
        invited = select(MeetupInvitation.person_id).where(MeetupInvitation.meetup_id == meetup.id)
        found.append(person.in_(invited) if wanted.invited is Invited.YES else person.not_in(invited))
    if wanted.reach is not None:
        found.append(_reached(wanted.reach, person))
    _ordinal, named = cohort_in(wanted.search)
    if (meant := people_search.people(named, meetup.program_id)) is not None:
        found.append(person.in_(meant))
    return found


def _reached(reach: Reach, person: Any) -> ColumnElement[bool]:
    known, phone = aliased(PersonAddress), aliased(PersonPhone)
    mail = exists(known.id).where(known.person_id == person, known.dead_since.is_(None))
    if reach is Reach.MAIL:
        return mail
    has_phone = exists(phone.id).where(phone.person_id == person)
    if reach is Reach.NO_PHONE:
        return ~has_phone
    return and_(~mail, has_phone if reach is Reach.PHONE else ~has_phone)


def _in_order(meetup: Meetup, wanted: Wanted) -> Select[int]:
    entries = eligibility.may_come(meetup, _cohort_ids(meetup, wanted))
    return (
        select(RosterEntry.person_id)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .join(Person, Person.id == RosterEntry.person_id)
        .where(entries, *_restricted(meetup, wanted, RosterEntry.person_id))
        .group_by(RosterEntry.person_id, Person.name)
        .order_by(func.max(Cohort.ordinal), Person.name, RosterEntry.person_id)
    )


def _cohort_ids(meetup: Meetup, wanted: Wanted) -> Collection[int] | None:
    """Also where the search names one: "2기 김하나"."""
    ordinal, _name = cohort_in(wanted.search)
    if not wanted.cohorts and ordinal is None:
        return None
    ordinals = wanted.cohorts or {ordinal}
    return {
        each.id for each in meetup.cohorts if each.ordinal in ordinals and ordinal in {None, each.ordinal}
    }


def _cohorts(meetup: Meetup, people: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    entries = select(RosterEntry.person_id, Cohort.ordinal).join(Cohort, Cohort.id == RosterEntry.cohort_id)
    theirs = among(RosterEntry.person_id, people), eligibility.may_come(meetup)
    for row in db.session.execute(entries.where(*theirs).order_by(Cohort.ordinal)):
        found[row.person_id].append(row.ordinal)
    return found


def _edge(program_id: int, person_id: int | None) -> Row[int, str] | None:
    query = select(Person.id, Person.name).where(Person.id == person_id, Person.program_id == program_id)
    return None if person_id is None else db.session.execute(query).one_or_none()
