"""What became of a meetup's invitations, told from rows that are there for other reasons; nothing tracks who reads a mail."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from app.clock import now
from app.db import db
from app.domain.inviting import Fate, Mailing, Stand
from app.models import (
    WAS_INVITED,
    InvitationBatch,
    MailState,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
    Status,
)
from app.reading import among
from app.services.inviting.candidates import HAS_PLACE
from app.services.mails import opt_outs
from app.services.organizing import attendee
from app.services.registering import eligibility

KINDS = ("invitation", "invitation_reminder")
STATES = (MailState.QUEUED, MailState.SENT, MailState.FAILED)
BATCHES = 20
ELSEWHERE = "elsewhere"  # whose batch it is that invited nobody
_MAILING = {
    MailState.QUEUED: Mailing.QUEUED,
    MailState.SENT: Mailing.SENT,
    MailState.FAILED: Mailing.FAILED,
    None: Mailing.NONE,
}


@dataclass(frozen=True)
class Standing:
    """What is known of people without a registration that stands. `cancelled`: when they gave one up last."""

    opted_out: Collection[int]
    reachable: Collection[int]
    cancelled: Mapping[int, dt.datetime]


@dataclass(frozen=True)
class Batch:
    """One press. `counts`: by fate, the invitations that began with it; empty where it reminded of earlier ones."""

    row: InvitationBatch
    who: str
    counts: dict[Fate, int]


@dataclass(frozen=True)
class Overview:
    """`counts`: invitations by their fate, and those who said elsewhere that they can't come. `mailed`: those with a mail,
    gone or still `queued`."""

    stands: Sequence[Stand]
    counts: dict[Fate, int]

    @property
    def total(self) -> int:
        """How many are invited."""
        return sum(each.invited for each in self.stands)

    @property
    def uninvited(self) -> int:
        """How many can't come, as they said elsewhere, and were never invited."""
        return len(self.stands) - self.total

    @property
    def mailed(self) -> int:
        return sum(each.mailing is not Mailing.NONE for each in self.stands)

    @property
    def queued(self) -> int:
        return sum(each.mailing is Mailing.QUEUED for each in self.stands)


def overview(meetup: Meetup) -> Overview:
    found = of_meetup(db.session(), meetup)
    stands = [each for each in found if each.invited or each.fate is Fate.DECLINED]
    counts = Counter(each.fate for each in stands)
    return Overview(stands, {fate: counts[fate] for fate in Fate})


def of_meetup(session: Session, meetup: Meetup) -> list[Stand]:
    """All of them, in the order of inviting; two queries, and one more where anybody has opted out."""
    out = opt_outs.people(meetup.program_id)
    return [
        Stand(
            invitation_id=row.id,
            person_id=row.person_id,
            batch_id=row.batch_id,
            mailed_at=row.mailed_at,
            mailing=_MAILING[row.state],
            registered=row.registered,
            gave_up=row.gave_up,
            declined=row.declined_at is not None,
            opted_out=row.person_id in out,
            reachable=row.reachable,
            may_come=row.may_come,
            reminders=row.reminders,
            invited=row.was_invited,
        )
        for row in session.execute(_stands(meetup))
    ]


def of_unregistered(
    session: Session, meetup: Meetup, people: Collection[int], known: Standing
) -> dict[int, Stand]:
    """Of those of these people who are invited, by person, where none has a registration that stands; two queries."""
    invited = MeetupInvitation.meetup_id == meetup.id, MeetupInvitation.person_id.in_(people)
    rows = session.scalars(select(MeetupInvitation).where(*invited)).all()
    mails = select(OutboxMail.address, OutboxMail.state).where(
        OutboxMail.meetup_id == meetup.id,
        OutboxMail.address.in_({row.address for row in rows}),
        OutboxMail.kind.in_(KINDS),
        OutboxMail.state.in_(STATES),
    )
    states = dict(session.execute(mails.order_by(OutboxMail.id)).all()) if rows else {}
    return {
        row.person_id: Stand(
            invitation_id=row.id,
            person_id=row.person_id,
            batch_id=row.batch_id,
            mailed_at=row.mailed_at,
            mailing=_MAILING[states.get(row.address)],
            registered=False,
            gave_up=row.person_id in known.cancelled and known.cancelled[row.person_id] >= row.mailed_at,
            declined=row.declined_at is not None,
            opted_out=row.person_id in known.opted_out,
            reachable=row.person_id in known.reachable,
            may_come=True,
            reminders=row.reminders,
            invited=row.was_invited,
        )
        for row in rows
    }


def by_mail(meetup: Meetup, person: Any, mailings: Collection[Mailing]) -> ColumnElement[bool]:
    """In a statement about people without a registration that stands: who is invited, has said nothing, and whose latest
    mail with it stands so. It is asked of one person after the other."""
    theirs = MeetupInvitation.meetup_id == meetup.id, MeetupInvitation.person_id == person
    gave_up = exists(Registration.id).where(
        Registration.meetup_id == meetup.id,
        Registration.person_id == MeetupInvitation.person_id,
        *_cancelled(),
    )
    of_address = (
        OutboxMail.meetup_id == meetup.id,
        OutboxMail.address == MeetupInvitation.address,
        OutboxMail.kind.in_(KINDS),
        OutboxMail.state.in_(STATES),
    )
    latest = select(OutboxMail.state).where(*of_address).order_by(OutboxMail.id.desc()).limit(1)
    state = latest.correlate(MeetupInvitation).scalar_subquery()
    stands = [
        state.is_(None) if of is None else state == of
        for of, mailing in _MAILING.items()
        if mailing in mailings
    ]
    silent = exists(MeetupInvitation.id).where(
        *theirs,
        MeetupInvitation.declined_at.is_(None),
        ~gave_up.correlate(MeetupInvitation),
        or_(*stands),
    )
    out = opt_outs.people(meetup.program_id)
    return and_(silent, not_(among(person, sorted(out)))) if out else silent


def to_remind(stands: Sequence[Stand]) -> list[Stand]:
    at = now()
    return [each for each in stands if each.may_be_reminded(at)]


def listed(stands: Sequence[Stand], *, start: int, size: int) -> list[tuple[Stand, Row[*tuple[Any, ...]]]]:
    """A page of them, the latest first, with name, address and the link's `uid`."""
    page = list(reversed(stands))[start : start + size]
    query = (
        select(
            MeetupInvitation.id,
            MeetupInvitation.uid,
            MeetupInvitation.person_id,
            Person.name,
            MeetupInvitation.address,
            MeetupInvitation.reminders,
        )
        .join(Person, Person.id == MeetupInvitation.person_id)
        .where(MeetupInvitation.id.in_([each.invitation_id for each in page]))
    )
    known = {row.id: row for row in db.session.execute(query)}
    return [(each, known[each.invitation_id]) for each in page]


def batches(meetup_id: int, stands: Sequence[Stand]) -> list[Batch]:
    """The latest presses, the last one first; two queries."""
    of_meetup = InvitationBatch.meetup_id == meetup_id, InvitationBatch.actor != ELSEWHERE
    query = select(InvitationBatch).where(*of_meetup)
    rows = db.session.scalars(query.order_by(InvitationBatch.id.desc()).limit(BATCHES)).all()
    accounts = attendee.names_of(row.actor for row in rows)
    of_batch: dict[int, Counter[Fate]] = defaultdict(Counter)
    for each in stands:
        of_batch[each.batch_id][each.fate] += 1
    return [
        Batch(row, accounts.get(row.actor, ""), {fate: n for fate in Fate if (n := of_batch[row.id][fate])})
        for row in rows
    ]


def _cancelled() -> tuple[ColumnElement[bool], ...]:
    return Registration.status == Status.CANCELLED, Registration.status_at >= MeetupInvitation.mailed_at


def _stands(meetup: Meetup) -> Any:
    of_the_person = (
        Registration.meetup_id == meetup.id,
        Registration.person_id == MeetupInvitation.person_id,
    )
    latest = (
        select(OutboxMail.address, func.max(OutboxMail.id).label("id"))
        .where(
            OutboxMail.meetup_id == meetup.id,
            OutboxMail.kind.in_(KINDS),
            OutboxMail.state.in_(STATES),
        )
        .group_by(OutboxMail.address)
        .subquery()
    )
    mail, known = aliased(OutboxMail), aliased(PersonAddress)
    of_roster = eligibility.on_rosters(meetup.id)
    works = known.person_id == MeetupInvitation.person_id, known.dead_since.is_(None)
    return (
        select(
            MeetupInvitation.id,
            MeetupInvitation.person_id,
            MeetupInvitation.batch_id,
            MeetupInvitation.mailed_at,
            MeetupInvitation.declined_at,
            MeetupInvitation.reminders,
            WAS_INVITED.label("was_invited"),
            mail.state,
            exists(known.id).where(*works).correlate(MeetupInvitation).label("reachable"),
            exists().where(of_roster.c.person_id == MeetupInvitation.person_id).label("may_come"),
            exists().where(*of_the_person, *HAS_PLACE).label("registered"),
            exists().where(*of_the_person, *_cancelled()).label("gave_up"),
        )
        .outerjoin(latest, latest.c.address == MeetupInvitation.address)
        .outerjoin(mail, mail.id == latest.c.id)
        .where(MeetupInvitation.meetup_id == meetup.id)
        .order_by(MeetupInvitation.id)
    )
