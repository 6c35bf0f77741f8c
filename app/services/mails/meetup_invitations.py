"""The mails that invite to a meetup and remind of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import i18n
from app.clock import now
from app.db import db
from app.domain.writing.mail_texts import NO_TEXT, MailText
from app.models import (
    InvitationBatch,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    Registration,
)
from app.services.inviting import reaching
from app.services.inviting.answers import NOTED
from app.services.inviting.candidates import HAS_PLACE
from app.services.inviting.meetup_invitations import MAIL, MAY_BE_MAILED, REMINDER, link_of
from app.services.mails import opt_outs, own_texts
from app.services.mails.letters import Kind, Letter, NotYet
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.registering import eligibility
from app.services.seating.windows import why_closed

TEMPLATE = "invitation"  # of both


@dataclass(frozen=True)
class Invited:
    invitation: MeetupInvitation
    meetup: Meetup
    name: str
    words: str
    text: MailText  # the organizer's for all of these mails; `words` are for those of one press


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Invited]:
    """Invitations with their meetups, people and words; a bounded number of queries for a batch.

    Mails to addresses that were taken from the person since go where they are reached now: see `reaching`."""
    going = _put_right(mails)
    ids = {mail.params["invitation"] for mail in going}
    rows = db.session.execute(
        select(MeetupInvitation, Meetup, Person.name)
        .join(Meetup, Meetup.id == MeetupInvitation.meetup_id)
        .join(Person, Person.id == MeetupInvitation.person_id)
        .where(MeetupInvitation.id.in_(ids))
        .options(joinedload(Meetup.program, innerjoin=True))
        .execution_options(populate_existing=True)
    ).all()
    found = {invitation.id: (invitation, meetup, name) for invitation, meetup, name in rows}
    batches = {mail.params["batch"] for mail in going}
    words = {
        row.id: row.words
        for row in db.session.scalars(select(InvitationBatch).where(InvitationBatch.id.in_(batches)))
    }
    places, may_come = _registered(found.values()), _entitled(found.values())
    texts = own_texts.for_mails(mails[0].kind, {meetup.id for _, meetup, _ in found.values()})
    return {
        mail.id: Invited(invitation, meetup, name, words[mail.params["batch"]], texts.get(meetup.id, NO_TEXT))
        for mail in going
        if (row := found.get(mail.params["invitation"]))
        for invitation, meetup, name in [row]
        if (place := (meetup.id, invitation.person_id)) in may_come and place not in places
    }


def write(mail: OutboxMail, invited: Invited | None) -> Letter | None:
    """None where they have answered meanwhile or may not come, or nobody can register any more. While registration is
    closed, which may be for an hour, the mail waits."""
    if invited is None or invited.invitation.declined_at:
        return None
    reason = why_closed(invited.meetup)
    if reason == "registration_closed":
        raise NotYet
    if reason not in MAY_BE_MAILED:
        return None
    uid = invited.invitation.uid
    values = values_of(invited.meetup, mail.kind, mail.locale) | {
        "name": invited.name,
        "note": invited.words,
        "link": link_of(uid),
        "decline_link": link_of(uid, "rsvp.declining"),
    }
    values |= own_texts.values(invited.text, mail.locale, values)
    return Letter(TEMPLATE, values, contact_of(invited.meetup))


def values_of(meetup: Meetup, kind: str, locale: str) -> dict[str, Any]:
    """What stands in all of a meetup's invitations, or in all its reminders of them."""
    opens, until = meetup.opens_at, meetup.closes_at
    return meetup_values(meetup, locale) | {
        "is_reminder": kind == REMINDER,
        "opens": i18n.stamp(meetup.local(opens)) if opens and opens > now() else "",
        "until": i18n.stamp(meetup.local(until)) if until else "",
    }


def _put_right(mails: Sequence[OutboxMail]) -> list[OutboxMail]:
    """Those that somebody can get and hasn't opted out of, with the addresses where they go."""
    addresses = reaching.put_right(mails)
    changed = []
    for mail in mails:
        if (address := addresses.get(mail.id)) and address != mail.address:
            mail.address = address
            changed.append(mail)
    unwanted = opt_outs.unwanted(changed)
    return [mail for mail in mails if mail.id in addresses and mail.id not in unwanted]


def _entitled(found: Any) -> set[tuple[int, int]]:
    meetups, people = {m.id for _, m, _ in found}, {i.person_id for i, _, _ in found}
    return eligibility.entitled(db.session(), meetups, people)


def _registered(found: Any) -> set[tuple[int, int]]:
    meetups, people = {m.id for _, m, _ in found}, {i.person_id for i, _, _ in found}
    rows = db.session.execute(
        select(Registration.meetup_id, Registration.person_id).where(
            Registration.meetup_id.in_(meetups), Registration.person_id.in_(people), *HAS_PLACE
        )
    )
    return {(row.meetup_id, row.person_id) for row in rows}


def load_noted(mails: Sequence[OutboxMail]) -> Mapping[int, tuple[MeetupInvitation, Meetup]]:
    rows = db.session.execute(
        select(MeetupInvitation, Meetup)
        .join(Meetup, Meetup.id == MeetupInvitation.meetup_id)
        .where(MeetupInvitation.id.in_({mail.params["invitation"] for mail in mails}))
        .options(joinedload(Meetup.program, innerjoin=True))
    ).all()
    found = {invitation.id: (invitation, meetup) for invitation, meetup in rows}
    return {mail.id: row for mail in mails if (row := found.get(mail.params["invitation"]))}


def write_noted(mail: OutboxMail, found: tuple[MeetupInvitation, Meetup] | None) -> Letter | None:
    """None where they have taken the "no" back meanwhile."""
    if found is None or found[0].declined_at is None:
        return None
    invitation, meetup = found
    values = meetup_values(meetup, mail.locale)
    return Letter(NOTED, values | {"link": link_of(invitation.uid, "rsvp.declining")}, contact_of(meetup))


KINDS = dict.fromkeys((MAIL, REMINDER), Kind(write, load)) | {NOTED: Kind(write_noted, load_noted)}
