"""What an invited person says at the invitation's link without registering: "I can't come", and its way back.

Whoever holds the link can say it, so the person's own address is told of the first "no".
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.models import Meetup, MeetupInvitation, OutboxMail
from app.services import audit
from app.services.inviting import meetup_invitations, reaching
from app.services.mails import outbox

NOTED = "invitation_declined"


def decline(invitation_id: int) -> None:
    """They can't come. A registration that they have is theirs to cancel. Saying it twice changes nothing."""
    with transaction() as session:
        row, meetup = _held(session, invitation_id)
        if row.declined_at:
            return
        row.declined_at = now()
        _tell_once(session, meetup, row)
        audit.record(session, "invitation.declined", row, audit.PERSON, program_id=meetup.program_id)


def undo_decline(invitation_id: int) -> None:
    with transaction() as session:
        row, meetup = _held(session, invitation_id)
        if row.declined_at:
            row.declined_at = None
            act = "invitation.decline_undone"
            audit.record(session, act, row, audit.PERSON, program_id=meetup.program_id)


def _held(session: Session, invitation_id: int) -> tuple[MeetupInvitation, Meetup]:
    row = session.get_one(MeetupInvitation, invitation_id, with_for_update=True)
    return row, session.get_one(Meetup, row.meetup_id)


def _tell_once(session: Session, meetup: Meetup, row: MeetupInvitation) -> None:
    """Pressing back and forth fills nobody's mailbox. In their language, not in that of who pressed."""
    address = reaching.address_of(session, row)
    told = select(OutboxMail.id).where(
        OutboxMail.meetup_id == meetup.id, OutboxMail.address == address, OutboxMail.kind == NOTED
    )
    if address is None or session.scalars(told.limit(1)).first() is not None:
        return
    outbox.enqueue(
        session,
        NOTED,
        address,
        meetup_invitations.locale_of(session, row.person_id),
        program_id=meetup.program_id,
        meetup_id=meetup.id,
        invitation=row.id,
    )
