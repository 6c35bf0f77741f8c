"""Addresses at which no mail arrives: marked when a mail server says that there is no such mailbox, at sending or in a
message that comes back, or by an organizer, and cleared when something arrives there again, or by an organizer.

Where an organizer marked it, `dead_words` is None: nothing was said. A mail that does not come back says nothing there, as
whoever marks by hand reads what comes back by hand.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain import bounces
from app.domain.bounces import Bounce
from app.domain.errors import DomainError
from app.domain.mail_refusals import DEAD, why
from app.domain.writing.addresses import address_key
from app.models import AddressProof, MailState, Meetup, OutboxMail, PersonAddress
from app.services import audit

ARRIVED_AFTER = dt.timedelta(days=1)  # without coming back


def mark(session: Session, mail: OutboxMail, said: str) -> None:
    """In the caller's transaction, which notes that this mail failed for good. Only what is about the address counts."""
    if mail.program_id is None or why(said) not in DEAD:
        return
    theirs = (
        PersonAddress.program_id == mail.program_id,
        PersonAddress.address_key == address_key(mail.address),
        PersonAddress.dead_since.is_(None),
    )
    _set(session, *theirs, dead_since=now(), dead_words=said)


def take_back(data: bytes, actor: str = audit.COMMAND) -> bool:
    """Note what a message that came back reports; whether it was about a mail of ours."""
    bounce = bounces.read(data)
    return bounce is not None and note(bounce, actor)


def note(bounce: Bounce, actor: str = audit.COMMAND) -> bool:
    """Note that a mail did not arrive; whether it is one of ours. Noting it twice changes nothing.

    Nobody can make one up: it names its mail by an id that only the mail has.
    """
    with transaction() as session:
        query = select(OutboxMail).where(OutboxMail.message_id == bounce.message_id).with_for_update()
        mail = session.scalars(query).one_or_none()
        if mail is None or not mail.address:
            return False
        if mail.state is MailState.SENT:
            mail.state, mail.last_error = MailState.FAILED, bounce.said
            mark(session, mail, bounce.said)
            audit.record(session, "mail.came_back", mail, actor, program_id=mail.program_id)
        return True


def mark_by_hand(program_id: int, person_id: int, address_id: int, actor: str) -> None:
    """An organizer saw a mail come back. What is marked stays as it is."""
    with transaction() as session:
        row = _theirs(session, program_id, person_id, address_id)
        if not row.dead_since:
            row.dead_since = now()
            audit.record(session, "address.fails", row.person, actor, program_id=program_id, address=row.id)


def clear(program_id: int, person_id: int, address_id: int, actor: str) -> None:
    """An organizer knows better."""
    with transaction() as session:
        row = _theirs(session, program_id, person_id, address_id)
        if row.dead_since:
            row.dead_since = row.dead_words = None
            audit.record(
                session, "address.works_again", row.person, actor, program_id=program_id, address=row.id
            )


def _theirs(session: Session, program_id: int, person_id: int, address_id: int) -> PersonAddress:
    row = session.get(PersonAddress, address_id, with_for_update=True)
    if row is None or (row.program_id, row.person_id) != (program_id, person_id):
        raise DomainError("no_such_address")
    return row


def revive() -> int:
    """Clear those at which somebody has read a code since, or whose mail was taken and did not come back within a day;
    how many. For the worker's rounds."""
    read = exists().where(
        AddressProof.person_id == PersonAddress.person_id,
        AddressProof.address_key == PersonAddress.address_key,
        AddressProof.proved_at > PersonAddress.dead_since,
    )
    meetups = select(Meetup.id).where(Meetup.program_id == PersonAddress.program_id)
    arrived = exists().where(
        OutboxMail.meetup_id.in_(meetups.correlate(PersonAddress)),
        OutboxMail.address == PersonAddress.address,
        OutboxMail.state == MailState.SENT,
        OutboxMail.sent_at > PersonAddress.dead_since,
        OutboxMail.sent_at < now() - ARRIVED_AFTER,
    )
    with transaction() as session:
        return _set(
            session,
            PersonAddress.dead_since.is_not(None),
            or_(read, and_(PersonAddress.dead_words.is_not(None), arrived)),
            dead_since=None,
            dead_words=None,
        )


def _set(session: Session, *where: Any, **values: Any) -> int:
    changed = update(PersonAddress).where(*where).values(**values)
    result: Any = session.execute(changed.execution_options(synchronize_session=False))
    return int(result.rowcount)
