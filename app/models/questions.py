"""What meetups asked, version by version, and what people answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CreatedAt, Id, Model, Short, link


class QuestionsVersion(Model):
    """One version of a meetup's questions (app/domain/registering/questions.py). Never changed."""

    __tablename__ = "questions_version"
    __table_args__ = (UniqueConstraint("meetup_id", "version"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[CreatedAt]
    actor: Mapped[Short]


class AnswerSheet(Model):
    """All that one person of a party answered, at one time. The newest sheet counts; each change is another.

    Only an answer whose consent was withdrawn is taken out of sheets that are there.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (Index(None, "registration_id", "companion"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id", index=False)
    companion: Mapped[int] = mapped_column(default=0)  # 0: the person; 1, 2, …: who comes with them
    questions_version: Mapped[int]  # to whose questions these are the answers
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[CreatedAt]
    actor: Mapped[Short]
