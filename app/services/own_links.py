"""What somebody does about their own mails and links: have them once more, or have new ones and void the old.

The page that asks shows none of the new ones: they go to the registration's address, so whoever has the old link because
it was forwarded is left with nothing.
"""

from __future__ import annotations

from flask import current_app
from sqlalchemy.orm import Session

from app.db import statements, transaction
from app.domain.addresses import address_key
from app.domain.errors import DomainError
from app.domain.registrations import Status
from app.models import Registration
from app.services import attendee, audit, claims, outbox, registrations, throttle, tickets
from app.services.windows import require_ahead

ACT = "registration.link_renewed"
MAILS = registrations.MAIL | {Status.PENDING: claims.MAIL}


def mail_again(registration: Registration) -> None:
    """The mail of the seat, or of the place in line, once more; as often as an address may be mailed at all."""
    _count(registration)
    attendee.mail_again(registration.id, audit.PERSON)


def renew(registration: Registration) -> None:
    """A new link and, with a seat, a new ticket, by mail; the old ones stop working at once."""
    _count(registration)
    with transaction() as session:
        row = session.get_one(Registration, registration.id, with_for_update=True)
        require_ahead(row.meetup)
        if row.status not in MAILS:
            raise DomainError("nothing_to_mail")
        replace(session, row)
        audit.record(session, ACT, row, audit.PERSON, program_id=row.meetup.program_id)


def replace(session: Session, row: Registration) -> None:
    """Void the link and the ticket of this row, which the caller has locked, and owe the mail with the new ones."""
    row.link_revision += 1
    session.flush()
    if row.status is Status.CONFIRMED:
        tickets.replace(session, row.id)
    kind = MAILS.get(row.status)
    if kind and row.address:
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
