"""What became of a meetup's invitations, told from rows that are there for other reasons; nothing tracks who reads a mail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.clock import now
from app.db import db
from app.domain.inviting import Fate, Mailing, Stand
from app.models import (
    IS_ACTIVE,
    InvitationBatch,
    MailState,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
)
from app.services.mails import opt_outs

KINDS = ("invitation", "invitation_reminder")
# A mail that is no longer owed was held back for what the other columns say; else it reached nobody.
_MAILING = {
    MailState.QUEUED: Mailing.QUEUED,
    MailState.SENT: Mailing.SENT,
    MailState.FAILED: Mailing.FAILED,
    MailState.DROPPED: Mailing.FAILED,
    MailState.UNWANTED: Mailing.UNWANTED,
    None: Mailing.FAILED,
}


@dataclass(frozen=True)
class Overview:
    """`counts`: invitations by their fate. `sending`: mails of the latest batch that are still to go, of how many."""

    stands: Sequence[Stand]
    counts: dict[Fate, int]

    @property
    def total(self) -> int:
        return len(self.stands)

    @property
    def queued(self) -> int:
        return sum(each.mailing is Mailing.QUEUED for each in self.stands)


def overview(meetup: Meetup) -> Overview:
    stands = of_meetup(db.session(), meetup)
    counts = Counter(each.fate for each in stands)
    return Overview(stands, {fate: counts[fate] for fate in Fate})


def of_meetup(session: Session, meetup: Meetup) -> list[Stand]:
    """All of them, in the order of inviting; two queries, and one more where anybody has opted out."""
    out = opt_outs.people(meetup.program_id)
    return [
        Stand(
            invitation_id=row.id,
            person_id=row.person_id,
            mailed_at=row.mailed_at,
            mailing=_MAILING[row.state],
            registered=row.registered,
            gave_up=row.gave_up,
            declined=row.declined_at is not None,
            opted_out=row.person_id in out,
            reachable=row.reachable,
        )
        for row in session.execute(_stands(meetup))
    ]


def to_remind(stands: Sequence[Stand]) -> list[Stand]:
    at = now()
    return [each for each in stands if each.may_be_reminded(at)]


def listed(stands: Sequence[Stand], *, start: int, size: int) -> list[tuple[Stand, Row[*tuple[Any, ...]]]]:
    """A page of them, the latest first, with name and address."""
    page = list(reversed(stands))[start : start + size]
    query = (
        select(MeetupInvitation.id, Person.name, MeetupInvitation.address, MeetupInvitation.reminders)
        .join(Person, Person.id == MeetupInvitation.person_id)
        .where(MeetupInvitation.id.in_([each.invitation_id for each in page]))
    )
    known = {row.id: row for row in db.session.execute(query)}
    return [(each, known[each.invitation_id]) for each in page]


def batches(meetup_id: int) -> Sequence[InvitationBatch]:
    query = select(InvitationBatch).where(InvitationBatch.meetup_id == meetup_id)
    return db.session.scalars(query.order_by(InvitationBatch.id.desc())).all()


def _stands(meetup: Meetup) -> Any:
    of_the_person = (
        Registration.meetup_id == meetup.id,
        Registration.person_id == MeetupInvitation.person_id,
    )
    latest = (
        select(OutboxMail.address, func.max(OutboxMail.id).label("id"))
        .where(OutboxMail.meetup_id == meetup.id, OutboxMail.kind.in_(KINDS))
        .group_by(OutboxMail.address)
        .subquery()
    )
    mail, known = aliased(OutboxMail), aliased(PersonAddress)
    works = known.person_id == MeetupInvitation.person_id, known.dead_since.is_(None)
    return (
        select(
            MeetupInvitation.id,
            MeetupInvitation.person_id,
            MeetupInvitation.mailed_at,
            MeetupInvitation.declined_at,
            mail.state,
            exists(known.id).where(*works).correlate(MeetupInvitation).label("reachable"),
            exists().where(*of_the_person, IS_ACTIVE).label("registered"),
            exists().where(*of_the_person, ~IS_ACTIVE).label("gave_up"),
        )
        .outerjoin(latest, latest.c.address == MeetupInvitation.address)
        .outerjoin(mail, mail.id == latest.c.id)
        .where(MeetupInvitation.meetup_id == meetup.id)
        .order_by(MeetupInvitation.id)
    )
