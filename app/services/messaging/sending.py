"""Sending messages: now or at a time, called back before it begins, stopped while it goes; a test to oneself."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.domain.schedule import Act, Due
from app.domain.writing.messages import Kind, LeftOut, by_day
from app.models import MailState, Meetup, Message, OutboxMail
from app.services import audit
from app.services.mails import outbox
from app.services.messaging import chosen
from app.services.messaging.drafts import draft_of, locked
from app.services.running.schedule_claims import dues

MAIL = {Kind.ABOUT: "message", Kind.NEWS: "news"}
TEST = "message_test"


def schedule(meetup_id: int, message_id: int, at: dt.datetime | None, actor: str) -> dt.datetime:
    """Let it begin at this time, or at once; when it does, which for news is never at night."""
    with transaction() as session:
        message, meetup = draft_of(session, meetup_id, message_id), session.get_one(Meetup, meetup_id)
        if not chosen.audience(session, meetup, chosen.choice_of(message)).number:
            raise DomainError("nobody_to_write_to")
        begins = max(at or now(), now())
        message.begins_at = by_day(begins) if message.kind is Kind.NEWS else begins
        _record(session, "message.scheduled", message, meetup, actor)
        return message.begins_at


def call_back(meetup_id: int, message_id: int, actor: str) -> None:
    """Make it a draft again. Refuses once it has begun."""
    with transaction() as session:
        message, meetup = locked(session, meetup_id, message_id), session.get_one(Meetup, meetup_id)
        if message.begun_at is not None:
            raise DomainError("message_begun")
        if message.begins_at is not None:
            message.begins_at = None
            _record(session, "message.called_back", message, meetup, actor)


def stop(meetup_id: int, message_id: int, actor: str) -> int:
    """Send no more of its mails; how many stay unsent. What has gone out stays sent."""
    with transaction() as session:
        message, meetup = locked(session, meetup_id, message_id), session.get_one(Meetup, meetup_id)
        if message.begun_at is None:
            raise DomainError("message_not_begun")
        waiting = OutboxMail.of_message == message.id, OutboxMail.state == MailState.QUEUED
        dropping = update(OutboxMail).where(*waiting).values(state=MailState.DROPPED, leased_until=None)
        result: Any = session.execute(dropping.execution_options(synchronize_session=False))
        number = int(result.rowcount)
        if number:
            message.stopped_at = now()
            _record(session, "message.stopped", message, meetup, actor, number=number)
        return number


def test(meetup_id: int, message_id: int, address: str, actor: str) -> None:
    """Owe it to this address in each language in which it is written, with an invented person's name."""
    with transaction() as session:
        message, meetup = locked(session, meetup_id, message_id), session.get_one(Meetup, meetup_id)
        about: dict[str, Any] = {
            "program_id": meetup.program_id,
            "meetup_id": meetup.id,
            "message": message.id,
        }
        for locale, words in (("ko", message.words_ko), ("en", message.words_en)):
            if words:
                outbox.enqueue(session, TEST, address, locale, **about)
        _record(session, "message.tested", message, meetup, actor)


def due_messages(at: dt.datetime, limit: int) -> Sequence[Due]:
    return dues(Act.MESSAGE, Message.id, Message.begins_at, at, limit, Message.begun_at.is_(None))


def begin(session: Session, due: Due) -> None:
    """Settle to whom it goes, and owe them their mails, one after another."""
    meetup_id = session.scalar(select(Message.meetup_id).where(Message.id == due.subject))
    if meetup_id is None:
        return
    message, meetup = locked(session, meetup_id, due.subject), session.get_one(Meetup, meetup_id)
    if message.begins_at != due.at or message.begun_at is not None:
        return
    times, left_out = _paced(session, message.kind), Counter[LeftOut]()
    for page in chosen.pages(session, meetup, chosen.choice_of(message)):
        left_out.update(reader.left_out for reader in page if reader.left_out)
        going = [reader for reader in page if reader.left_out is None]
        mails = [_mail(message, meetup, reader, at) for reader, at in zip(going, times, strict=False)]
        message.number += outbox.enqueue_many(session, MAIL[message.kind], mails)
    message.begun_at, message.left_out = now(), {why.value: number for why, number in left_out.items()}
    _record(session, "message.begun", message, meetup, audit.WORKER, number=message.number)


def _mail(message: Message, meetup: Meetup, reader: chosen.Reader, at: dt.datetime) -> dict[str, Any]:
    return {
        "address": reader.address,
        "locale": reader.locale,
        "program_id": meetup.program_id,
        "meetup_id": meetup.id,
        "registration_id": reader.registration_id,
        "of_message": message.id,
        "due_at": at,
    }


def _paced(session: Session, kind: Kind) -> Iterator[dt.datetime]:
    """One instant after another, after those of messages that are still going out; of news, all by day."""
    last = select(func.max(OutboxMail.due_at)).where(
        OutboxMail.state == MailState.QUEUED, OutboxMail.kind.in_(MAIL.values()), OutboxMail.attempts == 0
    )
    step = dt.timedelta(minutes=1) / max(1, current_app.config["SETTINGS"].INVITATIONS_PER_MINUTE)
    before, at = session.scalar(last), now()
    at = max(at, before + step) if before else at
    while True:
        at = by_day(at) if kind is Kind.NEWS else at
        yield at
        at += step


def _record(session: Session, act: str, message: Message, meetup: Meetup, actor: str, **details: Any) -> None:
    audit.record(session, act, message, actor, program_id=meetup.program_id, **details)
