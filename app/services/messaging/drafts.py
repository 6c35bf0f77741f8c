"""Writing messages: drafts, which can be changed and discarded until they are sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind, require_whole
from app.models import Meetup, Message
from app.services import audit
from app.services.organizing import stored_filters
from app.services.organizing.filters import Filter


@dataclass(frozen=True)
class Draft:
    kind: Kind
    text: MailText
    sender: str  # of news
    wanted: Filter


def find(meetup_id: int, message_id: int) -> Message | None:
    query = select(Message).where(Message.id == message_id, Message.meetup_id == meetup_id)
    return db.session.scalars(query).one_or_none()


def write(meetup_id: int, draft: Draft, actor: str) -> int:
    """Keep it; nothing goes out yet. Its id. Raises `Unusable`."""
    require_whole(draft.kind, draft.text, draft.sender)
    with transaction() as session:
        message = Message(meetup_id=meetup_id, actor=actor, **_columns(draft))
        session.add(message)
        _record(session, "message.written", message, actor)
        return message.id


def revise(meetup_id: int, message_id: int, draft: Draft, actor: str) -> None:
    """Raises `Unusable`; refuses what is no draft any more."""
    require_whole(draft.kind, draft.text, draft.sender)
    with transaction() as session:
        message = draft_of(session, meetup_id, message_id)
        for column, value in _columns(draft).items():
            setattr(message, column, value)
        _record(session, "message.revised", message, actor)


def discard(meetup_id: int, message_id: int, actor: str) -> None:
    with transaction() as session:
        message = draft_of(session, meetup_id, message_id)
        _record(session, "message.discarded", message, actor)
        session.delete(message)


def repeat(meetup_id: int, message_id: int, actor: str) -> int:
    """A new draft of a message that was sent, for those whom neither it nor a repetition has reached; its id."""
    with transaction() as session:
        original = locked(session, meetup_id, message_id)
        if original.begun_at is None:
            raise DomainError("message_not_begun")
        copied = ("meetup_id", "kind", "subject_ko", "subject_en", "words_ko", "words_en", "sender", "chosen")
        values = {column: getattr(original, column) for column in copied}
        message = Message(**values, repeats_id=original.repeats_id or original.id, actor=actor)
        session.add(message)
        _record(session, "message.written", message, actor)
        return message.id


def last_sender(program_id: int) -> str:
    """How the programme named itself in its latest news."""
    query = select(Message.sender).join(Meetup, Meetup.id == Message.meetup_id)
    newest = query.where(Meetup.program_id == program_id, Message.sender != "").order_by(Message.id.desc())
    return db.session.scalars(newest.limit(1)).first() or ""


def locked(session: Session, meetup_id: int, message_id: int) -> Message:
    """The row, which nobody else changes meanwhile. Refuses one that is gone."""
    here = select(Message).where(Message.id == message_id, Message.meetup_id == meetup_id)
    found = session.scalars(here.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise DomainError("message_gone")
    return found


def draft_of(session: Session, meetup_id: int, message_id: int) -> Message:
    message = locked(session, meetup_id, message_id)
    if message.begins_at is not None:
        raise DomainError("message_is_sent")
    return message


def _columns(draft: Draft) -> dict[str, object]:
    subject, words = draft.text.subject, draft.text.words
    return {
        "kind": draft.kind,
        "subject_ko": subject.ko,
        "subject_en": subject.en,
        "words_ko": words.ko,
        "words_en": words.en,
        "sender": draft.sender if draft.kind is Kind.NEWS else "",
        "chosen": stored_filters.stored(draft.wanted),
    }


def _record(session: Session, act: str, message: Message, actor: str) -> None:
    session.flush()
    program_id = session.get_one(Meetup, message.meetup_id).program_id
    audit.record(session, act, message, actor, program_id=program_id)
