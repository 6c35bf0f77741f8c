"""Between the form and the rules: what is typed as a `Draft`, a meetup as what would be typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from app.blueprints.meetups import talks
from app.blueprints.meetups.forms import MeetupForm
from app.blueprints.meetups.talks import TalkRow
from app.domain.meetup_drafts import Draft, Unusable, times
from app.domain.writing.local_times import is_later_of_two
from app.models import Audience, Cohort, Meetup
from app.numbers import number
from app.refusals import explain

SAME = (
    "title_ko", "title_en", "description_ko", "description_en", "place_ko", "place_en", "place_address",
    "map_url", "online_url", "zone", "host_event_ko", "host_event_en", "host_event_url", "host_name",
    "contact_address", "asks_phone", "door_confirms", "reminds_week", "reminds_day", "thanks",
)  # fmt: skip
LOCAL = {
    "starts": "starts_at", "ends": "ends_at", "opens": "opens_at", "closes": "closes_at",
    "host_event_closes": "host_event_closes_at",
}  # fmt: skip
_TALK_FIELD = re.compile(r"talks-(\d+)-(\w+)")


def values_of(meetup: Meetup) -> dict[str, Any]:
    """What the form shows for a meetup as it is stored."""
    values = {name: getattr(meetup, name) for name in SAME}
    local = {name: _local(meetup, getattr(meetup, column)) for name, column in LOCAL.items()}
    shown_twice = [is_later_of_two(at) for at in local.values() if at]
    later = next((again for again in shown_twice if again is not None), None)
    return values | {
        **{name: at.replace(tzinfo=None) if at else None for name, at in local.items()},
        "later": "" if later is None else "yes" if later else "no",
        "slug": meetup.slug,
        "version": meetup.version,
        "cover_id": meetup.cover_id or "",
        "capacity": meetup.capacity,
        "audience": meetup.audience.value,
        "cohort_ids": [cohort.id for cohort in meetup.cohorts],
    }


def values_of_new(cohorts: Sequence[Cohort], zone: str) -> dict[str, Any]:
    """What the form shows for a meetup that is not there yet: every cohort may come."""
    return {
        "zone": zone,
        "reminds_week": True,
        "reminds_day": True,
        "audience": Audience.ALUMNI.value,
        "cohort_ids": [cohort.id for cohort in cohorts],
    }


def draft_of(form: MeetupForm, rows: list[TalkRow]) -> Draft:
    """What the form says, as far as it could be read."""
    values = {name: getattr(form, name).data for name in SAME}
    values |= {name: getattr(form, name).data for name in LOCAL}
    return Draft(
        **values,
        slug=form.slug.data,
        cover_id=None if form.remove_cover.data else number(form.cover_id.data),
        later={"yes": True, "no": False}.get(form.later.data),
        capacity=form.capacity.data or 0,
        audience=form.audience.data if form.audience.data in set(Audience) else Audience.ALUMNI.value,
        cohort_ids=frozenset(form.cohort_ids.data or ()),
        talks=talks.drafts(rows),
    )


def problems(form: MeetupForm, rows: list[TalkRow], draft: Draft) -> bool:
    """Check shape and rules together and note every problem at its field; whether there was any."""
    valid = form.validate()
    try:
        times(draft)
    except Unusable as refusal:
        note(form, rows, refusal)
    return not valid or bool(form.errors) or any(row.errors for row in rows)


def note(form: MeetupForm, rows: list[TalkRow], refusal: Unusable) -> None:
    """Put each refusal at its field; one that the form has already said something about is let be."""
    for where, problem in refusal.problems.items():
        sentence = explain(problem)
        if match := _TALK_FIELD.fullmatch(where):
            rows[int(match[1])].errors.setdefault(match[2], sentence)
        elif where not in form.errors:
            form.complain(where, sentence)
        if problem.code == "ambiguous_time" and not form.later.errors:
            form.complain("later", explain(problem))


def _local(meetup: Meetup, at: dt.datetime | None) -> dt.datetime | None:
    return meetup.local(at) if at else None
