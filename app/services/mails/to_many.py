"""The mails of a message that an organizer wrote to many, and how one will look to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import links
from app.clock import now
from app.db import db
from app.domain.writing.mail_texts import filled
from app.domain.writing.messages import MESSAGE_FIELDS, Kind, by_day, subject
from app.models import Cohort, Meetup, Message, OutboxMail, Person, Registration
from app.services.mails import letters
from app.services.mails.letters import Letter, NotYet
from app.services.mails.meetup_values import contact_of, meetup_values
from app.services.mails.messages import one_line, rendered
from app.services.messaging import chosen
from app.services.messaging.sending import MAIL, TEST
from app.services.organizing import stored_filters
from app.services.personal import personal_links

INVENTED = {"ko": "김동문", "en": "Dana Kim"}


@dataclass(frozen=True)
class Somebody:
    """What the fields stand for. `link` is a secret of theirs, and dots where it is only looked at."""

    name: str
    cohort: Cohort | None
    link: str


@dataclass(frozen=True)
class Facts:
    registration: Registration
    message: Message
    may_be_sent: bool


@dataclass(frozen=True)
class Look:
    subject: str
    text: str
    html: str


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Facts]:
    """In as many queries for a batch as for one mail, and one more for each message of it."""
    messages = _messages({mail.of_message for mail in mails if mail.of_message})
    rows = _registrations({mail.registration_id for mail in mails if mail.registration_id})
    may: set[int] = set()
    for message in messages.values():
        may |= _still_chosen(
            message, [mail.registration_id for mail in mails if mail.of_message == message.id]
        )
    return {
        mail.id: Facts(row, about, row.id in may)
        for mail in mails
        if (row := rows.get(mail.registration_id or 0)) and (about := messages.get(mail.of_message or 0))
    }


def write(mail: OutboxMail, facts: Facts | None) -> Letter | None:
    """None where they cancelled meanwhile, withdrew their consent, or nothing is left of the words."""
    if facts is None or not facts.may_be_sent or not facts.message.text.words:
        return None
    if facts.message.kind is Kind.NEWS and by_day(now()) > now():
        raise NotYet
    row = facts.registration
    somebody = Somebody(row.person.name, row.cohort, personal_links.url_of(row))
    return letter(facts.message, row.meetup, somebody, mail.locale)


def load_tests(mails: Sequence[OutboxMail]) -> Mapping[int, tuple[Message, Meetup]]:
    messages = _messages({mail.params["message"] for mail in mails if "message" in mail.params})
    query = select(Meetup).where(Meetup.id.in_({each.meetup_id for each in messages.values()}))
    meetups = {row.id: row for row in db.session.scalars(query.options(joinedload(Meetup.program)))}
    return {
        mail.id: (message, meetups[message.meetup_id])
        for mail in mails
        if (message := messages.get(mail.params.get("message", 0)))
    }


def write_test(mail: OutboxMail, found: tuple[Message, Meetup] | None) -> Letter | None:
    """As it will arrive, with an opt-out that opts nobody out where the mail has one."""
    if found is None:
        return None
    message, meetup = found
    written = letter(message, meetup, invented(meetup, mail.locale), mail.locale)
    return replace(written, values={**written.values, "opt_out": _no_opt_out(message)})


def _no_opt_out(message: Message) -> str | None:
    """In place of the reader's own."""
    return f"{links.base_url()}/opt-outs/…" if message.kind is Kind.NEWS else None


def letter(message: Message, meetup: Meetup, somebody: Somebody, locale: str) -> Letter:
    values = meetup_values(meetup, locale) | {
        "name": somebody.name,
        "cohort": cohort_name(somebody.cohort, locale),
        "link": somebody.link,
    }
    told = {key: str(values.get("title" if key == "meetup" else key) or "") for key in MESSAGE_FIELDS}
    values["own_subject"] = filled(subject(message.kind, message.text.subject, locale), told)
    values["paragraphs"] = filled(message.text.words.read(locale), told).split("\n\n")
    values["sender"] = message.sender
    return Letter(MAIL[message.kind], values, contact_of(meetup))


def look(message: Message, meetup: Meetup, somebody: Somebody, locale: str) -> Look:
    """The mail as it will arrive."""
    with force_locale(locale):
        subject_line, text, html = rendered(letter(message, meetup, somebody, locale), _no_opt_out(message))
    return Look(one_line(subject_line), text, html)


def seen_by(registration_ids: Iterable[int]) -> dict[int, Somebody]:
    """Readers to look at a message with, by registration; the links of their own stay theirs."""
    rows = _registrations(set(registration_ids))
    return {key: Somebody(row.person.name, row.cohort, dots()) for key, row in rows.items()}


def invented(meetup: Meetup, locale: str) -> Somebody:
    return Somebody(INVENTED[locale], next(iter(meetup.cohorts), None), dots())


def dots() -> str:
    return f"{links.base_url()}/r/…"


def cohort_name(cohort: Cohort | None, locale: str) -> str:
    if cohort is None:
        return ""
    with force_locale(locale):
        own = cohort.name_ko if locale == "ko" else cohort.name_en
        return own or str(_("Cohort %(n)s", n=cohort.ordinal))


def _messages(ids: set[int]) -> dict[int, Message]:
    query = select(Message).where(Message.id.in_(ids)).execution_options(populate_existing=True)
    return {row.id: row for row in db.session.scalars(query)}


def _registrations(ids: set[int]) -> dict[int, Registration]:
    meetup = joinedload(Registration.meetup, innerjoin=True).joinedload(Meetup.program, innerjoin=True)
    query = (
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.id.in_(ids))
        .options(
            joinedload(Registration.person, innerjoin=True),
            joinedload(Registration.cohort),
            meetup,
        )
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in db.session.scalars(query)}


def _still_chosen(message: Message, ids: Sequence[Any]) -> set[int]:
    """Those whose registration is still in one of the states that the message was for, and may be sent its kind."""
    meetup = db.session.get_one(Meetup, message.meetup_id)
    states = stored_filters.restored(message.chosen).states
    query = select(Registration.id).where(Registration.id.in_(ids), Registration.status.in_(sorted(states)))
    if message.kind is Kind.NEWS:
        query = query.where(chosen.may_be_sent_news(meetup))
    return set(db.session.scalars(query))


KINDS = dict.fromkeys(MAIL.values(), letters.Kind(write, load)) | {TEST: letters.Kind(write_test, load_tests)}
