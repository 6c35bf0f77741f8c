"""What became of messages: how far each is, and of each reader's mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from app.db import db
from app.domain.writing.messages import Stage
from app.models import MailState, Message, OutboxMail, Person, Registration


@dataclass(frozen=True)
class Progress:
    """A message with how many of its mails are in each state."""

    message: Message
    counts: dict[MailState, int]

    @property
    def stage(self) -> Stage:
        return self.message.stage(self.counts[MailState.QUEUED])

    @property
    def gone(self) -> int:
        return self.message.number - self.counts[MailState.QUEUED]


def of_meetup(meetup_id: int) -> list[Progress]:
    """All of its messages, the newest first, in two queries."""
    query = select(Message).where(Message.meetup_id == meetup_id).order_by(Message.id.desc())
    return _with_counts(db.session.scalars(query).all())


def of_message(message: Message) -> Progress:
    return _with_counts([message])[0]


def listed(
    message_id: int, state: MailState | None, *, start: int, size: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of its mails with their readers' names, registrations and addresses there, and one more where there are more."""
    query = (
        select(OutboxMail, Person.name, Registration.reference, Registration.address)
        .outerjoin(Registration, Registration.id == OutboxMail.registration_id)
        .outerjoin(Person, Person.id == Registration.person_id)
        .where(OutboxMail.of_message == message_id)
        .order_by(OutboxMail.id)
    )
    if state:
        query = query.where(OutboxMail.state == state)
    return db.session.execute(query.offset(start).limit(size + 1)).all()


def _with_counts(messages: Sequence[Message]) -> list[Progress]:
    rows = db.session.execute(
        select(OutboxMail.of_message, OutboxMail.state, func.count().label("number"))
        .where(OutboxMail.of_message.in_([message.id for message in messages]))
        .group_by(OutboxMail.of_message, OutboxMail.state)
    )
    found = {(row.of_message, row.state): row.number for row in rows}
    return [
        Progress(message, {state: found.get((message.id, state), 0) for state in MailState})
        for message in messages
    ]
