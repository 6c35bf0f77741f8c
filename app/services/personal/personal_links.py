"""Personal links: the way to one registration, for whoever holds its secret."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import links
from app.db import db
from app.domain import tokens
from app.keys import keys
from app.models import Meetup, Registration


def secret_of(registration: Registration) -> str:
    return tokens.personal_secret(keys().link, registration.reference, registration.link_revision)


def url_of(registration: Registration) -> str:
    """The full address, for mails."""
    return links.external(
        "rsvp.registration", reference=registration.reference, secret=secret_of(registration)
    )


def find(reference: str, secret: str) -> Registration | None:
    """The registration of this link with what its page shows; None for a wrong secret as for a missing one."""
    found = db.session.scalars(
        select(Registration)
        .where(Registration.reference == reference)
        .options(
            joinedload(Registration.person, innerjoin=True),
            joinedload(Registration.cohort),
            joinedload(Registration.meetup, innerjoin=True).joinedload(Meetup.program, innerjoin=True),
        )
    ).one_or_none()
    return found if found and tokens.same(secret_of(found), secret) else None
