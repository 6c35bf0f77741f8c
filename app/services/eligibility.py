"""Who may come to a meetup: a question to the roster, answered for one person or for many at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.models import Audience, Cohort, Meetup, RosterEntry, meetup_cohort


def cohort_for(session: Session, meetup_id: int, person_id: int) -> int | None:
    """The latest cohort by which this person may come, or None when they may not."""
    query = _entitling().where(Meetup.id == meetup_id, RosterEntry.person_id == person_id)
    found = session.execute(query.order_by(Cohort.ordinal.desc()).limit(1)).first()
    return found.cohort_id if found else None


def cohorts_of(session: Session, meetup_id: int, person_id: int) -> list[Cohort]:
    """All cohorts by which this person may come, earliest first."""
    ids = _entitling().where(Meetup.id == meetup_id, RosterEntry.person_id == person_id)
    entitling = ids.with_only_columns(RosterEntry.cohort_id)
    return list(session.scalars(select(Cohort).where(Cohort.id.in_(entitling)).order_by(Cohort.ordinal)))


def entitled(
    session: Session, meetup_ids: Collection[int], person_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Those of the (meetup, person) pairs in which the person may come; one query."""
    query = _entitling().where(Meetup.id.in_(meetup_ids), RosterEntry.person_id.in_(person_ids))
    return {(row.meetup_id, row.person_id) for row in session.execute(query)}


def _entitling() -> Select[int, int, int]:
    return (
        select(Meetup.id.label("meetup_id"), RosterEntry.person_id, RosterEntry.cohort_id)
        .join(meetup_cohort, meetup_cohort.c.cohort_id == RosterEntry.cohort_id)
        .join(Meetup, Meetup.id == meetup_cohort.c.meetup_id)
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .where(or_(RosterEntry.completed, Meetup.audience == Audience.PARTICIPANTS))
    )
