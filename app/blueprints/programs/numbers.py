"""How many: of a programme's meetups and cohorts. As many queries for one as for a hundred."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from app.db import db
from app.domain.registering.registrations import ACTIVE
from app.models import Cohort, Meetup, MeetupState, Registration, RosterEntry
from app.services.seating import seat_counts


@dataclass(frozen=True)
class MeetupLine:
    """A meetup with the registrations that hold a place of any kind, and the seats that are taken, companions' too."""

    meetup: Meetup
    registered: int
    held: int

    @property
    def called_off(self) -> bool:
        return self.meetup.state is MeetupState.CALLED_OFF


@dataclass(frozen=True)
class CohortLine:
    """A cohort with everyone on its roster, and those who completed."""

    cohort: Cohort
    participants: int
    alumni: int


def of_meetups(program_id: int) -> list[MeetupLine]:
    """The programme's meetups, the latest first."""
    active = func.count(case((Registration.status.in_(ACTIVE), 1)))
    query = (
        select(Meetup, active)
        .outerjoin(Registration, Registration.meetup_id == Meetup.id)
        .where(Meetup.program_id == program_id)
        .group_by(Meetup.id)
        .order_by(Meetup.starts_at.desc(), Meetup.id)
    )
    rows = db.session.execute(query).all()
    held = seat_counts.held_by([meetup for meetup, _number in rows])
    return [MeetupLine(meetup, number, held.get(meetup.id, 0)) for meetup, number in rows]


def of_cohorts(program_id: int) -> list[CohortLine]:
    """The programme's cohorts by their ordinals."""
    query = (
        select(Cohort, func.count(RosterEntry.id), func.count(case((RosterEntry.completed, 1))))
        .outerjoin(RosterEntry, RosterEntry.cohort_id == Cohort.id)
        .where(Cohort.program_id == program_id)
        .group_by(Cohort.id)
        .order_by(Cohort.ordinal)
    )
    return [CohortLine(*row) for row in db.session.execute(query)]


def of_people(program_id: int) -> tuple[int, int]:
    """Participants and alumni as human beings: someone in two cohorts counts once."""
    query = (
        select(
            func.count(RosterEntry.person_id.distinct()),
            func.count(case((RosterEntry.completed, RosterEntry.person_id)).distinct()),
        )
        .join(Cohort, Cohort.id == RosterEntry.cohort_id)
        .where(Cohort.program_id == program_id)
    )
    participants, alumni = db.session.execute(query).one()
    return participants, alumni
