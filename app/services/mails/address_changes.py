"""The mails about a change of address: to the former one, which can object, and to the organizers when it did."""

from __future__ import annotations

from sqlalchemy import select

from app import i18n, links
from app.db import db
from app.domain import tokens
from app.domain.writing.addresses import masked_address
from app.keys import keys
from app.models import AddressChange, OutboxMail, Registration
from app.services.mails.claims import load
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.personal import address_changes


def write_changed(mail: OutboxMail, registration: Registration | None) -> Letter | None:
    """The new address only in part: whoever reads this mail may not be its owner. None where it was put back already."""
    uid = mail.params["change"]
    made = db.session.scalars(select(AddressChange).where(AddressChange.uid == uid)).one_or_none()
    if registration is None or made is None or made.objected_at:
        return None
    meetup = registration.meetup
    secret = tokens.objection_secret(keys().link, uid)
    values = meetup_values(meetup, mail.locale) | {
        "name": registration.person.name,
        "new_address": masked_address(made.address),
        "link": links.external("rsvp.objecting", uid=uid, secret=secret),
        "until": i18n.stamp(meetup.local(made.at + address_changes.MAY_OBJECT)),
    }
    return Letter(mail.kind, values, contact_of(meetup))


def write_objected(mail: OutboxMail, registration: Registration | None) -> Letter | None:
    """To the organizers; it names nobody and leads to the desk."""
    if registration is None:
        return None
    meetup = registration.meetup
    link = links.external(
        "exports.attendee",
        program=meetup.program.slug,
        slug=meetup.slug,
        reference=registration.reference,
    )
    return Letter(mail.kind, meetup_values(meetup, mail.locale) | {"link": link})


KINDS = {
    address_changes.MAIL: Kind(write_changed, load),
    address_changes.MAIL_OBJECTED: Kind(write_objected, load),
}
