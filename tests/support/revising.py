"""A meetup revised at the desk."""

from __future__ import annotations

import dataclasses
from typing import Any

from app.db import db, end_reading
from app.domain.meetup_drafts import Draft
from app.models import Meetup
from app.services.organizing import meetups
from app.services.registering.moves import Announcement

SAME = (
    "title_ko", "title_en", "place_ko", "place_en", "place_address", "zone", "capacity", "reminds_week", "reminds_day",
)  # fmt: skip


def as_it_is(meetup_id: int) -> Draft:
    """What the form has for the meetup; what it says of nothing else stays empty."""
    row = db.session.get_one(Meetup, meetup_id)
    return Draft(
        starts=row.local(row.starts_at).replace(tzinfo=None),
        ends=row.local(row.ends_at).replace(tzinfo=None),
        contact_address=row.contact_address or "desk@example.com",
        cohort_ids=frozenset(cohort.id for cohort in row.cohorts),
        **{name: getattr(row, name) for name in SAME},
    )


def revise(meetup_id: int, announcement: Announcement | None, actor: str, **changes: Any) -> Meetup:
    """Save another place, or whatever else, on the page as it is now."""
    end_reading()
    typed = dataclasses.replace(as_it_is(meetup_id), **changes)
    version = db.session.get_one(Meetup, meetup_id).version
    return meetups.revise(meetup_id, version, typed, actor, announcement)
