"""What a meetup was like, told in public afterwards: the organizers' words, photos, and what speakers let be quoted."""

from __future__ import annotations

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.writing.words import Words
from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short, link
from app.models.images import Image
from app.models.registrations import Registration


class Story(Model):
    """The story page of a meetup; nobody but organizers sees it until it is published."""

    __tablename__ = "story"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    words_ko: Mapped[str] = mapped_column(Text, default="")  # Markdown
    words_en: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[Instant]
    published_at: Mapped[MaybeInstant]

    @property
    def words(self) -> Words:
        return Words(self.words_ko, self.words_en)


class StoryPhoto(Model):
    """A photo of which an organizer confirmed that whoever can be recognised agreed. Hidden as soon as anybody asks for it."""

    __tablename__ = "story_photo"

    id: Mapped[Id]
    uid: Mapped[Short] = mapped_column(unique=True)
    meetup_id: Mapped[int] = link("meetup.id")
    image_id: Mapped[int] = link("image.id")
    small_id: Mapped[int] = link("image.id")
    caption_ko: Mapped[Line] = mapped_column(default="")
    caption_en: Mapped[Line] = mapped_column(default="")
    confirmed_by: Mapped[Short]  # who said that those on it agreed
    created_at: Mapped[CreatedAt]
    hidden_at: Mapped[MaybeInstant]
    asked_words: Mapped[str] = mapped_column(Text, default="")  # why somebody wants it down

    image: Mapped[Image] = relationship(foreign_keys=[image_id])
    small: Mapped[Image] = relationship(foreign_keys=[small_id])

    @property
    def caption(self) -> Words:
        return Words(self.caption_ko, self.caption_en)


class StoryQuote(Model):
    """A speaker's words, shown only while they let it; another wording asks them anew."""

    __tablename__ = "story_quote"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    registration_id: Mapped[int] = link("registration.id")
    talk: Mapped[Line] = mapped_column(default="")
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    approved_at: Mapped[MaybeInstant]
    refused_at: Mapped[MaybeInstant]

    registration: Mapped[Registration] = relationship()
