"""What somebody does about their own mails and links: have them once more, or have new ones and void the old.

The page that asks shows none of the new ones: they go to the registration's address, so whoever has the old link because
it was forwarded is left with nothing.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from app.clock import now
from app.db import statements, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.writing.addresses import address_key
from app.models import MeetupState, Registration
from app.services import audit, throttle
from app.services.mails import outbox
from app.services.organizing import attendee
from app.services.registering import claims, registrations, tickets

ACT = "registration.link_renewed"
MAIL = "link_renewed"
MAILS = registrations.MAIL | {Status.PENDING: claims.MAIL}


def mail_again(registration: Registration) -> None:
    """The mail of the seat, or of the place in line, once more; as often as an address may be mailed at all."""
    if not is_ahead(registration):
        raise DomainError("nothing_to_mail")
    _count(registration)
    attendee.mail_again(registration.id, audit.PERSON)


def renew(registration: Registration) -> None:
    """A new link and, with a seat at a meetup to come, a new ticket, by mail; the old ones stop working at once."""
    _count(registration)
    with transaction() as session:
        row = session.get_one(Registration, registration.id, with_for_update=True)
        if is_ahead(row):
            replace(session, row)
        else:
            row.link_revision += 1
            session.flush()
            _mail(session, row, MAIL)
        audit.record(session, ACT, row, audit.PERSON, program_id=row.meetup.program_id)


def is_ahead(row: Registration) -> bool:
    """Whether there is a seat or a place of which a mail still has something to say."""
    takes_place = row.meetup.state is not MeetupState.CALLED_OFF and now() < row.meetup.ends_at
    return takes_place and row.status in MAILS


def replace(session: Session, row: Registration) -> None:
    """Void the link and the ticket of this row, which the caller has locked, and owe the mail with the new ones."""
    row.link_revision += 1
    session.flush()
    if row.status is Status.CONFIRMED:
        tickets.replace(session, row.id)
    kind = MAILS.get(row.status)
    if kind and row.address:
        _mail(session, row, kind)


def _mail(session: Session, row: Registration, kind: str) -> None:
    outbox.enqueue(
        session,
        kind,
        row.address,
        row.locale,
        program_id=row.meetup.program_id,
        meetup_id=row.meetup_id,
        registration_id=row.id,
    )


def _count(registration: Registration) -> None:
    if not registration.address:
        raise DomainError("nothing_to_mail")
    limit = current_app.config["SETTINGS"].MAILS_PER_ADDRESS_HOUR
    with statements() as connection:
        mails = throttle.hit_mails(connection, address_key(registration.address))
    if mails > limit:
        raise DomainError("too_many_mails")
