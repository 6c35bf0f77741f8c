"""Meetups: made, revised and copied by organizers. Their states: app/services/organizing/meetup_states.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, TalkDraft, Times, Unusable, times
from app.domain.writing.slugs import free_slug, suggested_slug
from app.models import Audience, Cohort, Image, Meetup, MeetupState, Talk, TalkKind
from app.services import audit
from app.services.door import devices
from app.services.fees import terms
from app.services.mails import own_texts
from app.services.organizing import certificates, meetup_times, notices
from app.services.organizing.meetup_states import missing
from app.services.personal import keeping
from app.services.printing import badge_designs
from app.services.races import once_more
from app.services.registering import moves, question_sets, surveys
from app.services.registering.moves import Announcement
from app.services.seating import draws, offers, promotion, seat_pools

# Taken over from a draft as they are.
PLAIN = (
    "title_ko", "title_en", "description_ko", "description_en", "place_ko", "place_en", "place_address",
    "map_url", "online_url", "zone", "host_event_ko", "host_event_en", "host_event_url", "host_name",
    "capacity", "asks_phone", "door_confirms", "reminds_week", "reminds_day", "thanks",
)  # fmt: skip
COPIED = (
    *PLAIN, "mode", "freed_seats", "offer_hours", "last_call_hours", "still_coming_hours", "asks_at",
    "release_hours", "no_shows_behind", "introductions", "week_reminder_at", "day_reminder_at", "thanks_at",
    "program_id", "cover_id", "contact_address",
    "starts_at", "ends_at", "opens_at", "closes_at", "host_event_closes_at", "answers_until", "companions_most", "companion_names", "audience",
    "reserved_seats", "quotas", "quotas_until",
    "door_gates", "door_host_patterns", "door_ticks", "door_tracks_exits", "door_lists_people",
    "door_takes_walk_ins", "door_counts_walk_ins", "door_verifies_walk_ins", "door_releases_after",
)  # fmt: skip
TALK_FIELDS = (
    "position", "kind", "starts_at", "title_ko", "title_en", "speaker", "affiliation", "hidden", "announces_at",
)  # fmt: skip

# What publishing asked for, by the field that it is missing from.
NEEDED_AT = {
    "lacks_title": ("title_ko", "meetup_untitled"),
    "lacks_place": ("place_ko", "published_needs_place"),
    "lacks_capacity": ("capacity", "published_needs_seats"),
    "lacks_cohorts": ("cohort_ids", "published_needs_cohorts"),
    "lacks_contact": ("contact_address", "published_needs_contact"),
}


@once_more
def create(program_id: int, draft: Draft, actor: str) -> Meetup:
    """Save a new meetup as a draft that only members see. Raises `Unusable`."""
    found = times(draft)
    with transaction() as session:
        meetup = Meetup(program_id=program_id, state=MeetupState.DRAFT, version=1)
        meetup.notice_version = meetup.questions_version = 0
        meetup.cohorts, meetup.talks = [], []
        _apply(session, meetup, draft, found)
        session.add(meetup)
        notices.begin(session, meetup, actor)
        audit.record(session, "meetup.created", meetup, actor, program_id=program_id)
        return meetup


@once_more
def revise(
    meetup_id: int, version: int, draft: Draft, actor: str, announcement: Announcement | None = None
) -> Meetup:
    """Save changes to a meetup, made on its `version`; a later version is refused as `meetup_changed`.

    Another time or place of which people have to know wants an `announcement`: without one, `Unannounced` says
    whom it concerns. What was published keeps what publishing needs. More seats, or a later
    last call, go to those waiting in the same transaction; a nearer one shortens what is offered. Fewer take nobody's
    seat away.
    """
    found = times(draft)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.version != version:
            raise DomainError("meetup_changed", version=meetup.version)
        seats, lacked, before = meetup.capacity, missing(meetup), meetup.appointed()
        _require_kept_as_told(meetup, found)
        _apply(session, meetup, draft, found)
        _require_still_whole(meetup, lacked)
        changed = _changes(meetup)
        if not changed:
            return meetup
        meetup.version += 1
        audit.record(
            session, "meetup.revised", meetup, actor, program_id=meetup.program_id, changed=changed,
            capacity=[seats, meetup.capacity],
        )  # fmt: skip
        _require_pools_fit(meetup)
        session.flush()
        if {"ends_at", "zone"} & set(changed):
            devices.follow(session, meetup)
            keeping.follow(session, meetup)
        if meetup.appointed() != before:
            moves.announce(session, meetup, before, announcement, actor)
        offers.shorten(session, meetup, actor)
        draws.follow(session, meetup, seats - meetup.reserved_seats, actor)
        promotion.promote(session, meetup)
        return meetup


@once_more
def copy(meetup_id: int, actor: str) -> Meetup:
    """A new draft with everything that organizers wrote, and nothing that registrants did."""
    with transaction() as session:
        original = session.get_one(Meetup, meetup_id)
        meetup = Meetup(**{name: getattr(original, name) for name in COPIED})
        meetup.state, meetup.version = MeetupState.DRAFT, 1
        meetup.notice_version = meetup.questions_version = 0
        meetup.slug = _free(session, original.slug)
        meetup.cohorts = list(original.cohorts)
        meetup.talks = [_copy(talk) for talk in original.talks]
        session.add(meetup)
        notices.copy(session, original, meetup, actor)
        question_sets.copy(session, original, meetup, actor)
        own_texts.copy(session, original.id, meetup.id)
        terms.copy(session, original, meetup)
        session.flush()
        certificates.copy(session, original.id, meetup.id)
        badge_designs.copy(session, original.id, meetup.id)
        surveys.copy(session, original.id, meetup.id)
        audit.record(
            session, "meetup.copied", meetup, actor, program_id=meetup.program_id, original=original.id
        )
        return meetup


def _apply(session: Session, meetup: Meetup, draft: Draft, found: Times) -> None:
    for name in PLAIN:
        setattr(meetup, name, getattr(draft, name))
    meetup.contact_address = draft.contact_address or None
    meetup.audience = Audience(draft.audience)
    meetup.starts_at, meetup.ends_at = found.starts_at, found.ends_at
    meetup_times.follow(meetup)
    meetup.opens_at, meetup.closes_at = found.opens_at, found.closes_at
    meetup.host_event_closes_at = found.host_event_closes_at
    meetup.cover_id = _own_image(session, meetup.program_id, draft.cover_id)
    _set_slug(session, meetup, draft)
    cohorts = _own_cohorts(session, meetup.program_id, draft.cohort_ids)
    if [c.id for c in meetup.cohorts] != [c.id for c in cohorts]:
        meetup.cohorts = cohorts
        _keep_quotas_of(meetup, cohorts)
    talks = _talks(draft, found)
    if list(map(_values, meetup.talks)) != list(map(_values, talks)):
        meetup.talks = talks


def _require_kept_as_told(meetup: Meetup, found: Times) -> None:
    """Data is kept from the end on: once a meetup was held, a later end would keep everybody's for longer than they were told."""
    if meetup.published_at and meetup.ends_at <= now() and found.ends_at > meetup.ends_at:
        raise Unusable({"ends": DomainError("keeps_longer_than_told")})


def _require_still_whole(meetup: Meetup, lacked: list[str]) -> None:
    """Strangers may see the page already: it cannot lose anything that publishing needs."""
    lost = [code for code in missing(meetup) if code not in lacked]
    if lost and meetup.state is not MeetupState.DRAFT:
        raise Unusable({where: DomainError(why) for where, why in map(NEEDED_AT.__getitem__, lost)})


def _keep_quotas_of(meetup: Meetup, cohorts: list[Cohort]) -> None:
    """Seats that were kept for a cohort that may no longer come are everybody's."""
    there = {str(cohort.id) for cohort in cohorts}
    meetup.quotas = {cohort: seats for cohort, seats in (meetup.quotas or {}).items() if cohort in there}
    meetup.quotas_until = meetup.quotas_until if meetup.quotas else None


def _require_pools_fit(meetup: Meetup) -> None:
    try:
        seat_pools.require_in_time(meetup)
    except DomainError as refusal:
        raise Unusable({"starts": refusal}) from refusal
    kept = meetup.promises(now()).total
    if kept > meetup.capacity:
        raise Unusable({"capacity": DomainError("seats_below_kept", kept=kept)})


def _copy(talk: Talk) -> Talk:
    """What is announced there is no secret here; what isn't waits for a press, since its time was for the original."""
    copied = Talk(**{name: getattr(talk, name) for name in TALK_FIELDS})
    copied.hidden, copied.announces_at = not talk.is_announced(now()), None
    return copied


def _talks(draft: Draft, found: Times) -> list[Talk]:
    return [
        Talk(
            position=position,
            kind=TalkKind(talk.kind),
            starts_at=starts_at,
            title_ko=talk.title_ko,
            title_en=talk.title_en,
            speaker=talk.speaker,
            affiliation=talk.affiliation,
            hidden=hidden,
            announces_at=announces_at if hidden else None,
        )
        for position, (talk, starts_at, announces_at) in enumerate(
            zip(draft.talks, found.talks, found.announcements, strict=True)
        )
        for hidden in (_is_hidden(talk, announces_at),)
    ]


def _is_hidden(talk: TalkDraft, announces_at: dt.datetime | None) -> bool:
    """Whoever writes a time to come meant nobody to read it before, also with the box left empty."""
    return talk.hidden or (announces_at is not None and announces_at > now())


def _values(talk: Talk) -> list[Any]:
    return [getattr(talk, name) for name in TALK_FIELDS]


def _set_slug(session: Session, meetup: Meetup, draft: Draft) -> None:
    """Drafts may change their address; once published it stays, since people have the link."""
    if meetup.slug and (draft.slug is None or meetup.published_at or draft.slug == meetup.slug):
        return
    if draft.slug:
        if session.scalar(select(Meetup.id).where(Meetup.slug == draft.slug)):
            raise Unusable({"slug": DomainError("slug_taken", slug=draft.slug)})
        meetup.slug = draft.slug
    else:
        day = draft.starts.date() if draft.starts else meetup.starts_at.date()
        meetup.slug = _free(session, suggested_slug(draft.title_ko, draft.title_en, day))


def _free(session: Session, wanted: str) -> str:
    taken = session.scalars(select(Meetup.slug).where(Meetup.slug.like(f"{wanted}%")))
    return free_slug(wanted, set(taken))


def _own_image(session: Session, program_id: int, image_id: int | None) -> int | None:
    """An image of another programme is no image."""
    found = session.get(Image, image_id) if image_id else None
    return found.id if found and found.program_id == program_id else None


def _own_cohorts(session: Session, program_id: int, ids: frozenset[int]) -> list[Cohort]:
    query = select(Cohort).where(Cohort.program_id == program_id, Cohort.id.in_(ids))
    return list(session.scalars(query.order_by(Cohort.ordinal)))


def _changes(meetup: Meetup) -> list[str]:
    return sorted(a.key for a in inspect(meetup).attrs if a.history.has_changes())
