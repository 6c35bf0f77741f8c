"""What attendees tell each other about themselves."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, UniqueConstraint, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model
from app.models.base import link as reference
from app.models.registrations import Registration


class IntroductionCard(Model):
    """A registrant's own card. That it is written is the consent to show it; deleted when they take it back.

    An organizer may hide it, not change it. Of a hidden one that is taken back an empty row stays, so that what is written
    next is hidden, too. `on_badge`: that nickname and affiliation may also be printed on their name badge.
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

    @hybrid_property
    def is_written(self) -> bool:
        return bool(self.nickname or self.affiliation or self.about or self.link)

    @is_written.inplace.expression
    @classmethod
    def _is_written(cls) -> ColumnElement[bool]:
        return or_(cls.nickname != "", cls.affiliation != "", cls.about != "", cls.link != "")
