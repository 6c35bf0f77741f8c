"""What meetups said about personal data, version by version, and what people consented to."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.models.base import CreatedAt, Id, Line, Model, Short, link


class NoticeVersion(Model):
    """One version of a meetup's notice with its consents (app/domain/registering/notices.py). Never changed."""

    __tablename__ = "notice_version"
    __table_args__ = (UniqueConstraint("meetup_id", "version"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[CreatedAt]
    actor: Mapped[Short]


class ConsentRecord(Model):
    """Somebody ticked a box, or left it, or took a consent back. The newest row of a key counts.

    Never changed, never deleted before the registration's data is destroyed.
    """

    __tablename__ = "consent_record"
    __table_args__ = (Index(None, "registration_id", "key"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id", index=False)
    key: Mapped[Short]
    given: Mapped[bool]
    notice_version: Mapped[int]  # of the text that was shown
    at: Mapped[CreatedAt]
    actor: Mapped[Short]


class TemplateKind(enum.StrEnum):
    NOTICE = "notice"
    QUESTIONS = "questions"


class TextTemplate(Model):
    """Texts that a programme keeps for its next meetups."""

    __tablename__ = "text_template"
    __table_args__ = (UniqueConstraint("program_id", "kind", "name"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    kind: Mapped[TemplateKind] = mapped_column(EnumText(TemplateKind))
    name: Mapped[Line]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[CreatedAt]
    actor: Mapped[Short]
