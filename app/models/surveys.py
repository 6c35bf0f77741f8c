"""A meetup's survey. Who has answered and what was said are tables with nothing in common but the meetup."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BigId, Id, MaybeInstant, Model, Short, link


class Survey(Model):
    """The questions, and from when until when those who came can answer. No row: nothing is asked."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    with_thanks: Mapped[bool] = mapped_column(default=False, server_default=false())  # the thanks open it
    opened_at: Mapped[MaybeInstant]
    closes_at: Mapped[MaybeInstant]

    def is_open(self, at: dt.datetime) -> bool:
        return self.opened_at is not None and self.closes_at is not None and at < self.closes_at


class SurveyReply(Model):
    """That somebody has answered, so that nobody does twice: not when, not what, and no number that grows with each answer."""

    __tablename__ = "survey_reply"

    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )


class SurveyTally(Model):
    """What was chosen, by all together (app/domain/surveys.py). `answers` and `counts` are what is shown; `held` is what isn't
    yet, a few answers and all they wrote, written anew with each: no answer has a row, a number or a time of its own."""

    __tablename__ = "survey_tally"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    answers: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON, default=dict)
    waiting: Mapped[int] = mapped_column(default=0, index=True)  # answers that the end of the survey shows
    held: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class SurveyText(Model):
    """A text that is shown. Its number is random: texts of one person don't stand together, nor in any order of time."""

    __tablename__ = "survey_text"
    __table_args__ = (Index("ix_survey_text_of_question", "meetup_id", "question", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    question: Mapped[Short]
    text: Mapped[str] = mapped_column(Text)
