"""The mail to the addresses that a list had for somebody, when another was linked to their name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.domain.writing.addresses import masked_address
from app.models import Meetup, OutboxMail, Registration
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Registration]:
    """The registrations, in one query for a batch."""
    meetup = joinedload(Registration.meetup, innerjoin=True).joinedload(Meetup.program, innerjoin=True)
    person = joinedload(Registration.person, innerjoin=True)
    ids = {mail.registration_id for mail in mails}
    rows = db.session.scalars(select(Registration).where(Registration.id.in_(ids)).options(meetup, person))
    found = {row.id: row for row in rows}
    return {mail.id: row for mail in mails if (row := found.get(mail.registration_id or 0))}


def write(mail: OutboxMail, registration: Registration | None) -> Letter | None:
    """The new address only in part: whoever reads this mail may not be its owner."""
    if registration is None:
        return None
    meetup = registration.meetup
    values = meetup_values(meetup, mail.locale) | {
        "name": registration.person.name,
        "new_address": masked_address(registration.address),
    }
    return Letter("claim_linked", values, contact_of(meetup))


KINDS = {"claim_linked": Kind(write, load)}
