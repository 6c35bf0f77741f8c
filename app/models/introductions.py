"""What attendees tell each other about themselves."""

from __future__ import annotations

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model
from app.models.base import link as reference
from app.models.registrations import Registration


class IntroductionCard(Model):
    """A registrant's own card. That it is there is the consent to show it; deleted when they take it back.

    An organizer may hide it, not change it. `on_badge`: that nickname and affiliation may also be printed on their name badge.
    """

    __tablename__ = "introduction_card"
    __table_args__ = (UniqueConstraint("registration_id"),)

    id: Mapped[Id]
    registration_id: Mapped[int] = reference("registration.id", index=False)
    nickname: Mapped[Line] = mapped_column(default="")
    affiliation: Mapped[Line] = mapped_column(default="")
    about: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(Text, default="")
    on_badge: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    changed_at: Mapped[Instant]
    hidden_at: Mapped[MaybeInstant]

    registration: Mapped[Registration] = relationship()
