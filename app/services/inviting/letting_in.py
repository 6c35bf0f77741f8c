"""Inviting without a mail, where a meetup is by invitation, and taking an invitation back."""

from __future__ import annotations

from sqlalchemy import select

from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.inviting import MAIL_LESS
from app.domain.seating.modes import Mode
from app.models import InvitationBatch, Meetup, MeetupInvitation
from app.services import audit
from app.services.inviting import candidates, reaching
from app.services.seating.windows import require_ahead


def let_in(meetup_id: int, people: frozenset[int], actor: str) -> int:
    """Let those of the people register whom no invitation can be mailed: they have no address, or want no such mails;
    how many."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        found = candidates.of_meetup(session, meetup)
        chosen = sorted({e.person_id for e in found if e.person_id in people and e.hindrance in MAIL_LESS})
        if not chosen or meetup.mode is not Mode.INVITATION:
            raise DomainError("nobody_to_let_in")
        batch = InvitationBatch(meetup_id=meetup.id, is_reminder=False, words="", actor=actor)
        session.add(batch)
        session.flush()
        addresses, at = reaching.newest(session, chosen), now()
        session.add_all(
            MeetupInvitation(
                uid=tokens.uid(),
                meetup_id=meetup.id,
                person_id=person_id,
                batch_id=batch.id,
                address=addresses.get(person_id, ""),
                mailed_at=at,
            )
            for person_id in chosen
        )
        act, number = "invitations.let_in", len(chosen)
        audit.record(session, act, meetup, actor, program_id=meetup.program_id, number=number)
        return number


def withdraw(meetup_id: int, invitation_id: int, actor: str) -> None:
    """The link leads nowhere any more, and a mail that hasn't gone doesn't go. Who has registered keeps the
    registration."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        query = select(MeetupInvitation).where(
            MeetupInvitation.id == invitation_id, MeetupInvitation.meetup_id == meetup_id
        )
        row = session.scalars(query).one_or_none()
        if row is None:
            raise DomainError("meetup_invitation_gone")
        act, subject = "invitation.withdrawn", f"person:{row.person_id}"
        audit.record(session, act, subject, actor, program_id=meetup.program_id, meetup=meetup.id)
        session.delete(row)
