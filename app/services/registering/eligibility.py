"""Who may come to a meetup: a question to the roster and, where it is by invitation, to the invitations; answered for one
person or for many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    exists,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from app.domain.seating.modes import Mode
from app.models import WAS_INVITED, Audience, Cohort, Meetup, MeetupInvitation, RosterEntry, meetup_cohort

_ON_ROSTERS = (
    select(Meetup.id.label("meetup_id"), RosterEntry.person_id, RosterEntry.cohort_id)
    .join(meetup_cohort, meetup_cohort.c.cohort_id == RosterEntry.cohort_id)
    .join(Meetup, Meetup.id == meetup_cohort.c.meetup_id)
    .join(Cohort, Cohort.id == RosterEntry.cohort_id)
    .where(or_(RosterEntry.completed, Meetup.audience == Audience.PARTICIPANTS))
)
_IS_INVITED = (
    exists()
    .where(
        MeetupInvitation.meetup_id == Meetup.id,
        MeetupInvitation.person_id == RosterEntry.person_id,
        WAS_INVITED,
    )
    .correlate(Meetup, RosterEntry)
)
_ENTITLING = _ON_ROSTERS.where(or_(Meetup.mode != Mode.INVITATION, _IS_INVITED))
_OF_ONE = _ENTITLING.where(Meetup.id == bindparam("meetup"), RosterEntry.person_id == bindparam("person"))
_COHORTS = (
    select(Cohort.ordinal, Cohort.year, Cohort.name_ko, Cohort.name_en)
    .where(Cohort.id.in_(_OF_ONE.with_only_columns(RosterEntry.cohort_id)))
    .order_by(Cohort.ordinal)
)
_IDS = _OF_ONE.with_only_columns(RosterEntry.cohort_id).order_by(Cohort.ordinal)
_OF_MANY = _ENTITLING.where(
    Meetup.id.in_(bindparam("meetups", expanding=True)),
    RosterEntry.person_id.in_(bindparam("people", expanding=True)),
)


def on_rosters(meetup_id: int) -> Subquery:
    """In a statement: person_id and cohort_id of everybody whom the meetup's rosters let come, invited or not."""
    return _ON_ROSTERS.where(Meetup.id == meetup_id).subquery()


def may_come(meetup: Meetup, cohorts: Collection[int] | None = None) -> ColumnElement[bool]:
    """In a statement about roster entries: those that let their people come; by invitation, of the invited.

    `cohorts`: of these alone, by their ids. It is answered from the index of the rosters.
    """
    ids = [each.id for each in meetup.cohorts if cohorts is None or each.id in cohorts]
    completed = RosterEntry.completed if meetup.audience is Audience.ALUMNI else true()
    here = RosterEntry.cohort_id.in_(ids) & completed
    if meetup.mode is not Mode.INVITATION:
        return here
    invited = select(MeetupInvitation.person_id).where(MeetupInvitation.meetup_id == meetup.id, WAS_INVITED)
    return here & RosterEntry.person_id.in_(invited)


def latest_cohort(person: ColumnElement[int | None]) -> ScalarSelect[int]:
    """In a statement: the id of the latest cohort by which this person may come to the bound `meetup`."""
    of_person = _ENTITLING.where(Meetup.id == bindparam("meetup"), RosterEntry.person_id == person)
    latest = of_person.with_only_columns(RosterEntry.cohort_id).order_by(Cohort.ordinal.desc()).limit(1)
    return latest.correlate_except(RosterEntry, meetup_cohort, Meetup, Cohort).scalar_subquery()


def why_not(mode: Mode) -> str:
    """The reason code for somebody on a list who may not come."""
    return "not_invited" if mode is Mode.INVITATION else "not_eligible"


def cohorts_of(session: Session, meetup_id: int, person_id: int) -> Sequence[Row[int, int | None, str, str]]:
    """All cohorts by which this person may come, earliest first: ordinal, year, name_ko and name_en."""
    return session.connection().execute(_COHORTS, {"meetup": meetup_id, "person": person_id}).all()


def entitled(
    session: Session, meetup_ids: Collection[int], person_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Those of the (meetup, person) pairs in which the person may come; one query."""
    given = {"meetups": list(meetup_ids), "people": list(person_ids)}
    return {(row.meetup_id, row.person_id) for row in session.execute(_OF_MANY, given)}


def people_of(meetup_id: int) -> Select[int]:
    """In a statement: the ids of everybody who may come."""
    return _ENTITLING.where(Meetup.id == meetup_id).with_only_columns(RosterEntry.person_id)


def cohort_ids(session: Session, meetup_id: int, person_id: int) -> Sequence[int]:
    """The ids of the cohorts by which this person may come, earliest first."""
    given = {"meetup": meetup_id, "person": person_id}
    return session.connection().execute(_IDS, given).scalars().all()


def latest_cohort_of_each(session: Session, meetup_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """By person: the latest cohort by which they may come; nobody who may not. One query."""
    given = {"meetups": [meetup_id], "people": list(person_ids)}
    rows = session.execute(_OF_MANY.order_by(Cohort.ordinal), given)
    return {row.person_id: row.cohort_id for row in rows}
