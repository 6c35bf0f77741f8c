"""A meetup's survey. Who has answered and what was said are two tables with nothing in common but the meetup."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Id, MaybeInstant, Model, link


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
    """That somebody has answered, so that nobody does twice: not when, and not what."""

    __tablename__ = "survey_reply"
    __table_args__ = (UniqueConstraint("registration_id"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id", index=False)


class SurveyTally(Model):
    """What was said, by all together (app/domain/surveys.py). One row, written anew with each answer: no answer has a row,
    a number or a time of its own."""

    __tablename__ = "survey_tally"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    answers: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSON, default=dict)
    texts: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
