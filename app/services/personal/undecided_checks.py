"""List checks that came in with a form and that nobody decided: gone some days after the meetup, with whoever they named.

Nobody proved these addresses, so that nobody else can ask for it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.clock import now
from app.db import db, end_reading, forget_overwritten, transaction
from app.domain.registering.registrations import Status
from app.models import Meetup, Registration, RosterEntry, Source
from app.services import audit
from app.services.personal import erasing_rows, erasure
from app.services.personal.erasing_rows import NEVER_DECIDED
from app.services.races import once_more
from app.services.registering.registration_changes import change

KEPT = dt.timedelta(days=7)  # after the meetup's end
AT_ONCE = 100  # in one round


def discard_old() -> int:
    """Empty those of meetups that are over; how many people were forgotten. For the worker's rounds."""
    ids = _forgettable()
    end_reading()
    forgotten = sum(_discard(person_id) for person_id in ids)
    if forgotten:
        forget_overwritten()
    return forgotten


def _forgettable() -> list[int]:
    """People who are on no list and have nothing but such checks."""
    is_over = Meetup.ends_at < now() - KEPT
    other, its_meetup = aliased(Registration), aliased(Meetup)
    has_more = (
        select(other.id)
        .join(its_meetup, its_meetup.id == other.meetup_id)
        .where(
            other.person_id == Registration.person_id,
            ~and_(
                other.status == Status.PENDING,
                other.source == Source.ELSEWHERE,
                its_meetup.ends_at < now() - KEPT,
            ),
        )
    )
    listed = select(RosterEntry.id).where(RosterEntry.person_id == Registration.person_id)
    query = (
        select(Registration.person_id)
        .join(Meetup, Meetup.id == Registration.meetup_id)
        .where(Registration.status == Status.PENDING, Registration.source == Source.ELSEWHERE, is_over)
        .where(~has_more.exists(), ~listed.exists())
    )
    return list(db.session.scalars(query.distinct().order_by(Registration.person_id).limit(AT_ONCE)))


@once_more
def _discard(person_id: int) -> bool:
    with transaction() as session:
        found = erasure.held(session, person_id)
        if found is None or person_id not in _forgettable():
            return False
        traces, _meetups = found
        change(session, traces.registrations, Status.DECLINED, audit.WORKER, NEVER_DECIDED)
        erasing_rows.wipe(session, traces)
        program_id = traces.person.program_id
        audit.record(session, "person.forgotten", traces.person, audit.WORKER, program_id=program_id)
        return True
