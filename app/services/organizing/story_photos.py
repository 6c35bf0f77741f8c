"""Photos of a meetup's story: added with an organizer's word that those on them agreed, hidden at once when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.words import Words
from app.models import Image, Meetup, MeetupState, Story, StoryPhoto
from app.services import audit, throttle
from app.services.organizing import images
from app.services.organizing.stories import LONGEST_REASON, refuse_resident_numbers

MOST_PHOTOS = 60
SMALL_SIDE = 640
ASKS_PER_DAY = 20  # to take photos down, from one place
DAY = dt.timedelta(days=1)


def photos(meetup_id: int, *, hidden: bool = False) -> Sequence[StoryPhoto]:
    """In the order in which they were added; the hidden ones are for organizers."""
    query = (
        select(StoryPhoto)
        .where(StoryPhoto.meetup_id == meetup_id)
        .options(joinedload(StoryPhoto.image, innerjoin=True), joinedload(StoryPhoto.small, innerjoin=True))
        .order_by(StoryPhoto.id)
    )
    return db.session.scalars(query if hidden else query.where(StoryPhoto.hidden_at.is_(None))).all()


def add_photo(meetup: Meetup, upload: IO[bytes], caption: Words, actor: str, *, agreed: bool) -> None:
    """`agreed`: the organizer says that whoever can be recognised agreed; without that it is refused."""
    if not agreed:
        raise DomainError("photo_unconfirmed")
    refuse_resident_numbers(caption.ko, caption.en)
    _require_room(db.session(), meetup.id)
    image = images.store(meetup.program_id, upload, actor)
    upload.seek(0)
    small = images.store(meetup.program_id, upload, actor, side=SMALL_SIDE)
    with transaction() as session:
        held = Meetup.locked(session, meetup.id)
        _require_room(session, held.id)
        photo = StoryPhoto(
            uid=tokens.uid(), meetup_id=held.id, image_id=image.id, small_id=small.id, confirmed_by=actor,
            caption_ko=caption.ko[:255], caption_en=caption.en[:255],
        )  # fmt: skip
        session.add(photo)
        audit.record(session, "photo.added", photo, actor, program_id=held.program_id)


def describe(meetup_id: int, photo_id: int, caption: Words, actor: str) -> None:
    """Another caption."""
    refuse_resident_numbers(caption.ko, caption.en)
    with transaction() as session:
        meetup, photo = _photo(session, meetup_id, photo_id)
        photo.caption_ko, photo.caption_en = caption.ko[:255], caption.en[:255]
        audit.record(session, "photo.described", photo, actor, program_id=meetup.program_id)


def remove_photo(meetup_id: int, photo_id: int, actor: str) -> None:
    """Take it off the page and off the disk, where nothing else shows it."""
    with transaction() as session:
        meetup, photo = _photo(session, meetup_id, photo_id)
        kept = {photo.image_id, photo.small_id}
        session.delete(photo)
        session.flush()
        audit.record(session, "photo.removed", photo, actor, program_id=meetup.program_id)
        gone = [digest for number in kept if (digest := images.discard(session, number))]
    for digest in gone:
        images.path_of(digest).unlink(missing_ok=True)


def ask_down(meetup: Meetup, uid: str, words: str, client: str) -> None:
    """Hide the photo at once, whoever asks: better one that could stay than one that hurts. Raises `too_many_removals`."""
    refuse_resident_numbers(words)
    with transaction() as session:
        if throttle.hit(session, "photo-down", client, DAY) > ASKS_PER_DAY:
            raise DomainError("too_many_removals")
        query = select(StoryPhoto).where(StoryPhoto.uid == uid, StoryPhoto.meetup_id == meetup.id)
        photo = session.scalars(query.with_for_update()).one_or_none()
        if photo is None or photo.hidden_at is not None:
            return
        photo.hidden_at, photo.asked_words = now(), words[:LONGEST_REASON]
        audit.record(session, "photo.hidden", photo, audit.PERSON, program_id=meetup.program_id)


def restore(meetup_id: int, photo_id: int, reason: str, actor: str) -> None:
    """Show a hidden photo again, with a reason that stays in the records."""
    refuse_resident_numbers(reason)
    with transaction() as session:
        meetup, photo = _photo(session, meetup_id, photo_id)
        if not reason.strip():
            raise DomainError("restore_needs_reason")
        if photo.hidden_at is None:
            return
        photo.hidden_at, photo.asked_words = None, ""
        audit.record(
            session,
            "photo.restored",
            photo,
            actor,
            program_id=meetup.program_id,
            reason=reason[:LONGEST_REASON],
        )


def shows(digest: str) -> bool:
    """Whether a published story shows this picture, large or small."""
    query = (
        select(StoryPhoto.id)
        .join(Image, or_(Image.id == StoryPhoto.image_id, Image.id == StoryPhoto.small_id))
        .join(Story, Story.meetup_id == StoryPhoto.meetup_id)
        .join(Meetup, Meetup.id == StoryPhoto.meetup_id)
        .where(
            Image.sha256 == digest,
            StoryPhoto.hidden_at.is_(None),
            Story.published_at.is_not(None),
            Meetup.state != MeetupState.DRAFT,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _require_room(session: Session, meetup_id: int) -> None:
    taken = select(func.count(StoryPhoto.id)).where(StoryPhoto.meetup_id == meetup_id)
    if (session.scalar(taken) or 0) >= MOST_PHOTOS:
        raise DomainError("too_many_photos", most=MOST_PHOTOS)


def _photo(session: Session, meetup_id: int, photo_id: int) -> tuple[Meetup, StoryPhoto]:
    meetup, photo = Meetup.locked(session, meetup_id), session.get(StoryPhoto, photo_id)
    if photo is None or photo.meetup_id != meetup.id:
        raise DomainError("no_such_photo")
    return meetup, photo
