"""The mails that invite to a meetup and remind of it, and what they will look like before they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import i18n, links
from app.clock import now
from app.db import db
from app.i18n import LOCALES
from app.models import (
    IS_ACTIVE,
    InvitationBatch,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    Registration,
)
from app.services.inviting.meetup_invitations import MAIL, MAY_BE_MAILED, REMINDER, link_of
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.mails.messages import as_text
from app.services.seating.windows import why_closed


@dataclass(frozen=True)
class Invited:
    invitation: MeetupInvitation
    meetup: Meetup
    name: str
    words: str
    is_registered: bool


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Invited]:
    """Invitations with their meetups, people and words; three queries for a batch."""
    ids = {mail.params["invitation"] for mail in mails}
    rows = db.session.execute(
        select(MeetupInvitation, Meetup, Person.name)
        .join(Meetup, Meetup.id == MeetupInvitation.meetup_id)
        .join(Person, Person.id == MeetupInvitation.person_id)
        .where(MeetupInvitation.id.in_(ids))
        .options(joinedload(Meetup.program, innerjoin=True))
        .execution_options(populate_existing=True)
    ).all()
    found = {invitation.id: (invitation, meetup, name) for invitation, meetup, name in rows}
    batches = {mail.params["batch"] for mail in mails}
    words = {
        row.id: row.words
        for row in db.session.scalars(select(InvitationBatch).where(InvitationBatch.id.in_(batches)))
    }
    places = _registered(found.values())
    return {
        mail.id: Invited(
            invitation, meetup, name, words[mail.params["batch"]], (meetup.id, invitation.person_id) in places
        )
        for mail in mails
        if (row := found.get(mail.params["invitation"]))
        for invitation, meetup, name in [row]
    }


def write(mail: OutboxMail, invited: Invited | None) -> Letter | None:
    """None where they have answered meanwhile, or nobody can register any more."""
    if invited is None or invited.is_registered or invited.invitation.declined_at:
        return None
    if why_closed(invited.meetup) not in MAY_BE_MAILED:
        return None
    uid = invited.invitation.uid
    ways = {"link": link_of(uid), "decline_link": link_of(uid, "rsvp.declining")}
    return _letter(mail.kind, invited.meetup, mail.locale, invited.name, invited.words, ways)


def preview(meetup: Meetup, words: str, *, reminder: bool) -> dict[str, tuple[str, str]]:
    """Subject and text by language, to somebody made up; where the links of their own stand are dots."""
    found = {}
    base = links.base_url()
    ways = {"link": f"{base}/i/…", "decline_link": f"{base}/i/…/decline"}
    for locale in LOCALES:
        with force_locale(locale):
            name = "김하늘" if locale == "ko" else "Haneul Kim"
            kind = REMINDER if reminder else MAIL
            found[locale] = as_text(
                _letter(kind, meetup, locale, name, words, ways), opt_out=f"{base}/opt-outs/…"
            )
    return found


def _letter(kind: str, meetup: Meetup, locale: str, name: str, words: str, ways: Mapping[str, str]) -> Letter:
    opens, until = meetup.opens_at, meetup.closes_at
    values: dict[str, Any] = meetup_values(meetup, locale) | {
        "name": name,
        "note": words,
        "is_reminder": kind == REMINDER,
        "opens": i18n.stamp(meetup.local(opens)) if opens and opens > now() else "",
        "until": i18n.stamp(meetup.local(until)) if until else "",
    }
    return Letter("invitation", values | dict(ways), contact_of(meetup))


def _registered(found: Any) -> set[tuple[int, int]]:
    meetups, people = {m.id for _, m, _ in found}, {i.person_id for i, _, _ in found}
    rows = db.session.execute(
        select(Registration.meetup_id, Registration.person_id).where(
            Registration.meetup_id.in_(meetups), Registration.person_id.in_(people), IS_ACTIVE
        )
    )
    return {(row.meetup_id, row.person_id) for row in rows}


KINDS = dict.fromkeys((MAIL, REMINDER), Kind(write, load))
