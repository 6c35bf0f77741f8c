"""What organizers note of registrations, for themselves: tags that many share, a note of its own for each, and what they changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BigId, Id, Instant, Model, Short, link


class Tag(Model):
    """A word of one meetup's organizers. It is there as long as a registration has it."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("meetup_id", "key"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))  # by app/domain/registering/tags.py


class RegistrationTag(Model):
    __tablename__ = "registration_tag"
    __table_args__ = (UniqueConstraint("registration_id", "tag_id"), Index(None, "tag_id", "registration_id"))

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id", index=False)
    tag_id: Mapped[int] = link("tag.id", index=False)

    tag: Mapped[Tag] = relationship(lazy="joined", innerjoin=True)


class RegistrationNote(Model):
    """No row: nothing is noted."""

    __tablename__ = "registration_note"

    id: Mapped[Id]
    registration_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("registration.id", ondelete="RESTRICT"), unique=True
    )
    words: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(
        default=1
    )  # raised by every change, so that none is overwritten unseen
    changed_at: Mapped[Instant]
    changed_by: Mapped[Short]


class ToldChange(Model):
    """The words of a change that the audit trail leaves out: a tag that came or went, a name before and after. `change` is the
    id by which the trail's entry says which."""

    __tablename__ = "told_change"

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id")
    change: Mapped[Short]
    part: Mapped[Short]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
