"""The story of a meetup: written by organizers, published once it is over, taken back at any time.

A photo is shown because an organizer confirmed that those on it agreed; whoever asks has it hidden at once, and only an
organizer's reason brings it back. A quotation is shown while its speaker lets it.
"""

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
from app.domain.registering.notices import ConsentKind
from app.domain.writing.resident_numbers import holds_resident_number
from app.domain.writing.words import Words
from app.models import (
    Image,
    Meetup,
    MeetupState,
    Person,
    Registration,
    Story,
    StoryPhoto,
    StoryQuote,
)
from app.services import audit, throttle
from app.services.organizing import images, notices
from app.services.registering import consents
from app.services.registering.registration_changes import held_with_meetup

LONGEST, LONGEST_QUOTE, LONGEST_REASON = 20_000, 1000, 500
MOST_PHOTOS = 60
SMALL_SIDE = 640
ASKS_PER_DAY = 20  # to take photos down, from one place
DAY = dt.timedelta(days=1)


def of_meetup(meetup_id: int) -> Story | None:
    return db.session.scalars(select(Story).where(Story.meetup_id == meetup_id)).one_or_none()


def is_public(meetup: Meetup) -> bool:
    """Whether strangers may read it."""
    story = of_meetup(meetup.id)
    return story is not None and story.published_at is not None and meetup.is_public


def photos(meetup_id: int, *, hidden: bool = False) -> Sequence[StoryPhoto]:
    """In the order in which they were added; the hidden ones are for organizers."""
    query = (
        select(StoryPhoto)
        .where(StoryPhoto.meetup_id == meetup_id)
        .options(joinedload(StoryPhoto.image, innerjoin=True), joinedload(StoryPhoto.small, innerjoin=True))
        .order_by(StoryPhoto.id)
    )
    return db.session.scalars(query if hidden else query.where(StoryPhoto.hidden_at.is_(None))).all()


def quotes(meetup_id: int, *, unapproved: bool = False) -> Sequence[StoryQuote]:
    """With who said it; those that aren't approved are for organizers."""
    speaker = joinedload(StoryQuote.registration, innerjoin=True).joinedload(
        Registration.person, innerjoin=True
    )
    query = (
        select(StoryQuote).where(StoryQuote.meetup_id == meetup_id).options(speaker).order_by(StoryQuote.id)
    )
    return db.session.scalars(query if unapproved else query.where(StoryQuote.approved_at.is_not(None))).all()


def quotes_of(registration_id: int) -> Sequence[StoryQuote]:
    """What is to be quoted of this person, for them to decide."""
    query = select(StoryQuote).where(StoryQuote.registration_id == registration_id)
    return db.session.scalars(query.order_by(StoryQuote.id)).all()


def unwilling(meetup: Meetup) -> list[str] | None:
    """Names of those who came and did not agree to photos; None where nobody was asked."""
    notice = notices.current(meetup)
    keys = [each.key for each in notice.consents if each.kind is ConsentKind.PHOTOS]
    if not keys:
        return None
    rows = db.session.execute(
        select(Registration.id, Person.name)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None))
        .order_by(Person.name)
    ).all()
    given = consents.given_by([row.id for row in rows])
    return [row.name for row in rows if not all(given.get(row.id, {}).get(key) for key in keys)]


def save(meetup_id: int, words: Words, actor: str) -> None:
    """Keep the text; on a published page it shows at once."""
    _refuse_resident_numbers(words.ko, words.en)
    if max(len(words.ko), len(words.en)) > LONGEST:
        raise DomainError("words_too_long", most=LONGEST)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        story = _story(session, meetup)
        story.words_ko, story.words_en, story.changed_at = words.ko, words.en, now()
        audit.record(session, "story.saved", meetup, actor, program_id=meetup.program_id)


def publish(meetup_id: int, shown: bool, actor: str) -> None:
    """Show it to everybody, or take it back; twice changes nothing."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        story = _story(session, meetup)
        if (story.published_at is not None) is shown:
            return
        if shown:
            _require_told(meetup, story)
        story.published_at = now() if shown else None
        meetup.version += 1  # the public page leads to it
        act = "story.published" if shown else "story.taken_back"
        audit.record(session, act, meetup, actor, program_id=meetup.program_id)


def add_photo(meetup: Meetup, upload: IO[bytes], caption: Words, actor: str, *, agreed: bool) -> None:
    """`agreed`: the organizer says that whoever can be recognised agreed; without that it is refused."""
    if not agreed:
        raise DomainError("photo_unconfirmed")
    _refuse_resident_numbers(caption.ko, caption.en)
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
    _refuse_resident_numbers(words)
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
    _refuse_resident_numbers(reason)
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


def add_quote(meetup_id: int, reference: str, talk: str, words: str, actor: str) -> None:
    """Ask the speaker, by their registration, whether these words of theirs may be shown."""
    _refuse_resident_numbers(talk, words)
    if not words.strip():
        raise DomainError("quote_empty")
    if len(words) > LONGEST_QUOTE:
        raise DomainError("words_too_long", most=LONGEST_QUOTE)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        query = select(Registration).where(
            Registration.meetup_id == meetup.id, Registration.reference == reference.strip().upper()
        )
        speaker = session.scalars(query).one_or_none()
        if speaker is None:
            raise DomainError("no_such_speaker")
        quote = StoryQuote(
            meetup_id=meetup.id, registration_id=speaker.id, talk=talk[:255], words=words.strip()
        )
        session.add(quote)
        audit.record(session, "quote.added", speaker, actor, program_id=meetup.program_id)


def remove_quote(meetup_id: int, quote_id: int, actor: str) -> None:
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        quote = session.get(StoryQuote, quote_id)
        if quote is None or quote.meetup_id != meetup.id:
            raise DomainError("no_such_quote")
        session.delete(quote)
        subject = f"registration:{quote.registration_id}"
        audit.record(session, "quote.removed", subject, actor, program_id=meetup.program_id)


def decide_quote(registration_id: int, quote_id: int, approved: bool) -> None:
    """The speaker's own word, at any time and as often as they like."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        quote = session.get(StoryQuote, quote_id)
        if quote is None or quote.registration_id != registration.id:
            raise DomainError("no_such_quote")
        quote.approved_at, quote.refused_at = (now(), None) if approved else (None, now())
        act = "quote.approved" if approved else "quote.refused"
        audit.record(session, act, registration, audit.PERSON, program_id=meetup.program_id)


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


def _refuse_resident_numbers(*texts: str) -> None:
    if any(map(holds_resident_number, texts)):
        raise DomainError("resident_number_typed")


def _require_room(session: Session, meetup_id: int) -> None:
    taken = select(func.count(StoryPhoto.id)).where(StoryPhoto.meetup_id == meetup_id)
    if (session.scalar(taken) or 0) >= MOST_PHOTOS:
        raise DomainError("too_many_photos", most=MOST_PHOTOS)


def _story(session: Session, meetup: Meetup) -> Story:
    story = of_meetup(meetup.id)
    if story is None:
        story = Story(meetup_id=meetup.id, words_ko="", words_en="", changed_at=now())
        session.add(story)
    return story


def _require_told(meetup: Meetup, story: Story) -> None:
    if meetup.ends_at > now() or not meetup.is_public or meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("story_too_soon")
    if not story.words:
        raise DomainError("story_empty")


def _photo(session: Session, meetup_id: int, photo_id: int) -> tuple[Meetup, StoryPhoto]:
    meetup, photo = Meetup.locked(session, meetup_id), session.get(StoryPhoto, photo_id)
    if photo is None or photo.meetup_id != meetup.id:
        raise DomainError("no_such_photo")
    return meetup, photo
