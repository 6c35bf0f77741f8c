"""What organizers tell those who have a seat, and nobody else."""

from __future__ import annotations

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.writing.words import Words
from app.models.base import Id, Instant, Model, link


class InsideNote(Model):
    """The open chat, the Wi-Fi, where to ring. No row: nothing to tell."""

    __tablename__ = "inside_note"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    words_ko: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[Instant]

    @property
    def words(self) -> Words:
        return Words(self.words_ko, self.words_en)
