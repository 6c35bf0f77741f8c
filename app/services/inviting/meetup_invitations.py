"""Inviting people to a meetup by personal links, reminding the silent, and their "no".

A link is no proof: it may be forwarded. It leads to the ordinary one, whose code goes to the invited person's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
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
from app.domain.inviting import LONGEST_WORDS
from app.keys import keys
from app.models import (
    InvitationBatch,
    MailState,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    PersonAddress,
    Registration,
)
from app.services import audit
from app.services.inviting import candidates, invitation_fates
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
            for person_id, address in _addresses(session, people)
        ]
        session.add_all(rows)
        session.flush()
        _owe(session, meetup, MAIL, batch, rows)
        audit.record(
            session, "invitations.sent", meetup, actor, program_id=meetup.program_id, number=len(rows)
        )
        return len(rows)


def remind(meetup_id: int, words: str, actor: str) -> int:
    """Remind whoever has said nothing for a day, at the address that they have by now; how many."""
    _require_short(words)
    with transaction() as session:
        meetup = _mailable(session, meetup_id)
        stands = invitation_fates.of_meetup(session, meetup)
        silent = [each.invitation_id for each in invitation_fates.to_remind(stands)]
        if not silent:
            raise DomainError("nobody_to_remind")
        batch = _batch(session, meetup, words, actor, is_reminder=True)
        rows = session.scalars(
            select(MeetupInvitation).where(MeetupInvitation.id.in_(silent)).order_by(MeetupInvitation.id)
        ).all()
        addresses = dict(_addresses(session, [row.person_id for row in rows]))
        at = now()
        for row in rows:
            row.address, row.mailed_at = addresses.get(row.person_id, row.address), at
            row.reminders += 1
        _owe(session, meetup, REMINDER, batch, rows)
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
    return proofs.ask(invitation.meetup_id, invitation.address, locale=locale, client=client)


def decline(invitation_id: int) -> None:
    """They can't come. A registration that they have is theirs to cancel. Saying it twice changes nothing."""
    _answer(invitation_id, now(), "invitation.declined")


def undo_decline(invitation_id: int) -> None:
    _answer(invitation_id, None, "invitation.decline_undone")


def _answer(invitation_id: int, declined_at: dt.datetime | None, act: str) -> None:
    with transaction() as session:
        row = session.get_one(MeetupInvitation, invitation_id, with_for_update=True)
        meetup = session.get_one(Meetup, row.meetup_id)
        if bool(row.declined_at) == bool(declined_at):
            return
        row.declined_at = declined_at
        audit.record(session, act, row, audit.PERSON, program_id=meetup.program_id)


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
    locales = _locales(session, [row.person_id for row in rows])
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


def _addresses(session: Session, people: Collection[int]) -> list[tuple[int, str]]:
    """The working address that each of them gave or was given last, by person."""
    newest = (
        select(func.max(PersonAddress.id))
        .where(PersonAddress.person_id.in_(people), PersonAddress.dead_since.is_(None))
        .group_by(PersonAddress.person_id)
    )
    rows = session.execute(
        select(PersonAddress.person_id, PersonAddress.address)
        .where(PersonAddress.id.in_(newest))
        .order_by(PersonAddress.person_id)
    )
    return [(row.person_id, row.address) for row in rows]


def _locales(session: Session, people: Collection[int]) -> dict[int, str]:
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
