"""What organizers wrote for the mails of a meetup."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.writing.mail_texts import MailText
from app.domain.writing.words import Words
from app.models.base import CreatedAt, Id, Model, Short, link


class MeetupMailText(Model):
    """For one kind of mail (app/domain/writing/mail_texts.py). No row: the usual text."""

    __tablename__ = "meetup_mail_text"
    __table_args__ = (UniqueConstraint("meetup_id", "kind"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    kind: Mapped[Short]
    subject: Mapped[dict[str, Any]] = mapped_column(JSON)
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[CreatedAt]

    @property
    def text(self) -> MailText:
        return MailText(Words.of(self.subject), Words.of(self.words))
