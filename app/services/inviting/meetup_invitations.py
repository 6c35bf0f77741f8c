"""Inviting people to a meetup by personal links, and reminding the silent.

A link is no proof: it may be forwarded. It leads to the ordinary one, whose code goes to the invited person's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app import links
from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.inviting import LONGEST_WORDS, WITHOUT_MAIL, Fate
from app.keys import keys
from app.models import (
    InvitationBatch,
    MailState,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Registration,
)
from app.services import audit
from app.services.inviting import candidates, invitation_fates, reaching
from app.services.mails import outbox
from app.services.registering import proofs
from app.services.seating.windows import why_closed

MAIL, REMINDER = "invitation", "invitation_reminder"
MAY_BE_MAILED = {None, "registration_not_yet"}


@dataclass(frozen=True)
class Choice:
    """What an organizer ticked: whole cohorts, and single people."""

    cohorts: frozenset[int]
    people: frozenset[int]


def invite(meetup_id: int, choice: Choice, words: str, actor: str) -> int:
    """Invite those of the chosen who can be, each once whatever was chosen before; how many."""
    _require_short(words)
    with transaction() as session:
        meetup = _mailable(session, meetup_id)
        found = candidates.of_meetup(session, meetup)
        people = candidates.chosen(found, choice.cohorts, choice.people).people
        if not people:
            raise DomainError("nobody_to_invite")
        batch = _batch(session, meetup, words, actor, is_reminder=False)
        at = now()
        rows = [
            MeetupInvitation(
                uid=tokens.uid(),
                meetup_id=meetup.id,
                person_id=person_id,
                batch_id=batch.id,
                address=address,
                mailed_at=at,
            )
            for person_id, address in reaching.newest(session, people).items()
        ]
        session.add_all(rows)
        session.flush()
        _owe(session, meetup, MAIL, batch, rows)
        audit.record(
            session, "invitations.sent", meetup, actor, program_id=meetup.program_id, number=len(rows)
        )
        return len(rows)


def remind(meetup_id: int, words: str, actor: str) -> int:
    """Remind whoever has said nothing for a day, at the address that they have by now; whom no mail reached gets the
    invitation itself. How many."""
    _require_short(words)
    with transaction() as session:
        meetup = _mailable(session, meetup_id)
        stands = invitation_fates.of_meetup(session, meetup)
        due = {each.invitation_id: each for each in invitation_fates.to_remind(stands)}
        if not due:
            raise DomainError("nobody_to_remind")
        batch = _batch(session, meetup, words, actor, is_reminder=True)
        rows = session.scalars(
            select(MeetupInvitation).where(MeetupInvitation.id.in_(due)).order_by(MeetupInvitation.id)
        ).all()
        addresses = reaching.newest(session, [row.person_id for row in rows])
        at = now()
        for row in rows:
            row.address, row.mailed_at = addresses.get(row.person_id, row.address), at
        silent = [row for row in rows if due[row.id].fate is Fate.SILENT]
        for row in silent:
            row.reminders += 1
        _owe(session, meetup, REMINDER, batch, silent)
        _owe(session, meetup, MAIL, batch, [row for row in rows if due[row.id].fate in WITHOUT_MAIL])
        act = "invitations.reminded"
        audit.record(session, act, meetup, actor, program_id=meetup.program_id, number=len(rows))
        return len(rows)


def find(uid: str, secret: str) -> tuple[MeetupInvitation, Meetup] | None:
    """The invitation of this link; None for a wrong secret as for a missing one."""
    if not tokens.same(tokens.meetup_invitation_secret(keys().link, uid), secret):
        return None
    row = db.session.execute(
        select(MeetupInvitation, Meetup)
        .join(Meetup, Meetup.id == MeetupInvitation.meetup_id)
        .where(MeetupInvitation.uid == uid)
        .options(joinedload(Meetup.program, innerjoin=True))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def link_of(uid: str, endpoint: str = "rsvp.invited") -> str:
    """The full address of the invitation's page, for its mail."""
    secret = tokens.meetup_invitation_secret(keys().link, uid)
    return links.external(endpoint, uid=uid, secret=secret)


def ask(invitation: MeetupInvitation, *, locale: str, client: str) -> str | None:
    """Owe the invited person's own address a code, whoever pressed; as `proofs.ask`."""
    address = reaching.address_of(db.session(), invitation)
    return proofs.ask_invited(invitation.meetup_id, address, invitation.uid, locale=locale, client=client)


def locale_of(session: Session, person_id: int) -> str:
    """The language in which they registered last, else the usual one of this site."""
    usual: str = current_app.config["SETTINGS"].DEFAULT_LOCALE
    return locales_of(session, [person_id]).get(person_id, usual)


def _mailable(session: Session, meetup_id: int) -> Meetup:
    """The meetup, locked: two batches at once invite nobody twice."""
    meetup = Meetup.locked(session, meetup_id)
    if (reason := why_closed(meetup)) not in MAY_BE_MAILED:
        raise DomainError(str(reason))
    return meetup


def _batch(session: Session, meetup: Meetup, words: str, actor: str, *, is_reminder: bool) -> InvitationBatch:
    batch = InvitationBatch(meetup_id=meetup.id, is_reminder=is_reminder, words=words, actor=actor)
    session.add(batch)
    session.flush()
    return batch


def _owe(
    session: Session, meetup: Meetup, kind: str, batch: InvitationBatch, rows: Sequence[MeetupInvitation]
) -> None:
    locales = locales_of(session, [row.person_id for row in rows])
    usual: str = current_app.config["SETTINGS"].DEFAULT_LOCALE
    mails: list[dict[str, Any]] = [
        {
            "address": row.address,
            "locale": locales.get(row.person_id, usual),
            "program_id": meetup.program_id,
            "meetup_id": meetup.id,
            "params": {"invitation": row.id, "batch": batch.id},
            "due_at": due_at,
        }
        for row, due_at in zip(rows, _paced(session), strict=False)
    ]
    outbox.enqueue_many(session, kind, mails)


def _paced(session: Session) -> Iterator[dt.datetime]:
    """One instant after another, after those of the batches that are still going out."""
    last = select(func.max(OutboxMail.due_at)).where(
        OutboxMail.state == MailState.QUEUED, OutboxMail.kind.in_((MAIL, REMINDER)), OutboxMail.attempts == 0
    )
    step = dt.timedelta(minutes=1) / max(1, current_app.config["SETTINGS"].INVITATIONS_PER_MINUTE)
    before, at = session.scalar(last), now()
    at = max(at, before + step) if before else at
    while True:
        yield at
        at += step


def locales_of(session: Session, people: Sequence[int]) -> dict[int, str]:
    """The language in which each of them registered last."""
    rows = session.execute(
        select(Registration.person_id, Registration.locale)
        .where(Registration.person_id.in_(people))
        .order_by(Registration.id)
    )
    return {row.person_id: row.locale for row in rows}


def _require_short(words: str) -> None:
    if len(words) > LONGEST_WORDS:
        raise DomainError("words_too_long", most=LONGEST_WORDS)
