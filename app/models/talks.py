"""The lines of a meetup's programme: talks, guests, doors and breaks."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.models.base import Id, Line, MaybeInstant, Model, link


class TalkKind(enum.StrEnum):
    TALK = "talk"
    SPECIAL_GUEST = "special_guest"
    OTHER = "other"  # doors open, break, group photo


class Talk(Model):
    """One line of a meetup's programme. What is hidden is nobody's to know until it is announced."""

    __tablename__ = "talk"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", ondelete="CASCADE")
    position: Mapped[int]
    kind: Mapped[TalkKind] = mapped_column(EnumText(TalkKind), default=TalkKind.TALK)
    starts_at: Mapped[MaybeInstant]
    title_ko: Mapped[Line] = mapped_column(default="")
    title_en: Mapped[Line] = mapped_column(default="")
    speaker: Mapped[Line] = mapped_column(default="")
    affiliation: Mapped[Line] = mapped_column(default="")
    # Whether it is still to be announced, and the instant that announces it; None: an organizer's press does.
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    announces_at: Mapped[MaybeInstant]

    def is_announced(self, at: dt.datetime) -> bool:
        """Whether everybody may read this line at that instant."""
        return not self.hidden or (self.announces_at is not None and self.announces_at <= at)

    def title(self, locale: str) -> str:
        return (self.title_ko or self.title_en) if locale == "ko" else (self.title_en or self.title_ko)
