"""The story of a meetup: written by organizers, published once it is over, taken back at any time.

A quotation is shown while its speaker lets it. Photos: app/services/organizing/story_photos.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.notices import ConsentKind
from app.domain.writing.resident_numbers import holds_resident_number
from app.domain.writing.words import Words
from app.models import IS_ACTIVE, Meetup, MeetupState, Person, Registration, Story, StoryQuote
from app.services import audit
from app.services.door import door_counts
from app.services.organizing import notices, tags
from app.services.registering import consents
from app.services.registering.registration_changes import held_with_meetup

LONGEST, LONGEST_QUOTE, LONGEST_REASON = 20_000, 1000, 500
SPEAKER_TAGS = ("연사", "speaker")
MOST_SPEAKERS = 50


def of_meetup(meetup_id: int) -> Story | None:
    return db.session.scalars(select(Story).where(Story.meetup_id == meetup_id)).one_or_none()


def is_public(meetup: Meetup) -> bool:
    """Whether strangers may read it."""
    story = of_meetup(meetup.id)
    return story is not None and story.published_at is not None and meetup.is_public


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


@dataclass(frozen=True)
class Unwilling:
    """Who came and did not agree to photos, by name; `companions` came with somebody and are asked nothing; of so many who are
    `erased` by now, what they said is gone."""

    names: Sequence[str]
    companions: int
    erased: int


def unwilling(meetup: Meetup) -> Unwilling | None:
    """None where nobody was asked."""
    notice = notices.current(meetup)
    keys = [each.key for each in notice.consents if each.kind is ConsentKind.PHOTOS]
    if not keys:
        return None
    rows = db.session.execute(
        select(Registration.id, Person.name, Person.erased_at, door_counts.PARTY_IN.label("people"))
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None))
        .order_by(Person.name)
    ).all()
    known = [row for row in rows if row.erased_at is None]
    given = consents.given_by([row.id for row in known])
    names = [row.name for row in known if not all(given.get(row.id, {}).get(key) for key in keys)]
    return Unwilling(names, sum(row.people - 1 for row in rows), len(rows) - len(known))


def save(meetup_id: int, words: Words, actor: str) -> None:
    """Keep the text; on a published page it shows at once."""
    refuse_resident_numbers(words.ko, words.en)
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


def add_quote(meetup_id: int, reference: str, talk: str, words: str, actor: str) -> None:
    """Ask the speaker, by their registration, whether these words of theirs may be shown."""
    refuse_resident_numbers(talk, words)
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


def speakers(meetup: Meetup) -> Sequence[tuple[str, str]]:
    """Reference and name of those who may be meant by "the speaker": tagged as such, or called as the programme says."""
    names = {name.strip() for talk in meetup.talks for name in talk.speaker.split(",")} - {""}
    tagged = Registration.id.in_(tags.having(meetup.id, SPEAKER_TAGS))
    query = (
        select(Registration.reference, Person.name)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.meetup_id == meetup.id, IS_ACTIVE, or_(tagged, Person.name.in_(names)))
        .order_by(Person.name)
        .limit(MOST_SPEAKERS)
    )
    return [(row.reference, row.name) for row in db.session.execute(query)]


def refuse_resident_numbers(*texts: str) -> None:
    if any(map(holds_resident_number, texts)):
        raise DomainError("resident_number_typed")


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
