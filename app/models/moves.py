"""The changes of a meetup's time or place that people are told of."""

from __future__ import annotations

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.registering.moves import Appointment
from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short, link


class MeetupMove(Model):
    """One change, with how it was before. How it is afterwards the meetup says, or the next change."""

    __tablename__ = "meetup_move"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    at: Mapped[CreatedAt]
    actor: Mapped[Short]
    asks: Mapped[bool]  # those who have a seat, whether they still come
    appointment: Mapped[int]  # the meetup's, from this change on
    note: Mapped[str] = mapped_column(Text, default="")
    reminded_at: Mapped[MaybeInstant]  # when those who hadn't answered were asked once more
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    zone: Mapped[Short]
    place_ko: Mapped[Line]
    place_en: Mapped[Line]
    place_address: Mapped[Line]
    online_url: Mapped[str] = mapped_column(String(1000))

    @property
    def before(self) -> Appointment:
        return Appointment(**{name: getattr(self, name) for name in Appointment.__dataclass_fields__})
