"""Who could be invited to a meetup: everybody on its rosters, with what speaks against an invitation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, exists, func, select
from sqlalchemy.orm import Session

from app.db import db
from app.domain.inviting import Candidate, Hindrance, to_invite
from app.models import (
    IS_ACTIVE,
    WAS_INVITED,
    Meetup,
    MeetupInvitation,
    Person,
    PersonAddress,
    Registration,
    Status,
)
from app.services.alumni.people_search import matching
from app.services.mails import opt_outs
from app.services.registering import eligibility

FOUND_AT_MOST = 30
HAS_PLACE = (
    IS_ACTIVE,
    Registration.status != Status.PENDING,
)  # who waits for a list check may be invited meanwhile


@dataclass
class Counted:
    """A cohort's people: how many can be invited, and how many not for what reason."""

    open: int = 0
    held: dict[Hindrance, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Chosen:
    """Whom the choice reaches. `held`: whom it does not, for what reason."""

    people: frozenset[int]
    held: Mapping[Hindrance, int]


@dataclass(frozen=True)
class Reach:
    """Of those who may come and aren't registered: `invited`, and the `others`; `kept` are registered uninvited."""

    invited: int
    others: int
    kept: int


def of_meetup(session: Session, meetup: Meetup) -> list[Candidate]:
    """Two queries, and one more where anybody has opted out."""
    of_roster = eligibility.on_rosters(meetup.id)
    rows = session.execute(
        select(
            of_roster.c.person_id,
            of_roster.c.cohort_id,
            exists().where(_held(of_roster.c.person_id, meetup.id), WAS_INVITED).label("invited"),
            exists()
            .where(_held(of_roster.c.person_id, meetup.id), MeetupInvitation.declined_at.is_not(None))
            .label("declined"),
            exists().where(_registered(of_roster.c.person_id, meetup.id)).label("registered"),
            exists()
            .where(PersonAddress.person_id == of_roster.c.person_id, PersonAddress.dead_since.is_(None))
            .label("has_address"),
        )
    ).all()
    out = opt_outs.people(meetup.program_id)
    return [
        Candidate(
            r.person_id, r.cohort_id, r.invited, r.registered, r.person_id in out, r.has_address, r.declined
        )
        for r in rows
    ]


def reach(session: Session, meetup: Meetup) -> Reach:
    """Whom a meetup by invitation lets register, and whom it doesn't."""
    found = {each.person_id: each for each in of_meetup(session, meetup)}.values()
    active = Registration.meetup_id == meetup.id, IS_ACTIVE
    uninvited = ~exists().where(_held(Registration.person_id, meetup.id), WAS_INVITED)
    return Reach(
        invited=sum(each.invited and not each.registered for each in found),
        others=sum(not each.invited and not each.registered for each in found),
        kept=session.scalar(select(func.count()).where(*active, uninvited)) or 0,
    )


def by_cohort(candidates: Sequence[Candidate]) -> dict[int, Counted]:
    found: dict[int, Counted] = defaultdict(Counted)
    for each in candidates:
        counted = found[each.cohort_id]
        if each.hindrance:
            counted.held[each.hindrance] += 1
        else:
            counted.open += 1
    return found


def chosen(candidates: Sequence[Candidate], cohorts: frozenset[int], people: frozenset[int]) -> Chosen:
    going, held = to_invite(candidates, cohorts, people)
    return Chosen(frozenset(going), {reason: len(some) for reason, some in held.items()})


def search(
    meetup: Meetup, candidates: Sequence[Candidate], text: str
) -> list[tuple[Row[int, str], Hindrance | None]]:
    """People who may come and whom `text` means, by name, with why they get no invitation; a bounded number."""
    condition = matching(text, Person.id)
    if condition is None:
        return []
    reasons = {each.person_id: each.hindrance for each in candidates}
    of_roster = eligibility.on_rosters(meetup.id)
    query = (
        select(Person.id, Person.name)
        .where(Person.id.in_(select(of_roster.c.person_id)), condition)
        .order_by(Person.name, Person.id)
        .limit(FOUND_AT_MOST)
    )
    return [(row, reasons.get(row.id)) for row in db.session.execute(query)]


def _held(person: SQLColumnExpression[int], meetup_id: int) -> ColumnElement[bool]:
    return and_(MeetupInvitation.meetup_id == meetup_id, MeetupInvitation.person_id == person)


def _registered(person: SQLColumnExpression[int], meetup_id: int) -> ColumnElement[bool]:
    return and_(Registration.meetup_id == meetup_id, Registration.person_id == person, *HAS_PLACE)
