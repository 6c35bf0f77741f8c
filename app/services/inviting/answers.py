"""What somebody says who may come, without registering: "I can't come", and its way back; at an invitation's link, or
elsewhere.

Whoever holds a link can say it, so the person's own address is told of the first "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.models import AuditEntry, InvitationBatch, Meetup, MeetupInvitation, OutboxMail, Person
from app.reading import among
from app.services import audit
from app.services.inviting import meetup_invitations, reaching
from app.services.inviting.invitation_fates import ELSEWHERE as BATCH_OF
from app.services.mails import outbox

NOTED = "invitation_declined"
UNDONE = "invitation.decline_undone"
ELSEWHERE = "invitation.declined_elsewhere"
FORGOTTEN = "invitation.elsewhere_forgotten"


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
            audit.record(session, UNDONE, row, audit.PERSON, program_id=meetup.program_id)


def decline_elsewhere(
    session: Session, meetup: Meetup, people: Collection[int], actor: str, at: dt.datetime
) -> Sequence[int]:
    """Keep that these people said elsewhere that they can't come; the invitations that say so from now on, by id. Nobody is
    mailed. The caller holds the meetup's lock. `at`: by which `forget_elsewhere` knows what was kept here.

    Who was not invited gets a row that invites nobody (`WAS_INVITED`), so that no invitation goes to them.
    """
    if not people:
        return []
    here = MeetupInvitation.meetup_id == meetup.id, among(MeetupInvitation.person_id, sorted(people))
    rows = list(session.scalars(select(MeetupInvitation).where(*here).order_by(MeetupInvitation.id)))
    rows += _uninvited(session, meetup, set(people) - {row.person_id for row in rows}, at)
    saying = [row for row in rows if row.declined_at is None]
    for row in saying:
        row.declined_at = at
    session.flush()
    acts = [(ELSEWHERE, f"{MeetupInvitation.__tablename__}:{row.id}") for row in saying]
    audit.record_each(session, acts, actor, program_id=meetup.program_id)
    return [row.id for row in saying]


def said_elsewhere(
    session: Session, invitations: Collection[int], at: dt.datetime, *, noted: int
) -> list[int]:
    """Those of these that say no as `decline_elsewhere` wrote it `at`, and of which nothing is `noted` after that entry."""
    if not invitations:
        return []
    subjects = {f"{MeetupInvitation.__tablename__}:{each}": each for each in invitations}
    later = select(AuditEntry.subject).where(AuditEntry.subject.in_(subjects), AuditEntry.id > noted)
    since = {subjects[subject] for subject in session.scalars(later)}
    still = among(MeetupInvitation.id, sorted(set(invitations) - since)), MeetupInvitation.declined_at == at
    return list(session.scalars(select(MeetupInvitation.id).where(*still).order_by(MeetupInvitation.id)))


def forget_elsewhere(session: Session, meetup: Meetup, invitations: Collection[int], actor: str) -> int:
    """These of `said_elsewhere` are as they were before; how many. Each person's records say so."""
    query = (
        select(MeetupInvitation).where(among(MeetupInvitation.id, invitations)).order_by(MeetupInvitation.id)
    )
    rows = session.scalars(query.with_for_update()).all()
    for row in rows:
        if not row.was_invited:
            session.delete(row)
        row.declined_at = None
    session.flush()
    acts = [(FORGOTTEN, f"{Person.__tablename__}:{row.person_id}") for row in rows]
    audit.record_each(session, acts, actor, program_id=meetup.program_id, meetup=meetup.id)
    return len(rows)


def undone_at(session: Session, invitations: Collection[int]) -> dict[int, dt.datetime]:
    """When they last took such a word back, by invitation."""
    if not invitations:
        return {}
    subjects = {f"{MeetupInvitation.__tablename__}:{number}": number for number in invitations}
    taken_back = AuditEntry.subject.in_(subjects), AuditEntry.act == UNDONE
    query = select(AuditEntry.subject, func.max(AuditEntry.at)).where(*taken_back)
    return {subjects[subject]: at for subject, at in session.execute(query.group_by(AuditEntry.subject))}


def _uninvited(
    session: Session, meetup: Meetup, people: Collection[int], at: dt.datetime
) -> list[MeetupInvitation]:
    if not people:
        return []
    batch = InvitationBatch(meetup_id=meetup.id, is_reminder=False, words="", actor=BATCH_OF)
    session.add(batch)
    session.flush()
    addresses = reaching.newest(session, people)
    rows = [
        MeetupInvitation(
            uid=tokens.uid(),
            meetup_id=meetup.id,
            person_id=person,
            batch_id=batch.id,
            address=addresses.get(person, ""),
            created_at=at,
            mailed_at=at,
        )
        for person in sorted(people)
    ]
    session.add_all(rows)
    session.flush()
    return rows


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
