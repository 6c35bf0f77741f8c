"""Invitations to a meetup: who was invited in which batch, and what they said."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, UniqueConstraint, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, Instant, Line, MaybeInstant, Model, Short, link
from app.models.meetups import Meetup
from app.models.people import Person


class InvitationBatch(Model):
    """One press of an organizer: invitations, or reminders of them, with the organizer's own words."""

    __tablename__ = "invitation_batch"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    is_reminder: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[Short]
    created_at: Mapped[CreatedAt]


class MeetupInvitation(Model):
    """A person's invitation to one meetup; each gets one. Its link's secret is derived from `uid`.

    Codes that are asked for at the link go to `address` alone, whoever holds the link. Of somebody who was never invited it
    keeps that they said elsewhere that they can't come, by the instant at which it was brought in (`WAS_INVITED`).
    """

    __tablename__ = "meetup_invitation"
    __table_args__ = (UniqueConstraint("meetup_id", "person_id"),)

    id: Mapped[Id]
    uid: Mapped[Short] = mapped_column(unique=True)
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    person_id: Mapped[int] = link("person.id")
    batch_id: Mapped[int] = link("invitation_batch.id")
    address: Mapped[Line]
    created_at: Mapped[CreatedAt]
    mailed_at: Mapped[Instant]  # when the latest mail with it was owed
    reminders: Mapped[int] = mapped_column(default=0)
    declined_at: Mapped[MaybeInstant]

    meetup: Mapped[Meetup] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def was_invited(self) -> bool:
        return self.declined_at is None or self.declined_at != self.created_at


WAS_INVITED: ColumnElement[bool] = or_(
    MeetupInvitation.declined_at.is_(None), MeetupInvitation.declined_at != MeetupInvitation.created_at
)
