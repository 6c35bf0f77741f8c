"""The mail that tells of another time or place, and asks those who have a seat whether they still come.

Changes that follow each other while the first mail has not gone out are one mail: each is written only if it is of the
newest, and tells what has changed since the last that this person was sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app import links
from app.calendars import calendar_link, meetup_ics
from app.clock import now
from app.db import db
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.writing.mail_texts import NO_TEXT, MailText
from app.models import TAKES_PLACE, MailState, MeetupMove, OutboxMail, Registration
from app.move_words import changes
from app.services.mails import own_texts, registrations
from app.services.mails.letters import Attachment, Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.personal import personal_links
from app.services.registering.moves import MAIL


@dataclass(frozen=True)
class Facts:
    """`untold`: the changes that this person doesn't know of by mail, or that a reminder is about, the earliest first;
    the newest in any case."""

    registration: Registration
    untold: Sequence[MeetupMove]
    goes_on: bool
    text: MailText  # the organizer's

    @property
    def first(self) -> MeetupMove:
        return self.untold[0]

    @property
    def newest(self) -> MeetupMove:
        return self.untold[-1]

    @property
    def note(self) -> str:
        """What organizers wrote to all of them, the same words once."""
        return "\n\n".join(dict.fromkeys(move.note for move in self.untold if move.note))


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Facts]:
    """Registrations with what their meetup changed, in as many queries for a batch as for one mail."""
    rows = registrations.rows_of(mails)
    moves, told = _moves({row.meetup_id for row in rows.values()}), _told(list(rows))
    moving = registrations.moving({row.meetup_id: row.meetup for row in rows.values()})
    texts = own_texts.for_mails(MAIL, {row.meetup_id for row in rows.values()})
    found = {}
    for mail in mails:
        row = rows.get(mail.registration_id or 0)
        of_meetup = moves.get(row.meetup_id, []) if row else []
        if row is None or not of_meetup:
            continue
        known = 0 if mail.params["reminds"] else told.get(row.id, 0)
        since = of_meetup[-1].appointment if mail.params["reminds"] else 0
        unknown = [
            move
            for move in of_meetup
            if move.id > known and move.appointment >= since and move.at >= row.created_at
        ]
        untold, text = unknown or of_meetup[-1:], texts.get(row.meetup_id, NO_TEXT)
        found[mail.id] = Facts(row, untold, row.meetup_id in moving, text)
    return found


def write(mail: OutboxMail, facts: Facts | None) -> Letter | None:
    """None where a newer change is told by another mail, or they have answered what this only reminds of."""
    if facts is None or not _is_true(mail, facts):
        return None
    registration, meetup = facts.registration, facts.registration.meetup
    confirmed, own = registration.status is Status.CONFIRMED, personal_links.url_of(registration)
    asks = _is_open(registration)
    values = meetup_values(meetup, mail.locale) | {
        "name": registration.person.name,
        "reference": registration.reference,
        "confirmed": confirmed,
        "asks": asks,
        "reminds": mail.params["reminds"],
        "goes_on": facts.goes_on,
        "released_at": registrations.local_stamp(meetup, registration.released_at(meetup)),
        "changes": changes(facts.first.before, meetup.appointed(), mail.locale, online=confirmed),
        "note": facts.note,
        "deadline": registrations.local_stamp(meetup, registration.offered_until),
        "link": _question(registration, facts) if asks else own,
        "calendar": calendar_link(meetup, mail.locale, links.external("rsvp.show", slug=meetup.slug)),
    }
    values |= own_texts.values(facts.text, mail.locale, values)
    ics = meetup_ics(meetup, mail.locale, own, with_online_link=confirmed)
    return Letter(
        mail.kind, values, contact_of(meetup), attachments=[Attachment("meetup.ics", "text/calendar", ics)]
    )


def _question(registration: Registration, facts: Facts) -> str:
    """The page that asks. It knows what this mail told, and says if there is something newer."""
    return links.external(
        "rsvp.moved",
        reference=registration.reference,
        secret=personal_links.secret_of(registration),
        first=facts.first.id,
        last=facts.newest.id,
    )


def _is_true(mail: OutboxMail, facts: Facts) -> bool:
    registration, meetup = facts.registration, facts.registration.meetup
    if mail.params["move"] != facts.newest.id or registration.status not in ACTIVE:
        return False
    if meetup.state not in TAKES_PLACE or meetup.ends_at <= now():
        return False
    return _is_open(registration) or not mail.params["reminds"]


def _is_open(registration: Registration) -> bool:
    if registration.status is not Status.CONFIRMED:
        return False
    return registrations.is_open(registration)


def _moves(meetups: set[int]) -> dict[int, list[MeetupMove]]:
    """The changes of these meetups, the earliest first."""
    found: dict[int, list[MeetupMove]] = {}
    query = select(MeetupMove).where(MeetupMove.meetup_id.in_(meetups)).order_by(MeetupMove.id)
    for move in db.session.scalars(query):
        found.setdefault(move.meetup_id, []).append(move)
    return found


def _told(ids: Sequence[int]) -> dict[int, int]:
    """The last change of which each was sent a mail, by registration."""
    rows = db.session.execute(
        select(OutboxMail.registration_id, OutboxMail.params).where(
            OutboxMail.registration_id.in_(ids), OutboxMail.kind == MAIL, OutboxMail.state == MailState.SENT
        )
    )
    found: dict[int, int] = {}
    for row in rows:
        found[row.registration_id] = max(found.get(row.registration_id, 0), row.params["move"])
    return found


KINDS = {MAIL: Kind(write, load)}
