"""What organizers wrote to many people of a meetup at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind, Stage
from app.domain.writing.words import Words
from app.models.base import BigId, CreatedAt, Id, MaybeInstant, Model, Short, link


class Message(Model):
    """One message. `chosen` says to whom, as the list's filter; who they are is settled when it begins (`begun_at`), and
    their mails are the outbox's rows with this id. Words stand in columns of their own: an erasure searches them for a name.
    """

    __tablename__ = "message"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    subject_ko: Mapped[str] = mapped_column(Text, default="")
    subject_en: Mapped[str] = mapped_column(Text, default="")
    words_ko: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    sender: Mapped[str] = mapped_column(String(300), default="")  # of news: name, address, telephone
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The message that this one repeats, for those of the chosen whom that one didn't reach.
    repeats_id: Mapped[int | None] = mapped_column(BigId, index=True)
    actor: Mapped[Short]
    created_at: Mapped[CreatedAt]
    begins_at: Mapped[MaybeInstant] = mapped_column(index=True)  # None: a draft
    begun_at: Mapped[MaybeInstant]
    stopped_at: Mapped[MaybeInstant]
    number: Mapped[int] = mapped_column(default=0)  # of mails
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # by reason

    @property
    def text(self) -> MailText:
        return MailText(Words(self.subject_ko, self.subject_en), Words(self.words_ko, self.words_en))

    def stage(self, queued: int) -> Stage:
        """`queued`: how many of its mails still wait."""
        if self.begins_at is None:
            return Stage.DRAFT
        if self.begun_at is None:
            return Stage.WAITING
        if self.stopped_at is not None:
            return Stage.STOPPED
        return Stage.GOING if queued else Stage.DONE
