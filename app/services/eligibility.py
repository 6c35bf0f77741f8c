"""Who may come to a meetup: a question to the roster, answered for one person or for many at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.models import Audience, Cohort, Meetup, RosterEntry, meetup_cohort

_ENTITLING = (
    select(Meetup.id.label("meetup_id"), RosterEntry.person_id, RosterEntry.cohort_id)
    .join(meetup_cohort, meetup_cohort.c.cohort_id == RosterEntry.cohort_id)
    .join(Meetup, Meetup.id == meetup_cohort.c.meetup_id)
    .join(Cohort, Cohort.id == RosterEntry.cohort_id)
    .where(or_(RosterEntry.completed, Meetup.audience == Audience.PARTICIPANTS))
)
_OF_ONE = _ENTITLING.where(Meetup.id == bindparam("meetup"), RosterEntry.person_id == bindparam("person"))
_LATEST = _OF_ONE.order_by(Cohort.ordinal.desc()).limit(1)
_COHORTS = (
    select(Cohort)
    .where(Cohort.id.in_(_OF_ONE.with_only_columns(RosterEntry.cohort_id)))
    .order_by(Cohort.ordinal)
)
_OF_MANY = _ENTITLING.where(
    Meetup.id.in_(bindparam("meetups", expanding=True)),
    RosterEntry.person_id.in_(bindparam("people", expanding=True)),
)


def cohort_for(session: Session, meetup_id: int, person_id: int) -> int | None:
    """The latest cohort by which this person may come, or None when they may not."""
    found = session.connection().execute(_LATEST, {"meetup": meetup_id, "person": person_id}).first()
    return found.cohort_id if found else None


def cohorts_of(session: Session, meetup_id: int, person_id: int) -> list[Cohort]:
    """All cohorts by which this person may come, earliest first."""
    return list(session.scalars(_COHORTS, {"meetup": meetup_id, "person": person_id}))


def entitled(
    session: Session, meetup_ids: Collection[int], person_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Those of the (meetup, person) pairs in which the person may come; one query."""
    given = {"meetups": list(meetup_ids), "people": list(person_ids)}
    return {(row.meetup_id, row.person_id) for row in session.execute(_OF_MANY, given)}
