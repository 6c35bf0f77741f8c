"""Whom supervisors let in on their own word, and why, for the organizers to look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.door.admission import Verdict
from app.models import CheckIn, CheckInKind, Cohort, Device, Person, Registration
from app.services.door.door_rows import AnyRow

_entry = aliased(CheckIn)
_ROWS = (
    select(
        _entry.scan_id,
        CheckIn.corrected_at,
        CheckIn.gate,
        CheckIn.device_id,
        Device.name.label("device"),
        CheckIn.reason,
        _entry.verdict,
        Person.name,
        Cohort.ordinal,
        Registration.reference,
    )
    .join(_entry, _entry.id == CheckIn.refers_to_id)
    .outerjoin(Device, Device.id == CheckIn.device_id)
    .outerjoin(Registration, Registration.id == CheckIn.registration_id)
    .outerjoin(Person, Person.id == Registration.person_id)
    .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
    .where(CheckIn.meetup_id == bindparam("meetup"), CheckIn.kind == CheckInKind.OVERRIDE)
    .order_by(CheckIn.corrected_at.desc(), CheckIn.id.desc())
)


@dataclass(frozen=True, slots=True)
class Override:
    """One of them: `verdict` is what the server says of the ticket, `scan_id` its scan.

    Nobody is named where no registration has such a ticket.
    """

    scan_id: str
    at: dt.datetime
    gate: str | None
    device_id: int | None
    device: str | None
    reason: str | None
    verdict: Verdict
    name: str | None
    cohort: int | None
    reference: str | None


def of(meetup_id: int) -> list[Override]:
    """A meetup's overrides, the newest first; one statement."""
    rows: Iterable[AnyRow] = db.session.connection().execute(_ROWS, {"meetup": meetup_id})
    return [Override(*row) for row in rows]
